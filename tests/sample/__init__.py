"""A small slice for the tests of the mechanism: one FIELD, one EVENT, one CONFIG table and a projection."""
