"""One module a subject, each with `ROUTES`; found by their place, registered nowhere."""
