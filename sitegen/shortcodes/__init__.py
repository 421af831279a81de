"""Shortcodes: calls in square brackets that draw something, whole or damaged, in WordPress's grammar."""
