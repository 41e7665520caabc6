"""A stand-alone DICOM viewer library; it imports nothing of app, sync or ui."""
