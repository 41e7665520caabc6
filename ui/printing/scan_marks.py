"""What our barcodes hold, so that the workstation opens the file when one is scanned."""

from __future__ import annotations


def mark_of(file_number: str) -> str:
    """`AWP` and the file number: what the program takes from a scanner wherever the keyboard is."""
    return f"AWP{file_number}"
