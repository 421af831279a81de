"""The way in: raw articles become articles."""
