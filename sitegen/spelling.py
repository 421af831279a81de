"""What was probably meant by a word that nobody knows."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.5) -> str:
    """A hint at the known word that is most like it, from 0 to 1 at least so much; "" where none is."""
    from difflib import get_close_matches  # most of what is written is right

    near = get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f'did you mean "{near[0]}"?' if near else ""
