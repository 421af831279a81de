"""The encoding of a saved page: what its bytes are, whatever it says of itself."""

import codecs
import re

from sitegen.importers.repair import Decoded, NotTextError, decode_raw
from sitegen.importers.report import Guess

_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# What browsers read these names as.
_READ_AS = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip


def decode_page(data: bytes, *, mojibake: bool = True) -> Decoded:
    """Text of a page in the encoding that it names, if its bytes are that; else in the one they look like.

    Bytes that are UTF-8 are read so whatever the page says: browsers save in it and leave the old name standing.
    What was read in a wrong encoding before it was saved is read back, unless `mojibake` is False.
    """
    named = _named_encoding(data)
    if (
        named
        and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and not _is_utf8(data)
    ):
        try:
            decoded = decode_raw(data.decode(named).encode(), mojibake=mojibake)
        except (UnicodeError, LookupError):
            decoded = decode_raw(data, mojibake=mojibake)
        else:
            guess = Guess("encoding", named, "the page says so, and its bytes fit", 0.95)
            decoded = decoded._replace(encoding=named, guesses=(guess,))
    else:
        decoded = decode_raw(data, mojibake=mojibake)
    controls = sum(char < " " and char not in "\t\n\r\f" for char in decoded.text[:20_000])
    if controls > len(decoded.text[:20_000]) / 50:
        raise NotTextError("control characters")
    return decoded


def _named_encoding(data: bytes) -> str:
    match = _CHARSET.search(data[:8192])
    if not match:
        return ""
    name = (match[1] or match[2]).decode("ascii", "replace").lower()
    name = _READ_AS.get(name, name)
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except LookupError:
        return ""
    return (
        name
        if is_text
        and name not in ("utf-7", "utf-16", "utf-32", "unicode_escape", "raw_unicode_escape", "idna", "punycode")
        else ""
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
