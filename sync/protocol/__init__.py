"""What workstations and the server say to each other, and how an operation travels. No network here."""
