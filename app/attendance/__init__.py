"""Who is at work: the time clock, breaks as they are taken, and what the law says of both."""
