"""Hanging protocols: which images stand where, chosen by scored rules that are data."""
