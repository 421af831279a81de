"""Content files on disk, and the catalog of their entries."""
