"""The wizard of a first start: a real clinic or the demonstration, from nothing to the sign-in screen."""
