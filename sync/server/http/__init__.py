"""The server's door: HTTP over TLS, one signature under each request. Routes stand in `routes`, as data."""
