"""Qt screens, one folder a subject, mirroring app."""
