"""The computers of the practice: who may let one in, which are in, which were shut out."""
