from sitegen.contexts import Link
from sitegen.pages.related import SHOWN, Kinship


def link(name: str) -> Link:
    return Link(name, f"{name}/")


def test_the_rarer_tag_brings_nearer() -> None:
    kinship = Kinship()
    kinship.meet(["common", "rare"], link("a"))
    for name in "bcd":
        kinship.meet(["common"], link(name))
    assert [one.title for one in kinship.meet(["common", "rare"], link("e"))] == ["a", "d", "c", "b"]


def test_only_older_articles_are_related_and_only_a_few() -> None:
    kinship = Kinship()
    found = [kinship.meet(["one"], link(str(number))) for number in range(100)]
    assert found[0] == ()
    assert [one.title for one in found[50]] == ["49", "48", "47", "46"]
    assert max(map(len, found)) == SHOWN


def test_an_article_without_known_tags_has_no_relations() -> None:
    kinship = Kinship()
    kinship.meet(["one"], link("a"))
    assert kinship.nearest(["two"]) == kinship.nearest([]) == ()
