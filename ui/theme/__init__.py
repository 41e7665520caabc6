"""Tokens, fonts, icons and style: the visual language in code."""
