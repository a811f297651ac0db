"""Does the comment on a pull request stay calm, short, and free of what code could smuggle into it?"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from dagcheck.diagnostics import Diagnostic
from dagcheck.impact.changes import Effect, Kind
from dagcheck.impact.effects import Change
from dagcheck.impact.outcome import Impact, Output
from dagcheck.impact.propagation import Affected
from dagcheck.report.escaping import code, prose
from dagcheck.report.headline import headline
from dagcheck.report.markdown import MARKER, markdown
from dagcheck.report.mermaid import impact_picture, label
from dagcheck.span import Location, Span

NOTHING = Impact("a" * 40, "working-tree", True, (), (), (), (), (), (), ())
TWO = (
    "2 nodes changed, 1 breaks what depends on it; 1 node downstream and 1 output affected; "
    "this change introduces 1 error and 1 warning and resolves 1 finding"
)
EVIL = "`x`|<img src=x onerror=alert(1)>](http://a.b)<!-- @team **b** \n# h\x1b[31m\u202e"


def change(
    name: str,
    effect: Effect = "behaviour",
    kind: Kind = "modified",
    flow: str = "shop",
    reason: str = "its code changed",
) -> Change:
    return Change(name, flow, kind, ("body",), effect, reason, (), "shop.py", 3)


def affected(name: str, distance: int = 0, route: tuple[str, ...] = (), flow: str = "shop") -> Affected:
    return Affected(name, flow, distance, (*route, name), None)


def finding(message: str = "something is wrong", severity: str = "error") -> Diagnostic:
    place = Location("shop.py", Span(1, 1, 1, 2))
    return Diagnostic("lost-producer", severity, "certain", "silent", message, place)  # type: ignore[arg-type]


def large(nodes: int, length: int = 12) -> Impact:
    names = [f"{'n' * length}{index}" for index in range(nodes)]
    edges = tuple(("shop", one, other) for one, other in pairwise(names))
    return NOTHING._replace(
        changes=tuple(change(name) for name in names),
        affected=tuple(affected(name, index % 9, tuple(names[:3])) for index, name in enumerate(names)),
        outputs=tuple(Output(name, "shop", "run.py", 3) for name in names),
        owners=tuple(names),
        tests=tuple(f"tests/test_{name}.py::test" for name in names),
        new=tuple(finding(name) for name in names),
        edges=edges,
        modules=tuple((("shop", name), f"module{index % 20}") for index, name in enumerate(names)),
    )


def test_it_opens_with_the_marker_and_the_headline() -> None:
    text = markdown(NOTHING._replace(changes=(change("price"),), affected=(affected("price"),)))
    assert text.startswith(f"{MARKER}\n\n### 🟡 1 node changed; nothing else is affected\n")


def test_nothing_is_said_calmly() -> None:
    text = markdown(NOTHING)
    assert "### No node changed\n" in text
    assert not re.search(r"🔴|🟡|breaking|\|", text)


@pytest.mark.parametrize(
    ("impact", "words"),
    [
        (NOTHING, "No node changed"),
        (
            NOTHING._replace(changes=(change("a", "metadata"),)),
            "Only documentation, tags or places changed (1 node)",
        ),
        (
            NOTHING._replace(changes=(change("a", "breaking"),), affected=(affected("a"), affected("b", 1))),
            "1 node changed and breaks what depends on it; 1 node downstream affected",
        ),
        (
            NOTHING._replace(
                changes=(change("a"), change("b", "breaking"), change("b", "breaking", flow="other")),
                affected=(affected("a"), affected("b"), affected("c", 1)),
                outputs=(Output("c", "shop", "run.py", 1),),
                new=(finding(), finding(severity="warning")),
                resolved=(finding(),),
            ),
            TWO,
        ),
    ],
)
def test_the_headline(impact: Impact, words: str) -> None:
    assert headline(impact) == words


@pytest.mark.parametrize("nodes", [1, 60, 61, 500, 5000])
@pytest.mark.parametrize("length", [12, 4000])
def test_it_stays_below_the_limit_whatever_the_size(nodes: int, length: int) -> None:
    text = markdown(large(nodes, length if nodes < 5000 else 12))
    assert len(text) < 65_536
    assert text.startswith(MARKER)
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    assert nodes < 500 or "and" in text
    assert nodes < 500 or re.search(r"… and [\d]+ more", text)


def test_a_picture_has_at_most_sixty_nodes_and_then_shows_modules() -> None:
    drawing, remark = impact_picture(large(60))
    assert (drawing.count("]:::") + drawing.count("]):::"), remark) == (60, "")
    drawing, remark = impact_picture(large(61))
    assert drawing.count('"module') == 20
    assert remark == "61 nodes are too many to draw: these are their modules."
    every = large(3000)
    apart = every._replace(modules=tuple((key, f"m{index}") for index, (key, _) in enumerate(every.modules)))
    assert impact_picture(apart) == ("", "3000 nodes in 3000 modules are too many to draw.")
    assert impact_picture(large(1)) == ("", "")


def test_what_comes_from_code_means_nothing() -> None:
    evil = large(1)._replace(
        changes=(change(EVIL, "breaking", reason=f"`{EVIL}` {EVIL}"), change("b")),
        affected=(affected(EVIL, 0), affected("b", 1, (EVIL,))),
        outputs=(Output(EVIL, EVIL, EVIL, 1),),
        owners=(EVIL, "@team"),
        tests=(EVIL,),
        new=(finding(EVIL),),
        edges=(("shop", EVIL, "b"),),
    )
    text = markdown(evil)
    outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", re.sub(r"```\w*\n.*?\n```", "", text, flags=re.DOTALL))
    outside = outside.replace(MARKER, "").replace("<br>", "")
    outside = re.sub(r"</?(details|summary|sub)>", "", outside)
    assert "<" not in outside
    assert "@" not in outside
    assert "](" not in outside
    assert "\x1b" not in text
    assert "\u202e" not in text
    for line in text.split("\n"):
        if line.startswith("| ") and "---" not in line:
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 5, 6), line


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a|b", r"`a\|b`"),
        ("a\nb", r"`a\nb`"),
        ("", "``` ```"),
        ("x" * 500, f"`{'x' * 159}…`"),
    ],
)
def test_code_spans(text: str, span: str) -> None:
    assert code(text) == span


def test_prose_keeps_code_spans_and_escapes_the_rest() -> None:
    assert prose("`a_b` reads <b> and *c*") == "`a_b` reads &#60;b&#62; and &#42;c&#42;"
    assert prose("a ` b") == "a &#96; b"


def test_labels_of_pictures_are_only_text() -> None:
    assert label('a"b;#<c>`') == "a#34;b#59;#35;#60;c#62;#96;"
    assert len(label("n" * 100)) == 48
    assert "\n" not in label("a\nb")
