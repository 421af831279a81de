"""Web pages as a browser saved them: the article among all else."""
