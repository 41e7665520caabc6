"""Everything that talks to another machine. Implements the ports that `app` declares; imports no Qt."""
