"""Marks in and out as DICOM objects, de-identification, and files of landmarks. No Qt, no VTK."""
