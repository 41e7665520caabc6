"""Ids, clock, money, units, languages, errors, settings, jobs, database and sealed files: knows no subject."""
