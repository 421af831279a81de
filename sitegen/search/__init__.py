"""Full-text search: words of articles, and the files in which a browser finds them."""
