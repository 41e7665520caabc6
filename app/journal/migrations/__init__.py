"""Schema steps, by Alembic; each file of `versions` is named `NNNN_what.py` and its revision is `NNNN`."""
