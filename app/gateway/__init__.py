"""The DICOM gateway: which devices may talk to the clinic, what they sent, and the worklist that they are given."""
