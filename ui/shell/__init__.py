"""The main window and what every screen stands in."""
