"""From DICOM bytes to displayable arrays. No Qt, no VTK."""
