"""Files in which words are found."""

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Entry
from sitegen.search.article import TITLE, article_words
from sitegen.search.index import Indexed, call, index_files, shards_for, words_path
from sitegen.search.words import ArticleWords, folded, stem_of, words_of
from tests.search.reading import BucketReader, values_of

LANGUAGES = ("fr", "en", "ar", "ja")
WORDS = ("élection", "élections", "cheval", "chevaux", "fin", "fine", "table", "كتاب", "الكتاب", "東京", "a1", "le")


def indexed(text: str, language: str = "fr", section: str = "") -> Indexed:
    words = article_words(Entry(source="a.md", permalink="a/", title=""), text)
    return Indexed(words, language, section, "2024")


def reader(*articles: Indexed) -> BucketReader:
    return BucketReader(dict(index_files("202x", articles)))


def test_articles_are_found_by_other_forms_of_a_word_and_without_its_accents() -> None:
    bucket = reader(indexed("Une élection"), indexed("Le marché"), indexed("Les élections"))

    assert bucket.search(["election"]) == {0, 2}
    assert bucket.search(["marche"]) == {1}
    assert bucket.search(["election", "une"]) == {0}
    assert bucket.search(["election", "marche"]) == set()


def test_articles_are_found_by_section_and_year() -> None:
    bucket = reader(indexed("Une élection", section="news"), indexed("Une élection"))

    assert bucket.search(["election", "/news"]) == {0}
    assert bucket.search(["@2024"]) == {0, 1}


def test_of_two_forms_the_heavier_one_counts() -> None:
    words = ArticleWords("cheval\n\n\nchevaux", 2)
    bucket = reader(Indexed(words, "fr", "", ""))

    assert bucket.places("cheval") == {0: TITLE}


@given(st.lists(st.tuples(st.lists(st.sampled_from(WORDS)), st.sampled_from(LANGUAGES)), max_size=12))
def test_the_index_finds_what_a_look_into_every_article_finds(articles: list[tuple[list[str], str]]) -> None:
    bucket = reader(*(indexed(" ".join(words), language) for words, language in articles))

    stems = [{stem_of(word, language) for word in words_of(" ".join(words))} for words, language in articles]
    forms = {folded(word): set[str]() for words, _ in articles for word in words_of(" ".join(words))}
    for words, language in articles:
        for word in words_of(" ".join(words)):
            forms[folded(word)].add(stem_of(word, language))
    for form, of_form in forms.items():
        known = of_form | ({form} if any(form in one for one in stems) else set())
        assert bucket.search([form]) == {number for number, one in enumerate(stems) if one & known}


def test_the_number_of_files_grows_with_the_words_and_a_folder_is_never_full() -> None:
    assert [shards_for(count) for count in (0, 4096, 4097, 100_000, 1_000_000)] == [1, 1, 2, 32, 256]
    assert words_path(255, 256) == "words/255.js"
    assert words_path(257, 512) == "words/1/1.js"


def test_many_words_lie_in_many_files_of_about_the_same_size() -> None:
    texts = [
        " ".join(f"{chr(97 + n % 26)}{n * 7919 % 9973}" for n in range(at, at + 300)) for at in range(0, 60_000, 300)
    ]
    files = dict(index_files("2024", [indexed(text) for text in texts]))

    sizes = [len(text) for text in files.values()]
    assert len(files) == 16
    assert max(sizes) < 1.5 * sum(sizes) / len(sizes)


def test_nothing_in_a_title_ends_a_script() -> None:
    title = '</script><script>alert(1)</script>\u2028\u2029"\\'
    text = call("articles/0.js", [[title]])

    assert "<" not in text and "\u2028" not in text and "\u2029" not in text
    assert values_of(text) == ["articles/0.js", [[title]]]
