"""Colours of the theme, and whether text in them can be read (WCAG 2.2, AA)."""

import re

LIGHT_PAPER, DARK_PAPER = "#fdfcf8", "#171614"  # as the style sheet has them
DARK_ACCENT = "#f0a196"
ENOUGH = 4.5
_STEPS = 64


def is_colour(text: str) -> bool:
    """Whether it is a colour as we take it: `#8a1c14`."""
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(paper: str, colour: str) -> str:
    """The colour, mixed with as much black or white as it takes to be read on that paper."""
    towards = 255 if _luminance(paper) < 0.2 else 0
    channels = _channels(colour)
    for step in range(_STEPS + 1):
        mixed = [round(channel + (towards - channel) * step / _STEPS) for channel in channels]
        found = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(found, paper) >= ENOUGH:
            break
    return found


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
