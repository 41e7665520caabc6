"""Geometry, presentation and marks as data. No Qt, no VTK."""
