"""The command line, generated from the registry."""
