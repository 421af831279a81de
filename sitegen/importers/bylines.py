"""Who wrote an article, as its lines say it."""

import re

from sitegen.importers.phrases import Begun, Phrase, begun
from sitegen.importers.shapes import ends_sentence

_MAX_NAME = 60
_AND = "et and und y e i и та й ו och og en ja ve a și és και و".replace(" ", "|")
_NAME_SEPARATOR = re.compile(rf"\s*[,;&،、，]\s*|\s+(?:{_AND})\s+|\s+و(?=\w)")
_PARTICLES = "de du da del di van von der den ter al el ibn bin bint la le dos das do av af zu zur d['’]\\S+"
_NAME_PART = rf"(?:[^\W\d_a-z]\S*|{_PARTICLES.replace(' ', '|')})"
_NAME = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART}){{0,5}}")
_ROLE = re.compile(
    r"(?:(?:staff|senior|chief|special|political|science|sports?)\s+)?(?:writer|reporter|correspondent|editor|journalist"
    r"|journaliste|correspondante?|envoyée? spéciale?|reporterin|redakteur(?:in)?|korrespondent(?:in)?|redacci[oó]n"
    r"|corresponsal|redazione|корреспондент)(?:\s+.{1,40})?|AFP|AP|Reuters|dpa|ANSA|EFE|TASS|ТАСС|PAP|ANP|TT|NTB|agences?|agencias?",
    re.IGNORECASE,
)


def names_of_byline(found: Begun) -> tuple[str, ...]:
    """Names behind a "By"; none if what stands there are no names."""
    rest = found.rest.rstrip(" .") if found.has_colon else found.rest
    if not rest or len(rest) > 90 or ends_sentence(rest):
        return ()
    names = [name for name in _NAME_SEPARATOR.split(rest) if name]
    people = [name for name in names if not _ROLE.fullmatch(name)]
    if names and not people:
        return tuple(names)  # an agency
    is_uncased = not any(char.isupper() or char.islower() for char in rest)
    if is_uncased and (len(rest.split()) > 8 or any(len(name) > 32 for name in people)):
        return ()
    if not found.has_colon and not is_uncased and any(" " not in name for name in people):
        return ()  # "De Gaulle", "Da Vinci": names that begin with a "by" of some language
    return tuple(people) if all(map(_is_name, people)) else ()


def names_beside_date(rest: str) -> tuple[str, ...]:
    """Authors in what a line says beside its dates: "By Ada Winter, published on"."""
    for part in re.split(r"\s*[|•·–—]\s*|,\s*(?=\S+\s*\|)|,\s*$", rest.strip(" |,")):
        part = part.strip(" ,")
        if (found := begun(part)) and found.phrase is Phrase.BYLINE:
            names = names_of_byline(found._replace(rest=_until_label(found.rest)))
            if names:
                return names
    return ()


def _is_name(name: str) -> bool:
    return len(name) <= _MAX_NAME and bool(_NAME.fullmatch(name)) and name[:1].upper() == name[:1]


def _until_label(text: str) -> str:
    head, _, tail = text.rpartition(",")
    return head if head and tail.strip()[:1].islower() else text
