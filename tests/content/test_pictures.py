import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sitegen.content.pictures import BrokenPictureError, clean_picture, is_picture_name, read_picture
from sitegen.model import Picture


def photo(width: int = 90, height: int = 60, kind: str = "JPEG", **options: Any) -> bytes:
    image = Image.new("RGB", (width, height))
    image.putdata([(x * 255 // width, y * 255 // height, (x * y) % 255) for y in range(height) for x in range(width)])
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1, *, position: bool = True) -> bytes:
    found = Image.Exif()
    found[0x010E] = "The ferry"
    found[0x0112] = orientation
    if position:
        found.get_ifd(0x8825)[1] = "N"
        found.get_ifd(0x8825)[2] = (47.0, 30.0, 12.0)
    return found.tobytes()


def put(tmp_path: Path, data: bytes, name: str) -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_picture_says_its_size(tmp_path: Path, kind: str) -> None:
    assert read_picture(put(tmp_path, photo(kind=kind), "a.jpg"), 100) == Picture(90, 60, kind)


@pytest.mark.parametrize(("orientation", "size"), [(1, (90, 60)), (3, (90, 60)), (6, (60, 90)), (8, (60, 90))])
def test_a_size_is_that_of_the_picture_upright(tmp_path: Path, orientation: int, size: tuple[int, int]) -> None:
    found = read_picture(put(tmp_path, photo(exif=exif(orientation, position=False)), "a.jpg"), 100)
    assert (found.width, found.height) == size
    assert found.is_clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_forgets_where_it_was_taken_and_nothing_else(tmp_path: Path, kind: str) -> None:
    data = photo(kind=kind, exif=exif(6), icc_profile=b"profile" * 20)
    assert not read_picture(put(tmp_path, data, "a.jpg"), 100).is_clean
    cleaned = clean_picture(data, kind)
    found = read_picture(put(tmp_path, cleaned, "b.jpg"), 100)
    assert found.is_clean
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(cleaned)) as after:
        assert 0x8825 not in after.getexif()
        assert after.tobytes() == before.tobytes()
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        if kind == "JPEG":
            assert (after.getexif()[0x0112], after.getexif()[0x010E]) == (6, "The ferry")


def test_a_position_in_xmp_goes_too(tmp_path: Path) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>47,30N</exif:GPSLatitude></x:xmpmeta>'
    data = photo(xmp=xmp)
    assert not read_picture(put(tmp_path, data, "a.jpg"), 100).is_clean
    assert b"GPS" not in clean_picture(data, "JPEG")


def test_a_picture_whose_position_cannot_be_taken_out_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(BrokenPictureError) as told:
        read_picture(put(tmp_path, photo(kind="AVIF", exif=exif()), "a.avif"), 100)
    assert told.value.is_harmful


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.webp"])
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"<html>", photo()[:900], photo(kind="PNG")[:-60], photo(kind="WEBP")[:100]]
)
def test_a_broken_picture_is_told(tmp_path: Path, data: bytes, name: str) -> None:
    with pytest.raises(BrokenPictureError) as told:
        read_picture(put(tmp_path, data, name), 100)
    assert not told.value.is_harmful
    assert "broken" in told.value.message


def bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(60_000, 60_000), (1, 100_000_001)])
def test_a_picture_that_is_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(BrokenPictureError) as told:
        read_picture(put(tmp_path, bomb(*size), "a.png"), 100)
    assert told.value.is_harmful


def test_a_film_in_a_gif_is_no_still(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (90, 60), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert not read_picture(put(tmp_path, out.getvalue(), "a.gif"), 100).is_still


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('width="90" height="60px"', (90, 60)), ('viewBox="0 0 90 60.4"', (90, 60)), ("", (0, 0)),
        ('width="100%" height="1em" viewBox="0,0,9,6"', (9, 6)), ('viewBox="x"', (0, 0)),
    ],
)  # fmt: skip
def test_a_drawing_says_its_size(tmp_path: Path, head: str, size: tuple[int, int]) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><path d="M0 0"/></svg>'.encode()
    found = read_picture(put(tmp_path, data, "a.svg"), 100)
    assert ((found.width, found.height), found.is_still, found.is_clean) == (size, False, True)


def test_a_drawing_with_a_script_loses_it_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><path d="M0 0"/></svg>'
    assert not read_picture(put(tmp_path, data, "a.svg"), 100).is_clean
    assert b"script" not in clean_picture(data, "SVG")
    with pytest.raises(BrokenPictureError):
        read_picture(put(tmp_path, b"<html/>", "b.svg"), 100)


def test_pictures_are_known_by_their_names() -> None:
    assert [is_picture_name(name) for name in ("a/b.JPG", "a.svg", "jpg", "a.mp3", "a.jpg.txt")] == [
        True,
        True,
        False,
        False,
        False,
    ]
