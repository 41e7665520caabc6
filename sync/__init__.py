"""Everything that talks to another machine; it implements the ports that app declares."""
