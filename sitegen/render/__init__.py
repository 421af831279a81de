"""From a page to its bytes."""
