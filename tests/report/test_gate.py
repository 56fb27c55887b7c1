"""The gate refuses each of the faults it names, and passes a page without them."""

from __future__ import annotations

import pytest

from cryptorisk.errors import RenderError
from cryptorisk.report.gate import check, problems

PAGE = (
    '<!doctype html><html lang="en-GB"><head><title>Kenya</title><style>p {{color: red}}</style></head>'
    '<body><main><h1>Kenya</h1><h2 id="a">A</h2>{body}</main></body></html>'
)


def page(body: str) -> str:
    return PAGE.replace("{{color: red}}", "{color: red}").replace("{body}", body)


GOOD = [
    '<p>None of the banks; information; infinite; Nantes. <a href="https://www.imf.org">IMF</a> <a href="#a">A</a></p>',
    '<svg role="img" aria-label="A line" viewBox="0 0 1 1"><defs><path id="m" d="M 0 0"/></defs><use href="#m"/></svg>',
    '<img alt="Map" src="data:image/png;base64,AA==">',
    "<h3>B</h3><h3>C</h3><h4>D</h4><h2>E</h2>",
    '<p>Range 1 to 2 % { of } GDP</p><div style="background:url(data:image/png;base64,AA==)"></div>',
]
BAD = {
    "remote script": ('<script src="https://cdn.example/x.js"></script>', "loads from outside"),
    "inline script": ("<script>1</script>", "contains a script"),
    "remote style": ('<link rel="stylesheet" href="//fonts.example/css">', "loads from outside"),
    "local file": ('<img alt="x" src="figure.png">', "loads from outside"),
    "css import": ('<style>@import "x.css";</style>', "style sheet loads"),
    "css url": ("<style>p {background: url(https://x.example/a.png)}</style>", "style sheet loads"),
    "style attribute": ('<p style="background:url(/a.png)">x</p>', "style sheet loads"),
    "svg use": ('<svg aria-label="x"><use href="https://x.example/a.svg#b"/></svg>', "loads from outside"),
    "frame": ('<iframe srcdoc="x"></iframe>', "foreign content"),
    "handler": ('<p onclick="x()">x</p>', "script in an attribute"),
    "javascript link": ('<a href="javascript:alert(1)">x</a>', "script in an address"),
    "refresh": ('<meta http-equiv="refresh" content="0">', "refreshes"),
    "no alt": ('<img src="data:image/png;base64,AA==">', "without alternative text"),
    "no svg text": ('<svg viewBox="0 0 1 1"></svg>', "drawing without"),
    "duplicate id": ('<p id="a">x</p>', "duplicate id: a"),
    "dangling link": ('<a href="#nowhere">x</a>', "#nowhere"),
    "second h1": ("<h1>x</h1>", "one h1"),
    "skipped level": ("<h4>x</h4>", "h4 follows h2"),
    "error output": ('<div class="output_error">x</div>', "error output"),
    "traceback": ("<pre>Traceback (most recent call last)</pre>", "error output"),
    "nan": ("<td>nan</td>", "'nan'"),
    "NaN in text": ("<p>It rose by NaN %.</p>", "'NaN'"),
    "inf": ("<td>-inf</td>", "inf"),
    "None": ("<td>None</td>", "'None'"),
    "NaT": ("<td>NaT</td>", "'NaT'"),
    "NA": ("<td>&lt;NA&gt;</td>", "<NA>"),
    "mark": ("<p>{{ country }}</p>", "template mark"),
    "mark in attribute": ('<p title="{% x %}">x</p>', "template mark"),
    "formula": (r"<p>\frac{1}{2}</p>", "formula"),
}


@pytest.mark.parametrize("body", GOOD)
def test_good_pages_pass(body: str) -> None:
    assert problems(page(body)) == []


@pytest.mark.parametrize(("body", "said"), BAD.values(), ids=BAD)
def test_each_fault_is_named(body: str, said: str) -> None:
    found = problems(PAGE.replace("{{color: red}}", "{color: red}").replace("{body}", body))
    assert any(said in problem for problem in found), found


def test_the_whole_is_checked_and_everything_is_said_at_once() -> None:
    bare = "<html><body><h2>x</h2><p>nan</p><p>x</p></body></html>"
    with pytest.raises(RenderError) as refusal:
        check(bare, name="KEN.html")
    for said in ("names no language", "no title", "no main landmark", "one h1", "'nan'"):
        assert said in str(refusal.value)
    assert str(refusal.value).startswith("KEN.html")


def test_size() -> None:
    assert problems(page("<p>" + "é" * 2000 + "</p>"), max_bytes=3000)
    assert not problems(page("<p>" + "é" * 2000 + "</p>"), max_bytes=6000)


def test_a_renderers_inline_script_may_be_let_through_but_never_a_loaded_one() -> None:
    assert not problems(page("<script>1</script>"), inline_scripts=True)
    assert problems(page('<script src="x.js"></script>'), inline_scripts=True)


def test_quoted_messages_are_not_judged_where_that_is_allowed() -> None:
    quoted = page("<p data-quoted>It is <b>nan</b>, {{ x }}</p><p>fine</p>")
    assert problems(quoted)
    assert not problems(quoted, quotes=True)
    assert problems(page("<p data-quoted>x</p><p>nan</p>"), quotes=True)


OWN = ("Bank of nan", "{{ name }}", "Ordinary Bank", "undefined")


@pytest.mark.parametrize("words", OWN)
def test_the_users_own_text_may_say_anything(words: str) -> None:
    body = page(f"<p>Prepared by {words}.</p><table><tr><td>{words}</td></tr></table>")
    assert not problems(body, own_words=OWN)


def test_leave_for_the_users_text_hides_no_fault() -> None:
    faults = page("<p>The Bank of Nantes rose by nan %, {{ x }}</p>")
    assert len(problems(faults, own_words=("a", "n", "Bank of nan", "{{ name }}"))) == 2
