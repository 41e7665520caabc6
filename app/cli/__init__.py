"""The command line: every verb is data, and what can be done and asked comes from the registry. No Qt here."""
