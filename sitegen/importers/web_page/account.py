"""The account of a saved page: the article is in the Markdown, all else is set aside and told by its size."""

import hashlib
from collections.abc import Iterable
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from sitegen.importers.account import Account, Letters
from sitegen.importers.mending import letters
from sitegen.importers.report import SetAside

_IS_CODE = "parent::script or parent::style or parent::template"
_TEXTS = etree.XPath(f".//text()[not({_IS_CODE})]", smart_strings=False)
_CODE = etree.XPath(f".//text()[{_IS_CODE}]", smart_strings=False)
_MAX_EXCERPT = 200


def texts_of(tree: HtmlElement) -> list[str]:
    """Every text of a tree that is no code, in its order."""
    return [text for text in cast(list[str], _TEXTS(tree)) if not text.isspace()]


class PageAccount:
    """One page's characters: first all, then those of the article, then what became of them."""

    def __init__(self, tree: HtmlElement) -> None:
        self._page = texts_of(tree)
        self._code = letters("".join(cast(list[str], _CODE(tree))))
        self._article: list[str] = []
        self._mended: list[str] = []
        self._images: list[str] = []
        self.gone: list[str] = []  # texts that steps on the way took out of the article, whole

    def take_article(self, body: HtmlElement) -> None:
        """The article as it was found in the page."""
        self._article = texts_of(body)

    def take_mended(self, body: HtmlElement) -> None:
        """The article as it will be written."""
        self._mended = texts_of(body)
        self._images = [alt for image in body.iter("img") if (alt := image.get("alt") or "").strip()]

    def settled(self, markdown: str, aside: Iterable[str], calls: Iterable[str], said: Iterable[str]) -> Account:
        """Where every character went; `said` are values of front matter, the title first."""
        account = Account(markdown, (*aside, *self.gone), calls)
        for text in self._mended:
            account.book_text(text)
        for alt in self._images:
            account.check(alt)
        before, after = (letters("".join(texts)) for texts in (self._article, self._mended))
        title, *others = ("".join(value.split()) for value in said)
        outside = self.outside()
        for text in outside:
            word = "".join(text.split())
            account.add("title" if word == title else "metadata" if word in others else "set aside", len(word))
        account.add("mended", before - after)
        rest = letters("".join(self._page)) - before - sum(letters(text) for text in outside)
        account.add("set aside", max(rest, 0) + self._code)
        return account

    def outside(self) -> list[str]:
        """Texts of the page that are not in the article."""
        article = Letters("\n".join(self._article))
        return [text for text in self._page if not article.hold(text)]

    def told(self) -> SetAside | None:
        """What lies outside the article, for the report: how much, how it begins, and a digest of it."""
        outside = self.outside()
        if not outside:
            return None
        text = " ".join(" ".join(outside).split())
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        excerpt = text if len(text) <= _MAX_EXCERPT else f"{text[:_MAX_EXCERPT]}…"
        return SetAside(f"{letters(text):,} characters, SHA-256 {digest}…: {excerpt}", "outside the article")
