"""Topics: words for what a page may read of the catalog, such as "term:tag:rivers" or "period:2024-09".

Queries of the catalog note the topics they answer, changes note those they touch; so a part of the plan whose topics
are untouched need not be planned again. To touch too much costs time, to touch too little would make pages wrong.
"""

ALL = "all"  # whatever any list shows, but terms
TERMS = "terms"  # which terms there are, and how often; the tags of any article
COUNTS = "counts"  # how many articles each bucket has
BODIES = "bodies"  # whatever is known of any article
ALIASES, ASSETS, COMMENTS, POLLS, UNDATED = "aliases", "assets", "comments", "polls", "undated"
UNDATED_TAGS = "tags of the undated"
WITHDRAWN = "withdrawn"  # articles that were taken back
HIDDEN = "hidden"  # those, and the ones that are to appear later
SECTION_NAMES = "section names"
WORDS = "words"  # those of any article, and what a result shows of it
RAW_FOLDER = "raw folder:"  # and its path: which files it has; touched when it has others
REACH = 8  # how many articles before its own a page may look at within a term
NEWEST = 20  # how many of its newest articles a list is asked for by who sees their tags: as many as feeds have
BESIDE = 500  # of its newest articles a tag looks at for the tags beside it
MOST_BESIDE = 12  # of these that it shows


def counts_in(month: str) -> str:
    """How many articles each bucket of a month has."""
    return f"counts:{month}"


def records_of(bucket: str) -> str:
    """What is known of the articles of a bucket; "bucket:" and its name is that and what stands around them."""
    return f"records:{bucket}"


def newest_in(topic: str) -> str:
    """What is read beside `topic` by whoever sees the tags of its newest articles (at most NEWEST)."""
    return f"newest in {topic}"


def read_by_newest(topic: str, count: int) -> tuple[str, str]:
    """What is read by whoever asks for so many of the newest articles of a list, and sees their tags."""
    return topic, newest_in(topic) if count <= NEWEST else TERMS


def beside(term: str) -> str:
    """What is read beside "term:tag:" and its name by whoever sees the tags that go with it."""
    return f"beside:{term}"


def words_in(date: str) -> str:
    """The words of the articles of a month, and what a result shows of them; of those without a date."""
    return f"words:{date[:7]}"


def periods_of(date: str) -> tuple[str, ...]:
    """The year and month of an article with this date, or those that have none."""
    return tuple(f"period:{date[:length]}" for length in (4, 7)) if date else (UNDATED,)
