"""The preview server and its small browser client."""
