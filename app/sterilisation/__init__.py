"""Sterilisation: cycles with their parameters and indicators, release, and which pack was opened for whom."""
