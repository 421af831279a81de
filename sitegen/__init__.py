"""sitegen rescues piles of raw articles and turns them into a static archive."""

__version__ = "0.1.0"
