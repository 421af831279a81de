"""What a medium is by its first bytes, whatever it is called."""

import re

HEAD = 512
# Endings by type; the first is given to a file that has none of them.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"), "image/png": (".png", ".apng"), "image/gif": (".gif",),
    "image/webp": (".webp",), "image/avif": (".avif",), "image/heic": (".heic", ".heif"), "image/bmp": (".bmp",),
    "image/tiff": (".tif", ".tiff"), "image/x-icon": (".ico",), "image/svg+xml": (".svg",),
    "audio/mpeg": (".mp3", ".mp2", ".mpga"), "audio/ogg": (".ogg", ".oga", ".opus", ".ogv"), "audio/flac": (".flac",),
    "audio/wav": (".wav",), "audio/mp4": (".m4a", ".m4b"), "audio/midi": (".mid", ".midi"),
    "video/mp4": (".mp4", ".m4v", ".mov", ".3gp"), "video/webm": (".webm", ".mkv", ".weba"),
    "video/x-msvideo": (".avi",),
    "video/mpeg": (".mpg", ".mpeg"), "video/x-flv": (".flv",), "video/x-ms-asf": (".wmv", ".wma", ".asf"),
    "application/pdf": (".pdf",),
}  # fmt: skip
MEDIA_SUFFIXES = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"), (b"%PDF-", "application/pdf"), (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"), (b"MThd", "audio/midi"), (b"\x1aE\xdf\xa3", "video/webm"), (b"\0\0\1\xba", "video/mpeg"),
    (b"\0\0\1\xb3", "video/mpeg"), (b"FLV\1", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
)  # fmt: skip
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic",
           b"mif1": "image/heic", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_MPEG_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfd][\x10-\xef]", re.DOTALL)
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]", re.DOTALL)


def media_type(head: bytes) -> str:
    """Type of a file that starts with these bytes; "" for what is no picture, sound, film or PDF."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _MPEG_FRAME.match(head):
        return "audio/mpeg"
    return "image/svg+xml" if _SVG.match(head) else ""


def fits(name: str, kind: str) -> bool:
    """Whether a host that goes by endings serves the file as what it is, or as something of its kind."""
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in SUFFIXES.get(kind, ()):
        return True
    served = next((other for other, suffixes in SUFFIXES.items() if suffix in suffixes), "")
    # Browsers look at the bytes of pictures; a drawing is the one kind that they would not take for a picture.
    return served.split("/")[0] == kind.split("/")[0] == "image" and "image/svg+xml" not in (served, kind)
