"""Pictures of the content folder: what their files say of them, and their bytes without what nobody should learn."""

import re
import struct
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from sitegen.model import Picture

_DRAWINGS = frozenset({".svg"})
PICTURE_SUFFIXES = (
    frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff"}) | _DRAWINGS
)
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
_CLEANED = frozenset({"JPEG", "PNG", "WEBP", "SVG"})
_MIB = 1 << 20
_ORIENTATION, _POSITION = 0x0112, 0x8825
_SIDEWAYS = (5, 6, 7, 8)
_NUMBER = re.compile(r"\s*(\d{1,5}(?:\.\d+)?)(?:px)?\s*")
# Whatever a broken file makes a decoder stumble over.
DECODING_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, ArithmeticError, AttributeError,
    struct.error, zlib.error, MemoryError,
)  # fmt: skip


class BrokenPictureError(Exception):
    """A file that is called a picture and can't be shown as one."""

    def __init__(self, message: str, hint: str, *, is_harmful: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint, self.is_harmful = message, hint, is_harmful


def is_picture_name(path: str) -> bool:
    """Whether a file is called like a picture."""
    return PurePosixPath(path).suffix.lower() in PICTURE_SUFFIXES


def read_picture(file: Path, megapixels: float) -> Picture:
    """What a picture's file says; all of it is decoded once, so that what is made of it later can be made.

    Raises BrokenPictureError for what is broken, and for what would take more memory than a browser should give.
    """
    if file.suffix.lower() in _DRAWINGS:
        return _read_drawing(file.read_bytes())
    try:
        from PIL import Image
    except ImportError:
        raise BrokenPictureError("Pillow is not installed", "pip install pillow") from None

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and checked before anything is decoded
    try:
        with Image.open(file, formats=_FORMATS) as image:
            width, height = image.size
            if width * height > megapixels * 1_000_000:
                message = f"the picture has {width:,} x {height:,} pixels, more than {megapixels:g} million"
                hint = "make it smaller, or raise megapixels in [images]"
                raise BrokenPictureError(message, hint, is_harmful=True)
            kind = image.format or ""
            exif = image.getexif()
            is_clean = _POSITION not in exif and b"GPS" not in _xmp(image)
            is_sideways = exif.get(_ORIENTATION) in _SIDEWAYS
            is_still = not getattr(image, "is_animated", False)
            image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
            image.load()
    except DECODING_ERRORS as error:
        said = "it can't be read as one" if str(file) in str(error) else str(error).partition("\n")[0][:120]
        message = f"the picture is broken: {said}"
        raise BrokenPictureError(message, "look for a whole copy of it") from None
    if not is_clean and kind not in _CLEANED:
        message = "the picture tells where it was taken, and can't be made to forget it"
        raise BrokenPictureError(message, "save it as JPEG, PNG or WebP", is_harmful=True)
    if is_sideways:
        width, height = height, width
    return Picture(width, height, kind, is_still=is_still, is_clean=is_clean)


def clean_picture(data: bytes, kind: str) -> bytes:
    """The same picture, pixel for pixel, without the place where it was taken; a drawing without what could run."""
    match kind:
        case "JPEG":
            return _clean_jpeg(data)
        case "PNG":
            return _clean_png(data)
        case "WEBP":
            return _clean_webp(data)
        case "SVG":
            return _clean_svg(data) or b""
        case _:
            return data


def _xmp(image: Any) -> bytes:
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found.encode("utf-8", "replace") if isinstance(found, str) else bytes(found)


def _clean_svg(data: bytes) -> bytes | None:
    from sitegen.content.svg import clean_svg  # with lxml, for which most sites have no use

    return clean_svg(data)


def _read_drawing(data: bytes) -> Picture:
    cleaned = _clean_svg(data)
    if cleaned is None:
        message = "the drawing is no SVG that can be shown without danger"
        raise BrokenPictureError(message, "save it anew as plain SVG", is_harmful=True)
    from lxml import etree

    root = etree.fromstring(cleaned, etree.XMLParser(resolve_entities=False, no_network=True))
    sizes = [_NUMBER.fullmatch(str(root.get(name, ""))) for name in ("width", "height")]
    if sizes[0] and sizes[1]:
        width, height = float(sizes[0][1]), float(sizes[1][1])
    else:
        box = re.split(r"[\s,]+", str(root.get("viewBox", "")).strip())
        numbers = [_NUMBER.fullmatch(part) for part in box[2:4]]
        found = [float(number[1]) for number in numbers if number]
        width, height = (found[0], found[1]) if len(found) == 2 else (0.0, 0.0)
    return Picture(round(width), round(height), "SVG", is_still=False, is_clean=cleaned == data)


def _clean_jpeg(data: bytes) -> bytes:
    """Its segments, without the position in Exif and without XMP that holds one."""
    pieces, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker = data[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:  # fill bytes, and signs without a length
            end = at + (1 if marker == 0xFF else 2)
        else:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at:end]
        if marker == 0xE1:
            segment = _clean_segment(segment)
        pieces.append(segment)
        at = max(end, at + 1)
    return b"".join([*pieces, data[at:]])


def _clean_segment(segment: bytes) -> bytes:
    if not segment[4:].startswith(b"Exif\0\0"):
        return b"" if b"GPS" in segment else segment
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(segment[4:])
        if _POSITION not in exif:
            return segment
        orientation = exif.get(_ORIENTATION)
        del exif[_POSITION]
        written = exif.tobytes()
    except DECODING_ERRORS:
        orientation, written = None, b""
    if not written or len(written) > 65_000:
        exif = Image.Exif()
        if isinstance(orientation, int):
            exif[_ORIENTATION] = orientation
        written = exif.tobytes()
    return b"\xff\xe1" + (len(written) + 2).to_bytes(2, "big") + written


def _clean_png(data: bytes) -> bytes:
    pieces, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name, chunk = data[at + 4 : at + 8], data[at:end]
        if name != b"eXIf" and not (name in (b"tEXt", b"zTXt", b"iTXt") and _tells_position(chunk)):
            pieces.append(chunk)
        at = end
    return b"".join(pieces)


def _tells_position(chunk: bytes) -> bool:
    keyword = chunk[8:].split(b"\0", 1)[0]
    return b"GPS" in chunk or keyword.startswith((b"Raw profile type", b"XML:com.adobe.xmp"))


def _clean_webp(data: bytes) -> bytes:
    pieces, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        name, chunk = data[at : at + 4], data[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0b0000_1100]) + chunk[9:]  # neither Exif nor XMP follows
        if name not in (b"EXIF", b"XMP "):
            pieces.append(chunk)
        at = end
    body = b"WEBP" + b"".join(pieces)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
