"""Qt widgets that show images."""
