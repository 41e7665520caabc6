"""Who works here: staff, roles, passwords and PINs, sign-in sessions, the reading of the audit trail."""
