"""Signs that calls are written with, and that damage puts into them; as parts of regular expressions."""

DOUBLE_MARKS = '"“”„‟«»″〃＂'
SINGLE_MARKS = "'‘’‚‛′"
# Soft hyphen, zero width, bidi marks, word joiner, byte order mark: what copying and wrapping leave behind.
INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
WIDE_SPACES = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
