"""Articles in the manner of a French local paper, as many as wanted: raw and damaged, or clean Markdown.

    python benchmarks/corpus.py N FOLDER [--markdown]

Every word comes from the small grammar below and from a seeded generator, so the same N gives the same files
everywhere. FOLDER becomes the folder of a site: articles stand below `content/raw/` when raw, below `content/`
when Markdown.
"""

import argparse
import base64
import datetime as dt
import html
import itertools
import json
import math
import multiprocessing
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

SEED = 1887
FIRST_DAY, DAYS = dt.date(2004, 1, 1), 20 * 365
SECTIONS = ("actualites", "culture", "economie", "environnement", "monde", "sciences", "sports", "voyages")
TAG_COUNT = 600
_BATCH = 500
_MANY = 80_000  # from here on a folder holds a month, since that of a year would hold more than 1,000 files


class Form(StrEnum):
    """How an article is written to disk."""

    RAW = "raw"  # copied text, with what copying does to it
    MARKDOWN = "markdown"  # YAML front matter, as sitegen and Hugo read it
    PELICAN = "pelican"  # the same Markdown; tags between commas, since Pelican reads no YAML


@dataclass(frozen=True)
class Poll:
    """A question that readers were asked."""

    id: int
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A subheading, "" for what stands above the first one, and its paragraphs: each a row of sentences."""

    heading: str
    paragraphs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Piece:
    """An article before it is written down."""

    number: int
    section: str
    date: dt.date
    title: str
    parts: tuple[Part, ...]
    tags: tuple[str, ...]
    poll: Poll | None
    has_caption: bool

    @property
    def path(self) -> str:
        """File below the content folder, without its ending."""
        return f"{self.date:%Y}/{self.date.isoformat()}-{_file_name(self.title)}"


def pieces(count: int) -> Iterator[Piece]:
    """The first `count` articles. A larger number of them begins with the same ones."""
    return itertools.starmap(piece, enumerate(_episodes(count)))


def piece(number: int, episode: int) -> Piece:
    """The article of that number; its title is one that `episode` articles up to this one have."""
    chance = random.Random(f"{SEED}-{number}")
    title = _title(chance)
    parts = _parts(chance)
    return Piece(
        number=number,
        section=chance.choices(SECTIONS, (9, 5, 5, 4, 3, 3, 5, 2))[0],
        date=FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS)),
        title=title if episode == 1 else f"{title}, épisode {episode}",
        parts=parts,
        tags=tuple(dict.fromkeys(chance.choices(_tags(), cum_weights=_tag_weights(), k=chance.randint(2, 6)))),
        poll=_poll(chance) if chance.random() < 1 / 4 else None,
        has_caption=chance.random() < 1 / 3,
    )


def write_corpus(count: int, folder: Path, form: Form, progress: Callable[[int], None] = lambda _written: None) -> None:
    """Write the articles below the site in `folder`, with all processors; `progress` hears how many there are."""
    top = folder / "content" / "raw" if form is Form.RAW else folder / "content"
    write = partial(_write_batch, top, form, count > _MANY)
    if count <= _BATCH:
        write((0, list(_episodes(count))))
        return
    written = 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        for made in pool.imap_unordered(write, _batches(count)):
            written += made
            progress(written)


def _batches(count: int) -> Iterator[tuple[int, list[int]]]:
    episodes = _episodes(count)
    for start in range(0, count, _BATCH):
        yield start, list(itertools.islice(episodes, _BATCH))


def _write_batch(top: Path, form: Form, by_month: bool, batch: tuple[int, list[int]]) -> int:
    """Write the articles from a number on, one for each episode; how many those are."""
    start, episodes = batch
    folders: set[Path] = set()
    for written in itertools.starmap(piece, enumerate(episodes, start)):
        # Of so many, a few would have the same name, since long ones are cut.
        place = (
            written.path.replace("/", f"/{written.date:%m}/", 1) + f"-{written.number}" if by_month else written.path
        )
        file = top / written.section / (place + (".txt" if form is Form.RAW else ".md"))
        if file.parent not in folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            folders.add(file.parent)
        file.write_bytes((raw_text(written) if form is Form.RAW else markdown_text(written, form)).encode())
    return len(episodes)


def _episodes(count: int) -> Iterator[int]:
    """For each article how many up to it have its title, so that no two share a permalink."""
    seen: Counter[str] = Counter()
    for number in range(count):
        title = _plain(_title(random.Random(f"{SEED}-{number}"))).casefold()
        seen[title] += 1
        yield seen[title]


def raw_text(piece: Piece) -> str:
    """The article as somebody copied it from a page: no markup, and the usual damage."""
    chance = random.Random(f"{SEED}-raw-{piece.number}")
    blocks = [piece.title]
    for part in piece.parts:
        blocks += [part.heading] if part.heading else []
        blocks += [_glued(chance, paragraph) for paragraph in part.paragraphs]
    if piece.has_caption:
        headings = [part.heading for part in piece.parts if part.heading]
        blocks.insert(len(blocks) - 1, _plain(headings[0] if headings else piece.title))
    if piece.poll:
        call = _damaged_call(chance, piece.poll)
        blocks.insert(chance.randint(3, len(blocks)), call)
        if chance.random() < 0.2:  # the page showed it twice
            blocks.append(call)
        if chance.random() < 0.2:
            blocks.append("\u00a0")
    blocks.append(", ".join(piece.tags))
    text = "\n\n".join(blocks) + "\n"
    return _with_damage(chance, text) if not piece.poll else text


def markdown_text(piece: Piece, form: Form = Form.MARKDOWN) -> str:
    """The article as clean Markdown with front matter; captions and polls are left out."""
    chance = random.Random(f"{SEED}-markdown-{piece.number}")
    blocks: list[str] = []
    has_marks = chance.random() < 1 / 5
    for part in piece.parts:
        blocks += [f"## {part.heading}"] if part.heading else []
        for paragraph in part.paragraphs:
            blocks.append(_marked(chance, paragraph) if has_marks else " ".join(paragraph))
    if chance.random() < 1 / 10:
        blocks.insert(max(2, len(blocks) // 2), chance.choice(_OTHER_BLOCKS)(chance))
    front_matter = _yaml(piece) if form is Form.MARKDOWN else _pelican_header(piece)
    return front_matter + "\n" + "\n\n".join(blocks) + "\n"


def _yaml(piece: Piece) -> str:
    tags = "".join(f"- {json.dumps(tag, ensure_ascii=False)}\n" for tag in piece.tags)
    title = json.dumps(piece.title, ensure_ascii=False)
    return f"---\ntitle: {title}\ndate: {piece.date.isoformat()}\ntags:\n{tags}---\n"


def _pelican_header(piece: Piece) -> str:
    return f"Title: {piece.title}\nDate: {piece.date.isoformat()}\nTags: {', '.join(piece.tags)}\n"


# Damage


def _glued(chance: random.Random, sentences: Sequence[str]) -> str:
    """A paragraph in which the space between two sentences is lost now and then."""
    text = sentences[0]
    for sentence in sentences[1:]:
        text += ("" if chance.random() < 0.06 and text[-1] in ".»" else " ") + sentence
    return text


def _damaged_call(chance: random.Random, poll: Poll) -> str:
    """The poll's shortcode with the quotes that a typographer made of plain ones; a few are cut off or wrapped."""
    payload = {
        "title": poll.question,
        "show_title": "1",
        "show_count": "1",
        "style": chance.choice(("light-1", "light-2", "solid-1")),
        "color": chance.choice(("green-2", "blue-1", "blue-2", "pink-1", "purple-1")),
        "multiple": False,
        "show_results_button": "0",
        "answers": [{"id": str(place), "text": text} for place, text in enumerate(poll.answers, 1)],
    }
    written = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    params = base64.b64encode(quote(written, safe="~()*!.'").encode()).decode()
    fate = chance.random()
    if fate < 0.05:
        params = params[: len(params) * 9 // 10] + "…"
    elif fate < 0.25:
        params = "\n".join(params[start : start + 76] for start in range(0, len(params), 76))
    before, after = chance.choice(((" »", "″"), (" »", "″"), ("”", "”"), ("“", "”")))
    end = "] " if chance.random() < 0.1 else "]"
    closing = " »" if before == " »" else after
    return f"[expert_review_poll id={before}{poll.id}{after} params={before}{params}{closing}{end}"


def _with_damage(chance: random.Random, text: str) -> str:
    fate = chance.random()
    if fate < 0.05:
        return "".join(_ENTITIES.get(char, char) for char in html.escape(text, quote=False))
    if fate < 0.12:
        words = text.split(" ")
        for place in range(5, len(words), 23):
            if len(words[place]) > 7 and words[place].isalpha():
                words[place] = words[place][:4] + "\u00ad" + words[place][4:]
        return " ".join(words)
    if fate < 0.15:
        return text.rstrip("\n") + "\n\n[related_posts count= »3″]\n"
    return text


_ENTITIES = {
    "é": "&eacute;", "è": "&egrave;", "ê": "&ecirc;", "à": "&agrave;", "ç": "&ccedil;", "’": "&#8217;",
    "«": "&laquo;", "»": "&raquo;", "\u00a0": "&nbsp;", "ô": "&ocirc;", "î": "&icirc;",
}  # fmt: skip


def _plain(text: str) -> str:
    """A heading as the name of a picture file has it: no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    kept = "".join(char for char in plain if char.isascii() and (char.isalnum() or char in " '"))
    return " ".join(kept.split())


# Markdown


def _marked(chance: random.Random, sentences: Sequence[str]) -> str:
    """A paragraph with some emphasis, or a link."""
    marked = list(sentences)
    place = chance.randrange(len(marked))
    words = marked[place].split(" ")
    if len(words) > 5:
        middle = " ".join(words[2:4])
        if not any(sign in middle for sign in "«»:"):
            address = f"https://exemple.test/{chance.randrange(10_000)}/"
            sign = chance.choice(("**{}**", "*{}*", f"[{{}}]({address})"))
            words[2:4] = [sign.format(middle)]
    marked[place] = " ".join(words)
    return " ".join(marked)


def _list(chance: random.Random) -> str:
    return "\n".join(f"- {_fill(chance, chance.choice(_ANSWERS))}" for _ in range(chance.randint(3, 6)))


def _quotation(chance: random.Random) -> str:
    return f"> {_sentence(chance)} {_sentence(chance)}"


def _code(chance: random.Random) -> str:
    lines = "\n".join(f"mesure = releve({chance.randint(1, 26)}, heure={hour})" for hour in range(4))
    return f"```python\n{lines}\nprint(mesure)\n```"


_OTHER_BLOCKS: tuple[Callable[[random.Random], str], ...] = (_list, _list, _quotation, _quotation, _code)


# Grammar


def _parts(chance: random.Random) -> tuple[Part, ...]:
    # Most articles are short and a few are long: 2.3 KB of text in the middle, three times that at the end.
    count = max(3, min(24, round(math.exp(chance.gauss(1.95, 0.42)))))
    paragraphs = [_paragraph(chance) for _ in range(count)]
    if chance.random() >= 0.3 or count < 4:
        return (Part("", tuple(paragraphs)),)
    cuts = sorted(chance.sample(range(2, count), min(count - 2, max(1, count // 4))))
    headings = chance.sample(_HEADINGS, len(cuts))
    starts, ends = [0, *cuts], [*cuts, count]
    titles = ["", *(_fill(chance, heading) for heading in headings)]
    return tuple(
        Part(title, tuple(paragraphs[start:end])) for title, start, end in zip(titles, starts, ends, strict=True)
    )


def _paragraph(chance: random.Random) -> tuple[str, ...]:
    return tuple(_sentence(chance) for _ in range(chance.randint(2, 5)))


def _sentence(chance: random.Random) -> str:
    return _fill(chance, chance.choice(_SENTENCES))


def _title(chance: random.Random) -> str:
    return _fill(chance, chance.choice(_TITLES))


def _poll(chance: random.Random) -> Poll:
    answers = chance.sample(_ANSWERS, chance.randint(2, 5))
    question = _fill(chance, chance.choice(_QUESTIONS))
    return Poll(chance.randint(1, 2000), question, tuple(_fill(chance, answer) for answer in answers))


def _fill(chance: random.Random, pattern: str) -> str:
    """The pattern with a word in place of every {name}, and a capital in front."""
    words = {name: chance.choice(_WORDS[name]) for name in _names_in(pattern)}
    if "{n}" in pattern:
        words["n"] = str(chance.randint(2, 980))
    if "{annee}" in pattern:
        words["annee"] = str(chance.randint(1952, 2003))
    text = pattern.format(**words)
    return text[0].upper() + text[1:]


@cache
def _names_in(pattern: str) -> tuple[str, ...]:
    return tuple(name for name in _WORDS if f"{{{name}}}" in pattern)


def _file_name(title: str) -> str:
    return "-".join(_plain(title.replace("’", " ")).lower().split())[:80].rstrip("-")


@cache
def _tag_weights() -> list[float]:
    return list(itertools.accumulate(1 / rank for rank in range(1, TAG_COUNT + 1)))


@cache
def _tags() -> list[str]:
    """Places, names and subjects, the most frequent first."""
    names = [f"{first} {last}" for last in _LAST_NAMES for first in _FIRST_NAMES]
    pairs = [f"{subject} de {place}" for subject in _SUBJECTS for place in _PLACES if place[0] not in "AEIOUÉH"]
    rest = random.Random(SEED).sample(sorted({*names, *pairs}), TAG_COUNT)
    return [*_PLACES, *_SUBJECTS, *rest][:TAG_COUNT]


_PLACES = (
    "Valmorte", "Creusange", "Pont-Sauvin", "Aubrelle", "Mirebrune", "Sainte-Ourse", "Vaucelin", "Orbaise",
    "Port-Lanvic", "Fontrouge", "Chaumelles", "Brissard", "Tournevent", "La Roche-Égale", "Gravelines-le-Haut",
    "Combeforte", "Saint-Elme", "Vireloup", "Hautecombe", "Nérondelle", "Martignolles", "Ligneraie",
)  # fmt: skip
_SUBJECTS = (
    "Transports", "Patrimoine", "Écoles", "Agriculture", "Logement", "Eau", "Musique", "Forêt", "Commerce", "Santé",
    "Cyclisme", "Énergie", "Budget", "Urbanisme", "Histoire", "Cinéma", "Météo", "Randonnée", "Pêche", "Marchés",
    "Théâtre", "Justice", "Emploi", "Recherche", "Oiseaux", "Voisinage", "Jardins", "Rivières", "Sécurité", "Bois",
)  # fmt: skip
_FIRST_NAMES = (
    "Odile", "Bastien", "Mariam", "Lucien", "Solène", "Yannick", "Inès", "Gaspard", "Thérèse", "Karim", "Agathe",
    "Octave", "Louane", "Firmin", "Nadège", "Samir", "Clémence", "Ewen", "Rosalie", "Victor",
)  # fmt: skip
_LAST_NAMES = (
    "Garrigou", "Pellemont", "Vassière", "Aubertot", "Kermadec", "Lhuissier", "Bonnafé", "Sauzet", "Dervaux",
    "Marchelin", "Thoravel", "Quentrec", "Roubinet", "Estèvenin", "Jaulmes", "Cazaubon", "Hirigoyen", "Faltrain",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "lieu": _PLACES,
    "autre_lieu": tuple(reversed(_PLACES)),
    "prenom": _FIRST_NAMES,
    "nom": _LAST_NAMES,
    "sujet": (
        "la halle aux grains", "le vieux pont", "la ligne de bus", "le marché couvert", "la piscine", "le moulin",
        "la caserne", "le lavoir", "la fanfare", "le verger communal", "la scierie", "le canal", "la médiathèque",
        "le collège", "la digue", "le refuge", "la fromagerie", "le théâtre de poche", "la station d’épuration",
        "le sentier des crêtes", "la maison de santé", "l’observatoire", "l’abattoir", "l’éolienne",
    ),
    "fait": (
        "rouvre ses portes", "change de mains", "attend toujours ses travaux", "fête un anniversaire discret",
        "cherche des bras", "ferme pour l’hiver", "fait salle comble", "coûtera plus cher que prévu",
        "divise le conseil", "trouve enfin un toit", "se passe de subvention", "ne désemplit pas",
    ),
    "role": (
        "la présidente de l’association", "le garde champêtre", "une riveraine", "l’architecte", "la maire",
        "le directeur des services", "un ancien ouvrier", "l’institutrice", "la gérante", "un agriculteur voisin",
        "le chef des pompiers", "une étudiante", "la conservatrice", "le trésorier",
    ),
    "quand": (
        "lundi", "mardi soir", "jeudi matin", "la semaine dernière", "depuis le printemps", "avant les vendanges",
        "en pleine nuit", "à la fin du mois", "dès la rentrée", "le premier dimanche de l’Avent", "en décembre",
    ),
    "chose": (
        "une charpente neuve", "deux rangées de bancs", "un registre oublié", "la clé de la cave", "un vitrail",
        "une subvention de la région", "un tracteur d’occasion", "la moitié des archives", "une carte en relief",
        "un piano désaccordé", "des sacs de sable", "une pompe de secours", "la liste des donateurs",
    ),
    "lieu_dit": (
        "derrière l’église", "au bord du canal", "sur la place", "dans la salle des fêtes", "près de la gare",
        "sous les tilleuls", "au bout de la digue", "dans l’ancienne forge", "à l’entrée du bourg",
    ),
    "adverbe": ("d’abord", "sans doute", "pourtant", "en revanche", "désormais", "aussi", "malgré tout", "enfin"),
    "raison": (
        "faute de moyens", "par prudence", "à l’unanimité", "sans grand débat", "au nom de l’intérêt commun",
        "contre l’avis des experts", "pour éviter une année blanche", "comme le veut l’usage",
    ),
}  # fmt: skip
_TITLES = (
    "À {lieu}, {sujet} {fait}",
    "{lieu} : {sujet} {fait}",
    "Pourquoi {sujet} {fait} à {lieu}",
    "{sujet} {fait}, {lieu} s’interroge",
    "{prenom} {nom}, ou comment {sujet} {fait}",
    "Entre {lieu} et {autre_lieu}, {sujet} {fait}",
    "« On a tenu » : à {lieu}, {sujet} {fait}",
    "{n} jours après, {sujet} {fait} à {lieu}",
    "Avec {prenom} {nom}, {lieu} retrouve {chose}",
    "{lieu} vote {chose} {raison}",
)
_HEADINGS = (
    "Ce que dit le rapport",
    "Une facture de {n} 000 euros",
    "Le point de vue des riverains",
    "Et {quand} ?",
    "{adverbe}, la question de l’argent",
    "De {lieu} à {autre_lieu}",
    "Ce qui reste à faire",
    "Trois scénarios pour {lieu}",
    "La mémoire de {prenom} {nom}",
    "Un calendrier serré",
)
_SENTENCES = (
    "{role} l’a annoncé {quand}, {lieu_dit}, devant une soixantaine d’habitants de {lieu}.",
    "Le chantier a déjà coûté {n} 000 euros, et personne ne jure qu’il n’en faudra pas davantage.",
    "« Nous avons attendu {n} jours pour obtenir {chose} », rappelle {prenom} {nom}.",
    "{adverbe}, {sujet} n’était pas au programme de la réunion.",
    "{prenom} {nom}, qui habite {lieu} depuis {annee}, ne cache pas son étonnement.",
    "Le conseil a tranché {raison}, {quand}, par {n} voix contre 7.",
    "On y trouve {chose}, des outils et le souvenir de ceux qui l’ont portée jusque-là.",
    "Rien n’a bougé {lieu_dit} depuis {annee}, sinon la couleur des volets.",
    "Selon {role}, {sujet} {fait} parce que la commune voisine a renoncé.",
    "Il faudra {n} mètres de câble et beaucoup de patience pour relier {lieu} à {autre_lieu}.",
    "La préfecture, consultée {quand}, n’a rien trouvé à redire.",
    "À {lieu}, {sujet} {fait} ; à {autre_lieu}, on regarde et l’on compte.",
    "« Ce n’est pas une victoire, c’est un répit », corrige {role}.",
    "L’enquête publique a recueilli {n} observations, dont une en vers.",
    "{quand}, une équipe de bénévoles a déposé {chose} {lieu_dit}.",
    "Le rapport, long de {n} pages, tient {adverbe} en une phrase : il est encore temps de sauver {sujet}.",
    "{prenom} {nom} n’a pas souhaité répondre à nos questions.",
    "La pluie a retardé les travaux, et la première pierre attend toujours {lieu_dit}.",
    "Les plus anciens se souviennent de {annee}, quand l’eau montait jusqu’aux fenêtres.",
    "Un habitant sur trois se dit favorable au projet, à condition que {sujet} reste ouvert à tous.",
    "{role} promet une réponse {quand} ; {prenom} {nom} n’y croit guère.",
    "C’est peu, mais c’est plus que ce que {autre_lieu} a obtenu en {n} semaines.",
)
_QUESTIONS = (
    "Faut-il que {lieu} garde {sujet} ?",
    "Que doit devenir {sujet} ?",
    "Êtes-vous prêt à payer pour {chose} ?",
    "À qui confier {sujet} de {lieu} ?",
)
_ANSWERS = (
    "Oui, {raison}",
    "Non, jamais de la vie",
    "Oui, mais {quand} seulement",
    "Il faut {adverbe} consulter les habitants de {lieu}",
    "Plutôt {chose}",
    "Sans opinion",
    "À condition que {prenom} {nom} s’en occupe",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write articles for measurements.")
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--markdown", action="store_true", help="clean Markdown in place of raw articles")
    options = parser.parse_args()
    write_corpus(options.count, options.folder, Form.MARKDOWN if options.markdown else Form.RAW)


if __name__ == "__main__":
    main()
