"""The clinic's bucket: where it is, what may go there, what is there, what that saves, and for how long it is kept."""
