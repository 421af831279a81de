"""Pictures in pages: their HTML, with sizes and renditions; and the renditions themselves."""

import contextlib
import hashlib
import html as html_module
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from markupsafe import escape

from sitegen.content.pictures import DECODING_ERRORS, clean_picture
from sitegen.contexts import ShownPicture
from sitegen.model import ROOT, Rendition
from sitegen.outputs.tree import write_file
from sitegen.sealed import opened, seal

_IMAGE = re.compile(r"<img\b[^<>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_MEASURE = 672  # pixels that a wide screen has for a picture in a text
_SIZES = "(min-width: 46em) 42em, 100vw"
_SAFE = f"/{ROOT}"  # in an address
_AVIF_SPEED = 9  # slower ones take five times as long for a twentieth of the bytes
_WEBP_METHOD = 4


def with_pictures(html: str, pictures: dict[str, ShownPicture], href: Callable[[str], str]) -> str:
    """HTML in which pictures have their sizes and renditions, and wait with their bytes until they are near.

    `pictures` are known by what stands in `src`. The first one of a body does not wait: it may be all that is seen.
    """
    if "<img" not in html:
        return html
    seen = 0

    def written(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        attributes = dict(_ATTRIBUTE.findall(match[0]))
        picture = pictures.get(unquote(html_module.unescape(attributes.get("src", ""))))
        return _image(match[0], attributes, picture, href, is_first=seen == 1)

    return _IMAGE.sub(written, html)


def lead_picture(picture: ShownPicture, href: Callable[[str], str]) -> str:
    """HTML of an article's own picture."""
    address = href(picture.path)
    tag = f'<img alt="" src="{escape(quote(address, _SAFE))}">'
    return with_pictures(tag, {address: picture}, href)


def make_rendition(file: Path, digest: str, rendition: Rendition, cache: Path) -> bytes:
    """A picture in another size and format; made once, and kept in `cache` under the digest of the picture.

    Raises OSError if the file is no longer the one of this digest, or can't be decoded.
    """
    name = f"{digest}-{rendition.width}-{rendition.quality}{'-lossless' * rendition.is_lossless}.{rendition.format}"
    kept = cache / digest[:2] / name
    with contextlib.suppress(OSError):
        if (whole := opened(kept.read_bytes())) is not None:
            return whole
    made = _encoded(_same_bytes(file, digest), rendition)
    write_file(cache, f"{digest[:2]}/{name}", seal(made))
    return made


def cleaned_file(file: Path, digest: str, kind: str) -> bytes:
    """A picture's bytes without what nobody should learn; raises OSError if it is another file now."""
    return clean_picture(_same_bytes(file, digest), kind)


def _same_bytes(file: Path, digest: str) -> bytes:
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise OSError(f"{file.name} changed while the site was built; build again")
    return data


def _encoded(data: bytes, rendition: Rendition) -> bytes:
    from PIL import Image, ImageOps

    out = BytesIO()
    Image.MAX_IMAGE_PIXELS = None  # the scan has looked at its size
    try:
        with Image.open(BytesIO(data)) as opened:
            opened.draft("RGB", (rendition.width * 2, rendition.width * 2))
            image: Any = ImageOps.exif_transpose(opened)
            profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA", "L", "P") else None
            is_lossless = rendition.is_lossless or image.mode == "P"
            image = _in_colours(image)
            height = max(1, round(image.height * rendition.width / image.width))
            if image.width != rendition.width:
                image = image.resize((rendition.width, height), Image.Resampling.LANCZOS)
            options: dict[str, Any] = {"quality": rendition.quality, "icc_profile": profile, "exif": b""}
            if rendition.format == "webp":
                image.save(out, "WEBP", method=_WEBP_METHOD, lossless=is_lossless, **options)
            else:
                image.save(out, "AVIF", speed=_AVIF_SPEED, max_threads=1, **options)
    except DECODING_ERRORS as error:
        raise OSError(f"the picture can't be shown as {rendition.format}: {error}") from None
    return out.getvalue()


def _in_colours(image: Any) -> Any:
    if image.mode in ("RGB", "RGBA"):
        return image
    has_alpha = "A" in image.mode or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _image(
    tag: str, attributes: dict[str, str], picture: ShownPicture | None, href: Callable[[str], str], *, is_first: bool
) -> str:
    added = {} if is_first or "loading" in attributes else {"loading": "lazy"}
    if "decoding" not in attributes:
        added["decoding"] = "async"
    if picture is not None:
        added |= _size(attributes, picture)
    said = "".join(f' {name}="{value}"' for name, value in added.items())
    head = tag.removesuffix(">").rstrip().removesuffix("/").rstrip()
    ending = " />" if tag.endswith("/>") else ">"
    image = f"{head}{said}{ending}"
    if picture is None or not picture.sources:
        return image
    wide = (attributes | added).get("width", "")
    sizes = f"min({wide}px, 100vw)" if wide.isdigit() and int(wide) < _MEASURE else _SIZES
    sources = "".join(
        f'<source type="{source.type}" srcset="{_srcset(source.files, href)}" sizes="{sizes}">'
        for source in picture.sources
    )
    return f"<picture>{sources}{image}</picture>"


def _size(attributes: dict[str, str], picture: ShownPicture) -> dict[str, str]:
    """Width and height, of which a writer may have given one."""
    if not picture.width or not picture.height or ("width" in attributes and "height" in attributes):
        return {}
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if width.isdigit():
        return {"height": str(round(int(width) * picture.height / picture.width))}
    if height.isdigit():
        return {"width": str(round(int(height) * picture.width / picture.height))}
    return {"width": str(picture.width), "height": str(picture.height)} if not width and not height else {}


def _srcset(files: tuple[tuple[int, str], ...], href: Callable[[str], str]) -> str:
    return ", ".join(f"{_listed(href(path))} {width}w" for width, path in files)


def _listed(address: str) -> str:
    """An address in a list with commas and spaces between."""
    return str(escape(quote(address, _SAFE).replace(",", "%2C")))
