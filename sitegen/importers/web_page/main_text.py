"""The article of a saved web page: its body as clean HTML, without what the page drew around it."""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement
from msgspec import Struct

from sitegen.importers.report import SetAside

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MEDIA = frozenset(("img", "iframe", "embed", "object", "video", "audio", "picture", "svg", "math", "amp-img"))
_NEVER_TEXT = frozenset(("script", "style", "noscript", "template", "link", "meta", "base", "title"))
_CONTROLS = frozenset(("button", "input", "select", "textarea", "form", "fieldset", "dialog", "menu"))
_AROUND = frozenset(("nav", "aside", "footer"))
_KEPT_WHOLE = frozenset(("html", "body", "main", "article"))

# Words of class names and ids. A block with one of them is furniture of the page: in its language, or in the
# English that most templates are written in.
_FURNITURE = frozenset(
    "ad ads adbox adblock adsense advert advertisement advertising adv anzeige werbung pub publicite publicidad"
    " breadcrumb breadcrumbs crumbs comment comments commentlist commentaires kommentare comentarios commenti disqus"
    " respond cookie cookies consent gdpr newsletter newsletters subscribe subscription signup optin paywall"
    " regwall upsell outbrain taboola share shares sharing sharebar sharedaddy sharetools social socials addthis"
    " sharethis partage teilen compartir condividi related relateds recommended recommendation recommendations"
    " recirculation recirc sponsor sponsored promo promos promotion masthead nav navbar navigation menu pager"
    " pagination popup modal overlay lightbox skyscraper taglist tagcloud toolbar trending popular mostread toc"
    " ratings rating likes reactions skip bounce teaser teasers infobox readmore agegate shoutbox embedcode loading"
    " widget widgets replies remark notice printonly noprint".split()
)
# The same, but weaker: such words also stand on parts of an article ("entry-header", "content-sidebar-left").
_WEAK_FURNITURE = frozenset(
    "sidebar side rail footer header banner tools extra extras meta byline author bio tags tag topics"
    " category categories keywords taxonomy supplemental signature syndication rss legend info credits more links"
    " links marginalia print email feedback follow tab tabs pullquote correction utility hidden".split()
)
_BODY_WORDS = frozenset(
    "article articlebody artikel articulo nota body content contenu inhalt contenido entry post story text texte"
    " texto hentry main column page blog prose corps cuerpo blogpost posttext bodytext storytext".split()
)
_AT_THE_END = re.compile(
    r"^(?:related(?: (?:articles|posts|stories|content|links))?|you (?:may|might) also (?:like|enjoy)"
    r"|read (?:more|next|also)|more (?:from|on|stories|about)\b.*|most (?:read|popular)|recommended(?: for you)?"
    r"|see also|share this(?: article| post)?|(?:à )?lire aussi|à découvrir|sur le même (?:thème|sujet)"
    r"|dans la même rubrique|les plus lus|articles liés|mehr zum thema|lesen sie auch|auch interessant"
    r"|weitere artikel|das könnte (?:sie|dich) auch interessieren|meistgelesen|(?:también )?te puede interesar"
    r"|lee también|noticias relacionadas|más leídas|leggi anche|articoli correlati|leia (?:também|mais)|lees ook"
    r"|meer over|czytaj (?:też|także)|читайте также|по теме|اقرأ أيض(?:ا|ًا|اً)|مواضيع ذات صلة|関連記事|相关阅读)\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Long words are also found at the start of compounds: "relatedposts", "sharebar", "commentform".
_FURNITURE_STEM = re.compile(
    r"(?:related|share|sharing|comment|kommentar|newsletter|subscri|advert|breadcrumb|sponsor|recommend|paywall|social"
    r"|promo|cookie|disqus|popup|teaser|widget|outbrain|taboola|addthis)"
)
_COMMENTS = frozenset(
    "comments commentlist commentarea commentaires kommentare comentarios commenti disqus respond".split()
)
_STATES = frozenset("has with without no is not open closed enabled disabled active on off".split())
_BYLINE = frozenset(
    "byline author authors auteur autor autorin signature date dateline timestamp time meta posted".split()
)
_LABEL = re.compile(
    r"^(?:advertise?ment|advertising|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie|reklama|реклама"
    r"|إعلان|広告|广告|sponsored(?: content)?|powered by \S+)\W*$",
    re.IGNORECASE,
)
_COMMA = re.compile("[,،，、;；؛]|\\. ")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔]['\"”»’)\]]*(?:\s|$)")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"\w+")
_LEAST_BLOCK = 25
_MAX_ASIDE = 200
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z][\w-]*")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LAYOUT_TAG = re.compile(
    r"<(/?)(?:div|section|article|center|blockquote|ul|ol|li|table|tbody|tr|td)\b[^<>]*>", re.IGNORECASE
)
_INLINE_TAG = re.compile(
    r"</?(?:span|font|b|i|u|em|strong|small|big|a|sub|sup|tt|code|ins|del|s)\b[^<>]*>", re.IGNORECASE
)


class MainText(Struct, frozen=True):
    """The body of an article, and how it was found."""

    html: str
    found: str
    confidence: float  # 0 to 1
    set_aside: tuple[SetAside, ...] = ()
    text: str = ""
    tree: HtmlElement | None = None  # what `html` was written from; its elements know their lines in the page


def main_html(page: HtmlElement | str, url: str = "") -> MainText:
    """The body of the article of a page; an empty one where there is no text at all."""
    tree = parse_page(page) if isinstance(page, str) else copy.deepcopy(page)
    said = _said_body(tree)
    aside: list[SetAside] = []
    title, summary = _headline(tree), _summary(tree)
    _remove_unseen(tree)
    _remove_comments(tree, aside)
    _remove_furniture(tree, aside)
    sizes = _sizes(tree)
    found, how, confidence = _found(tree, sizes)
    body = _with_siblings(found, sizes)
    if (lead := _lead(tree, found, summary)) is not None:
        body.insert(0, lead)
    _clean(body, title, aside)
    body_text = _text(body)
    if len(said) > 2 * len(body_text) and len(said) > 400:
        # The page was to load its text later, or a paywall holds it back: what it says for machines is whole.
        paragraphs = "".join(f"<p>{escape(part.strip())}</p>" for part in said.split("\n") if part.strip())
        written = f"<div>{paragraphs}</div>"
        tree = html.fragment_fromstring(written)
        return MainText(written, "articleBody of its JSON-LD", 0.6, tuple(aside), said, tree)
    agreement = _overlap(said, body_text) if said else None
    if agreement is not None:
        confidence = round((confidence + agreement) / 2, 2)
    written = html.tostring(body, encoding="unicode", with_tail=False)
    return MainText(written, how, confidence, tuple(aside), body_text, body)


def parse_page(text: str) -> HtmlElement:
    """A page as a tree. What is nested deeper than the parser goes loses its wrappers, not its text."""
    text = _XML_DECLARATION.sub("", clean_characters(text))
    tree = html.document_fromstring("<html></html>", ensure_head_body=True)
    for source in _ever_flatter(text if text.strip() else "<html></html>"):
        parser = html.HTMLParser(no_network=True, remove_pis=True, recover=True)
        try:
            tree = html.document_fromstring(source, parser=parser, ensure_head_body=True)
        except etree.ParserError:  # no element in it at all
            break
        if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            break
    _clean_tree(tree)
    return tree


def clean_characters(text: str) -> str:
    """Text without what no tree takes (control characters, halves of surrogates) and without noncharacters.

    The latter are what importers write their marks with, and a page must not write marks of its own.
    """
    return _NO_CHARACTER.sub("", text)


def _clean_tree(tree: HtmlElement) -> None:
    """The same for a tree: a parser that decodes `&#12;` or `&#64976;` does not ask."""
    for element in tree.iter(etree.Element):
        if element.text and _NO_CHARACTER.search(element.text):
            element.text = clean_characters(element.text)
        if element.tail and _NO_CHARACTER.search(element.tail):
            element.tail = clean_characters(element.tail)
        for name, value in element.attrib.items():
            if _NO_CHARACTER.search(value):
                del element.attrib[name]
                if _ATTRIBUTE_NAME.fullmatch(name):
                    element.set(name, clean_characters(value))


def _ever_flatter(text: str) -> Iterator[str]:
    yield text
    flat = _LAYOUT_TAG.sub(lambda match: "" if match[1] else "<p>", text)
    yield flat
    yield _INLINE_TAG.sub("", flat)
    yield re.sub(r"<[^<>]*>", " ", text)


class _Size(Struct):
    """How much text of which kind an element holds."""

    chars: int = 0
    linked: int = 0
    commas: int = 0
    prose: int = 0  # characters of sentences that are not linked
    run: int = 0  # characters of text that stand directly in it, inline elements with them
    run_linked: int = 0
    run_commas: int = 0
    has_block: bool = False

    @property
    def link_density(self) -> float:
        """Share of the text that is linked."""
        return self.linked / self.chars if self.chars else 0.0


def _sizes(tree: HtmlElement) -> dict[HtmlElement, _Size]:
    """The size of every element; children are measured before their parents, without recursion."""
    sizes: dict[HtmlElement, _Size] = {}
    for element in reversed(list(tree.iter(etree.Element))):
        size = _Size()
        for text in (element.text, *(child.tail for child in element)):
            if text and (piece := _SPACES.sub(" ", text).strip()):
                size.chars += len(piece) + 1
                size.run += len(piece) + 1
                size.run_commas += len(_COMMA.findall(piece))
        size.commas = size.run_commas
        for child in element.iterchildren(etree.Element):
            inner = sizes[child]
            size.chars += inner.chars
            size.linked += inner.linked
            size.commas += inner.commas
            size.prose += inner.prose
            if child.tag in _BLOCKS or inner.has_block:
                size.has_block = True
            else:
                size.run += inner.run
                size.run_linked += inner.run_linked
                size.run_commas += inner.run_commas
        if element.tag == "a" and element.get("href"):
            size.linked = size.chars
            size.run_linked = size.run
        if element.tag in _BLOCKS or size.has_block:
            size.prose += _prose_of_run(element, size)
        sizes[element] = size
    return sizes


def _prose_of_run(element: HtmlElement, size: _Size) -> int:
    free = size.run - size.run_linked
    if element.tag in _HEADINGS or size.run == 0 or size.run_linked > 0.5 * size.run:
        return 0
    return free if free >= 80 or (free >= 30 and size.run_commas) else 0


def _found(tree: HtmlElement, sizes: dict[HtmlElement, _Size]) -> tuple[HtmlElement, str, float]:
    """The element that holds the article, how it was found, and how sure that is.

    Paragraphs give points to what holds them, as Arc90's Readability taught: that finds the text by its shape
    alone. Then the page's own words are heard, and what lies beside the text is taken in if it is prose too.
    """
    body = tree.find("body")
    assert body is not None
    scores = _scores(body, sizes)
    if not scores:
        return body, "the whole page; no paragraph stands out", 0.2
    best = max(scores, key=lambda element: scores[element])
    told = _told(body, sizes, best)
    if told is not None:
        return told, f"marked as the article by the page, <{told.tag}>", 0.95
    best = _widened(best, scores, sizes)
    share = sizes[best].prose / max(1, sizes[body].prose)
    return best, "the paragraphs of the page lie there", round(0.4 + 0.5 * share, 2)


def _scores(body: HtmlElement, sizes: dict[HtmlElement, _Size]) -> dict[HtmlElement, float]:
    scores: dict[HtmlElement, float] = {}
    for element in body.iter(etree.Element):
        size = sizes[element]
        if size.run < _LEAST_BLOCK or (element.tag not in _BLOCKS and not size.has_block):
            continue
        runs = 1 + len(element.findall("br")) // 2
        points = 1 + size.run_commas + min(size.run / 100, 3 * runs)
        points *= 1 - size.run_linked / size.run
        holder = element if size.has_block or element.tag == "td" else element.getparent()
        for level in range(5):
            if holder is None or holder.tag == "html":
                break
            divisor = 1 if level == 0 else 2 if level == 1 else level * 3
            scores[holder] = scores.get(holder, _first_score(holder)) + points / divisor
            holder = holder.getparent()
    return {element: score * (1 - sizes[element].link_density) for element, score in scores.items()}


def _first_score(element: HtmlElement) -> float:
    words = _class_words(element)
    score = 25.0 * bool(words & _BODY_WORDS) - 25.0 * bool(words & (_FURNITURE | _WEAK_FURNITURE))
    if element.tag in ("article", "main"):
        return score + 10
    if element.tag in ("div", "section"):
        return score + 5
    if element.tag in ("pre", "td", "blockquote"):
        return score + 3
    return score - 3 if element.tag in ("ul", "ol", "dl", "li", "dd", "dt", "address", "form") else score


def _told(body: HtmlElement, sizes: dict[HtmlElement, _Size], best: HtmlElement) -> HtmlElement | None:
    """What the page itself calls the body of its article, if most of the prose that was found lies in it."""
    for element in body.iter(etree.Element):
        words = (element.get("itemprop") or "").split() + (element.get("property") or "").split()
        is_body = any(word.rpartition(":")[2] == "articleBody" for word in words)
        if is_body and sizes[element].prose >= 0.7 * sizes[best].prose and sizes[element].prose > 200:
            return element
    return None


def _widened(best: HtmlElement, scores: dict[HtmlElement, float], sizes: dict[HtmlElement, _Size]) -> HtmlElement:
    """What holds the rest of the article too: each step up must bring prose, and little else."""
    element = best
    while (parent := element.getparent()) is not None and parent.tag != "html":
        more_prose = sizes[parent].prose - sizes[element].prose
        more = sizes[parent].chars - sizes[element].chars
        only_child = len(parent) == 1
        brings_prose = more_prose >= 0.12 * sizes[element].prose and more_prose >= 0.5 * more
        if not only_child and not brings_prose and scores.get(parent, 0) <= scores.get(element, 0):
            break
        element = parent
    return element


def _with_siblings(found: HtmlElement, sizes: dict[HtmlElement, _Size]) -> HtmlElement:
    """A copy of the article with the paragraphs, lead and figures that stand right beside it."""
    whole = html.Element("div")
    parent = found.getparent()
    if parent is None or found.tag == "body":
        whole.append(_copied(found))
        return whole
    for sibling in parent.iterchildren(etree.Element):
        if sibling is found or _belongs(sibling, found, sizes):
            whole.append(_copied(sibling))
    return whole


def _belongs(sibling: HtmlElement, found: HtmlElement, sizes: dict[HtmlElement, _Size]) -> bool:
    size = sizes[sibling]
    if sibling.tag in ("p", "figure") or (sibling.tag == "div" and not size.has_block):
        text = _text(sibling)
        if len(text) > 80:
            return size.link_density < 0.25
        return sibling.tag == "figure" or (size.linked == 0 and bool(_SENTENCE_END.search(text)))
    if sibling.get("class") and sibling.get("class") == found.get("class"):
        return size.prose > 0.5 * size.chars
    return size.prose > 0.2 * sizes[found].prose and size.prose > 0.6 * size.chars


def _copied(element: HtmlElement) -> HtmlElement:
    copied = copy.deepcopy(element)
    copied.tail = None
    if copied.tag == "body":
        copied.tag = "div"
    return copied


def _remove_unseen(tree: HtmlElement) -> None:
    """What no reader of the page saw: scripts, styles, comments, hidden blocks."""
    for element in list(tree.iter()):
        is_shown = isinstance(element.tag, str) and element.tag not in _NEVER_TEXT
        if not is_shown or (element.tag not in _KEPT_WHOLE and _is_hidden(element)):
            _drop(element)


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true" or element.get("aria-modal") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _remove_comments(tree: HtmlElement, aside: list[SetAside]) -> None:
    """What readers wrote below the article, however much longer than it."""
    whole = len(_text(tree))
    gone: set[HtmlElement] = set()
    for element in list(tree.iter(etree.Element)):
        if element.getparent() in gone:
            gone.add(element)
            continue
        words = _class_words(element)
        if element.tag in _KEPT_WHOLE or not words & _COMMENTS or _holds_the_article(element):
            continue
        if words & _BODY_WORDS and len(_text(element)) > 0.8 * whole:
            continue
        gone.add(element)
        _remove(element, "comments of readers", aside)


def _remove_furniture(tree: HtmlElement, aside: list[SetAside]) -> None:
    """Blocks that the page names as something else than its article, unless they hold most of its prose."""
    body = tree.find("body")
    assert body is not None
    sizes = _sizes(tree)
    whole = max(1, sizes[body].prose)
    gone: set[HtmlElement] = set()
    for element in list(body.iter(etree.Element)):
        if element.getparent() in gone:
            gone.add(element)
            continue
        if _is_within_prose(element, sizes):
            continue
        reason = _furniture_reason(element)
        if reason and sizes[element].prose <= 0.5 * whole and not _holds_the_body(element):
            gone.add(element)
            _set_aside(element, reason, aside)
            _drop(element)


def _is_within_prose(element: HtmlElement, sizes: dict[HtmlElement, _Size]) -> bool:
    """Whether an inline element is part of a sentence or a heading, as a linked word is, whatever its class says."""
    parent = element.getparent()
    if parent is None or element.tag in _BLOCKS or element.tag in _CONTROLS or sizes[element].has_block:
        return False
    if any(above.tag in _HEADINGS for above in element.iterancestors()):
        return True
    return sizes[parent].run - sizes[element].run >= _LEAST_BLOCK


def _furniture_reason(element: HtmlElement) -> str:
    if element.tag in _KEPT_WHOLE or element.tag in _HEADINGS:
        return ""
    if element.tag == "footer" and any(above.tag == "blockquote" for above in element.iterancestors()):
        return ""
    if element.tag in _AROUND or element.tag in _CONTROLS:
        return f"<{element.tag}>"
    if element.get("role") in (
        "navigation",
        "banner",
        "complementary",
        "contentinfo",
        "search",
        "menu",
        "menubar",
        "dialog",
        "alertdialog",
        "toolbar",
        "tablist",
    ):
        return f"role {element.get('role')}"
    words = _class_words(element)
    strong = words & _FURNITURE or {word for word in words if _FURNITURE_STEM.match(word)}
    if strong and not (element.tag == "p" and len(_text(element)) > 200):
        return f"a block called {min(strong)}"
    if any(above.tag == "figure" for above in element.iterancestors()):
        return ""
    if (weak := words & _WEAK_FURNITURE) and not words & _BODY_WORDS:
        return f"a block called {min(weak)}"
    return ""


def _holds_the_article(element: HtmlElement) -> bool:
    """Whether the title or what the page calls the body of its article lies in an element."""
    return any(
        inner.tag in ("h1", "main") or "articleBody" in (inner.get("itemprop") or "")
        for inner in element.iter(etree.Element)
    )


def _holds_the_body(element: HtmlElement) -> bool:
    return any("articleBody" in (inner.get("itemprop") or "") for inner in element.iter(etree.Element))


def _class_words(element: HtmlElement) -> frozenset[str]:
    """The words of class and id. Those that name a state of the page, "comments-open", say nothing of the block."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split()
    found = ({word.lower() for word in _WORD.findall(name)} for name in named)
    return frozenset(word for words in found if not words & _STATES for word in words)


def _clean(body: HtmlElement, title: str, aside: list[SetAside]) -> None:
    """The article without what was put between its paragraphs."""
    for heading in list(body.iter("h1", "h2")):
        if title and _overlap(title, _text(heading)) > 0.75 and _overlap(_text(heading), title) > 0.75:
            _drop(heading)
    sizes = _sizes(body)
    for element in list(body.iter(etree.Element))[1:]:
        is_short = element.tag in _BLOCKS and element.tag not in _HEADINGS and sizes[element].chars < 60
        if is_short and _LABEL.match(_text(element)):
            _remove(element, "a label of advertising", aside)
    _remove_bylines(body, aside)
    _remove_link_lists(body, aside)
    _remove_empty(body)


def _remove_bylines(body: HtmlElement, aside: list[SetAside]) -> None:
    """Who wrote it and when, before the first paragraph: that is in the front matter."""
    sizes = _sizes(body)
    for element in list(body.iter(etree.Element))[1:]:
        size = sizes[element]
        if size.prose and not size.has_block and element.tag != "figcaption":
            break
        if (
            size.chars > 200
            or size.prose
            or element.tag in _HEADINGS
            or any(above.tag == "figure" for above in element.iterancestors())
        ):
            continue
        is_marked = element.tag == "time" or element.get("rel") == "author" or bool(_class_words(element) & _BYLINE)
        is_marked |= element.get("itemprop") in ("author", "datePublished", "dateModified")
        if is_marked and element.getparent() is not None and size.chars:
            _remove(element, "byline or date", aside)


def _remove_link_lists(body: HtmlElement, aside: list[SetAside]) -> None:
    """Lists of other articles: below a heading that says so, or after the last paragraph."""
    sizes = _sizes(body)
    order = [element for element in body.iter(etree.Element) if element.tag in _BLOCKS or sizes[element].has_block]
    last = max(
        (number for number, element in enumerate(order) if sizes[element].prose and not sizes[element].has_block),
        default=-1,
    )
    for number, element in enumerate(order[1:], 1):
        if body not in element.iterancestors():
            continue
        size = sizes[element]
        is_list = size.link_density > 0.7 and not size.prose and len(list(element.iter("a"))) >= 2
        if size.chars < 80 and _AT_THE_END.match(_text(element)):
            following = element.getnext()
            if following is None or not sizes[following].prose:
                if following is not None and sizes[following].link_density > 0.3:
                    _remove(following, "links to other articles", aside)
                _remove(element, "links to other articles", aside)
        elif is_list and number > last >= 0:
            _remove(element, "links after the end", aside)


def _remove_empty(body: HtmlElement) -> None:
    for element in reversed(list(body.iter(etree.Element))[1:]):
        if element.tag in _MEDIA or element.tag in ("br", "hr", "td", "th", "source", "track", "param", "col"):
            continue
        if not len(element) and not (element.text or "").strip() and element.tag not in ("a", "sup", "sub"):
            _drop(element)


def _lead(tree: HtmlElement, found: HtmlElement, summary: str) -> HtmlElement | None:
    """The lead that stands apart from the text, told by the page's own description."""
    if len(summary) < 40:
        return None
    around = set(found.iterancestors())
    text_of_body = _text(found)
    for element in tree.iter("p", "h2", "h3", "h4", "div"):
        if element is found:
            return None
        if element in around or any(inner.tag in _BLOCKS for inner in element.iterdescendants(etree.Element)):
            continue
        text = _text(element)
        if text in text_of_body:
            continue
        is_summary = _overlap(text, summary) > 0.9 and _overlap(summary, text) > 0.7
        if len(text) >= 40 and (is_summary or (text in summary and len(text) > 0.4 * len(summary))):
            lead = html.Element("p")
            lead.text = text
            return lead
    return None


def _headline(tree: HtmlElement) -> str:
    """The title of the article, as far as is needed to know its heading."""
    said = tree.xpath("//meta[@property='og:title']/@content")
    if said:
        return str(said[0])
    title = " ".join((tree.findtext(".//title") or "").split())
    fitting = [text for heading in tree.iter("h1", "h2") if (text := _text(heading)) and title.startswith(text)]
    return max(fitting, key=len, default=title)


def _summary(tree: HtmlElement) -> str:
    found = tree.xpath("//meta[@property='og:description' or @name='description']/@content")
    return max((str(text) for text in found), key=len, default="")


def _said_body(tree: HtmlElement) -> str:
    """The text of the article as the page gives it to machines (JSON-LD)."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json") and "articleBody" in (
            script.text or ""
        ):
            try:
                return _article_body(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    return ""


def _article_body(value: Any) -> str:
    if isinstance(value, list):
        return max((_article_body(item) for item in value), key=len, default="")
    if isinstance(value, dict):
        body = value.get("articleBody")
        return (
            body
            if isinstance(body, str)
            else max((_article_body(item) for item in value.values()), key=len, default="")
        )
    return ""


def _overlap(one: str, other: str) -> float:
    """Share of the words of one text that stand in the other."""
    words, others = Counter(_WORDS.findall(one.lower())), Counter(_WORDS.findall(other.lower()))
    return sum((words & others).values()) / max(1, sum(words.values()))


def _set_aside(element: HtmlElement, reason: str, aside: list[SetAside]) -> None:
    if text := _text(element):
        aside.append(SetAside(text[:_MAX_ASIDE], reason, element.sourceline or 0))


def _remove(element: HtmlElement, reason: str, aside: list[SetAside]) -> None:
    _set_aside(element, reason, aside)
    _drop(element)


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = f"{parent.text or ''} {element.tail}"
        else:
            previous.tail = f"{previous.tail or ''} {element.tail}"
    parent.remove(element)


def _text(element: HtmlElement) -> str:
    return _SPACES.sub(" ", " ".join(str(text) for text in element.itertext())).strip()
