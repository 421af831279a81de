"""The way out: a built tree goes to a host."""
