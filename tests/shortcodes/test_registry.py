"""Shortcodes by name, built in or installed."""

import importlib.metadata
from importlib.metadata import EntryPoint

import pytest
from msgspec import Struct

from sitegen.shortcodes import registry
from sitegen.shortcodes.caption import CaptionShortcode
from sitegen.shortcodes.poll import PollShortcode
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls


class Likes(Struct, frozen=True):
    number: int


class LikesShortcode:
    names: tuple[str, ...] = ("likes", "poll")
    template = "shortcodes/likes.html"
    block = False

    def read(self, call: Call) -> Likes:
        return Likes(int(call.named["n"]))


@pytest.fixture
def installed(monkeypatch):
    """LikesShortcode as another package would offer it."""
    point = EntryPoint("likes", f"{__name__}:LikesShortcode", registry.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group == registry.GROUP else [])
    registry._installed.cache_clear()
    yield
    registry._installed.cache_clear()


def test_built_in_shortcodes_are_known_by_all_their_names():
    assert isinstance(shortcode_for("poll"), PollShortcode)
    assert shortcode_for("expert_review_poll") is shortcode_for("poll")
    assert isinstance(shortcode_for("wp_caption"), CaptionShortcode)
    assert is_known("caption")


def test_a_name_that_nobody_offers_is_unknown():
    assert shortcode_for("likes") is None
    assert not is_known("likes")


def test_an_installed_package_adds_a_shortcode_but_replaces_none(installed):
    (call,) = find_calls("[likes n=3]", is_known)
    assert shortcode_for("likes").read(call) == Likes(3)
    assert isinstance(shortcode_for("poll"), PollShortcode)
