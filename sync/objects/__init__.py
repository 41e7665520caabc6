"""The bucket: stores behind one interface, transfers that survive everything, links, and tests in words."""
