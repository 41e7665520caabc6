"""Copies that are kept elsewhere: encrypted backups of a data folder, and the way back from one."""
