"""Taking in what a clinic kept in its old system: CSV files and a folder of images, in one step that can be undone."""
