"""The account of characters: all that HTML says is in its Markdown, set aside, or told as lost."""

import re

import pytest
from hypothesis import given, settings

from sitegen.importers.account import Account
from sitegen.importers.html_to_markdown import markdown_of_html
from tests.importers.test_html_nesting import DOCUMENT


def account_of(html: str, markdown: str | None = None) -> Account:
    converted = markdown_of_html(html)
    account = Account(converted.markdown if markdown is None else markdown, converted.aside)
    account.book_html(html, 1)
    return account


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="/a.jpg" alt="An alt text">loose words</figure>',
        '<figure><a href="/x"><img src="/a.jpg"></a><a href="/y">Credit link</a></figure>',
        '<figure><img src="/a.jpg"><figcaption>one</figcaption><figcaption>two</figcaption></figure>',
        '<figure><div><img src="/a.jpg">by the sea</div><figcaption>words <b>here</b></figcaption></figure>',
        "<table><tr><td>a<table><tr><td>inner</td></tr></table></td></tr></table>",
        "<table>stray<tr>text<td>x</td></tr></table>",
        "<dl>loose<dt>a</dt><dd>b</dd></dl>",
        "<ul>loose <li>a</li>more<p>of it</p></ul>",
        '<iframe src="https://x.example/a">without frames</iframe>',
        '<object data="/a.swf">without a player</object>',
        '<video src="/a.mp4">no video</video><audio>none</audio>',
        "<select><option>choice</option></select><textarea>typed</textarea><button>press</button>",
        "<svg><text>drawn</text></svg><math><mi>x</mi></math><noscript>words</noscript>",
        '<p>a<sup><a href="#n1" id="r1">[1]</a></sup></p><ol><li id="n1">note <a href="#r1">back</a></li></ol>',
        "<script>code()</script><style>p { }</style><template>later</template>",
        "<p>x <!-- a comment without an end",
        "<p>5 < 6 &amp; 7 &gt; 3 &#126;&copy; a\\*b __c__</p>",
        '<p><a href="/x" title="a tip"><img src="/a.jpg" alt=\'it is "here"\'></a></p>',
        "<blockquote><pre>a *b*\n  c\\*d</pre></blockquote><pre>e [f] g</pre>",
        "<plaintext>to the end",
    ],
)
def test_nothing_is_lost(html):
    assert account_of(html).losses == []


@settings(max_examples=100, deadline=None)
@given(DOCUMENT)
def test_nothing_is_lost_however_it_is_nested(html):
    assert account_of(html).losses == []


def test_whatever_is_taken_out_of_the_markdown_is_missed():
    html = (
        "<h2>The head</h2>\n<p>First <em>line</em> here.</p><ul><li>an item</li></ul><p><img src='/a' alt='a view'></p>"
    )
    markdown = markdown_of_html(html).markdown
    for words in re.findall(r"\w+", re.sub(r"\(/a\)", "", markdown)):
        assert account_of(html, markdown.replace(words, "", 1)).losses, words


def test_a_loss_knows_its_line_and_characters_are_counted_by_place():
    account = account_of("<p>one</p>\n<p>two &amp; three</p>", "one")
    assert [(loss.text, loss.line) for loss in account.losses] == [("two & three", 2)]
    assert account.characters() == {"input": 30, "body": 3, "markup": 14, "lost": 13}


def test_calls_are_data_only_where_they_were_taken_out():
    def places(calls):
        account = Account("a", (), calls)
        account.book_html("[x-map a=1]a[/x-map]")
        return account.counts["shortcodes"], [loss.text for loss in account.losses]

    assert places(["x-map"]) == (18, [])
    assert places([]) == (0, ["[x-map a=1]a[/x-map]"])
