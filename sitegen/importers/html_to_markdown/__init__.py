"""HTML becomes Markdown of our dialect; what Markdown cannot say stays as HTML, and what is dropped is told.

The tree is walked once. A run of inline pieces is a paragraph; a block that Markdown has no form for (a table with
joined cells, a list with a table in it) is written as HTML as a whole.
"""

from sitegen.importers.html_to_markdown.convert import Converted, markdown_of_html
from sitegen.importers.html_to_markdown.inline import Picture
from sitegen.importers.html_to_markdown.tree import text_of_fragment

__all__ = ["Converted", "Picture", "markdown_of_html", "text_of_fragment"]
