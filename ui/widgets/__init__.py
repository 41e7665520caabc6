"""Controls shared by every screen."""
