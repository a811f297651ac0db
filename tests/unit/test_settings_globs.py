from __future__ import annotations

import pytest

from dagcheck.settings.globs import fault_of, matcher


def matched(pattern: str, *paths: str) -> list[str]:
    return [path for path in paths if matcher([pattern])(path)]


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        (
            "notebooks",
            ["notebooks", "notebooks/a.py", "pkg/notebooks/deep/a.py"],
            ["notebooks2/a.py", "my_notebooks/a.py"],
        ),
        ("notebooks/", ["notebooks/a.py", "pkg/notebooks/a.py"], ["notebooks2/a.py"]),
        ("/notebooks", ["notebooks/a.py"], ["pkg/notebooks/a.py"]),
        ("./notebooks", ["notebooks/a.py"], ["pkg/notebooks/a.py"]),
        ("pkg/legacy", ["pkg/legacy", "pkg/legacy/a.py"], ["legacy/a.py", "x/pkg/legacy/a.py", "pkg/legacy2/a.py"]),
        ("legacy/**", ["legacy/a.py", "legacy/b/c.py"], ["legacy", "legacy.py", "x/legacy/a.py"]),
        (
            "**/legacy/**",
            ["legacy/a.py", "x/legacy/a.py", "x/y/legacy/z/a.py"],
            ["legacy", "x/legacy", "x/legacy2/a.py"],
        ),
        ("**/legacy", ["legacy", "x/legacy", "x/legacy/a.py"], ["x/my_legacy"]),
        ("a/**/b.py", ["a/b.py", "a/x/b.py", "a/x/y/b.py"], ["b.py", "ab.py", "a/xb.py", "a/b.pyc"]),
        ("*_old.py", ["a_old.py", "pkg/a_old.py"], ["a_old.pyc", "old.py"]),
        ("*.py", ["a.py", "pkg/b.py"], ["a.pyi", "apy"]),
        ("pkg/*.py", ["pkg/a.py"], ["pkg/deep/a.py", "a.py"]),
        ("pkg/*/a.py", ["pkg/x/a.py"], ["pkg/a.py", "pkg/x/y/a.py"]),
        ("a?.py", ["ab.py", "x/ab.py"], ["a.py", "abc.py", "a/.py"]),
        ("v[0-9].py", ["v1.py"], ["va.py", "v10.py"]),
        ("v[!0-9].py", ["va.py"], ["v1.py", "v/.py"]),
        ("v[]].py", ["v].py"], ["v.py"]),
        ("v[a^].py", ["v^.py", "va.py"], ["vb.py"]),
        ("v[z-a].py", ["vz.py", "v-.py"], ["vb.py"]),
        ("x[[]y", ["x[y"], ["xy"]),
        ("a.py", ["a.py"], ["axpy"]),
        ("a+b(c)", ["a+b(c)"], ["aab(c)", "a+bc"]),
        ("Legacy", ["Legacy/a.py"], ["legacy/a.py"]),
        ("new\nline.py", ["new\nline.py"], ["new"]),
    ],
)
def test_a_pattern_covers_what_it_names_and_everything_below(pattern: str, hits: list[str], misses: list[str]) -> None:
    assert fault_of(pattern) == ""
    assert matched(pattern, *hits, *misses) == hits


def test_no_pattern_matches_nothing() -> None:
    assert not matcher([])("a.py")


def test_several_patterns_are_alternatives() -> None:
    test = matcher(["a.py", "b/*"])
    assert [path for path in ("a.py", "b/c.py", "c.py") if test(path)] == ["a.py", "b/c.py"]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", "must name something"),
        ("/", "must name something"),
        (".", "must name something"),
        ("../x", "cannot leave"),
        ("a/../b", "cannot leave"),
        ("a\\b", "separated by `/`"),
        ("a**b", "alone between slashes"),
        ("**.py", "alone between slashes"),
        ("a[bc", "not closed"),
        ("[]", "not closed"),
        ("x[!]", "not closed"),
    ],
)
def test_a_faulty_pattern_is_told_and_matches_nothing(pattern: str, fault: str) -> None:
    assert fault in fault_of(pattern)
    assert matched(pattern, "a.py", "x", "a/b", "ab", "abc") == []


def test_a_faulty_pattern_does_not_spoil_its_neighbours() -> None:
    assert matcher(["[", "a.py"])("a.py")
