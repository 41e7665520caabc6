"""A slice from outside with entries of the shape that a ledger has: immutable, with an amount."""
