"""The workstation's side: what it has sent and received, and the engine that decides what to say next."""
