"""One file a command: the imperative shell around the hall."""
