from __future__ import annotations

import marshal
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest

from dagcheck.source import cache as module
from dagcheck.source import cache_folder
from dagcheck.source.cache import Cache, Kind
from dagcheck.source.cache_folder import existing_folder, made_folder

ROOT = Path(__file__).resolve().parents[2]
KINDS = get_args(Kind)
TODAY = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".dagcheck_cache"


def opened(folder: Path, *, version: str = "1.0", schema: int = 1, today: int = TODAY) -> closing[Cache]:
    return closing(Cache(str(folder), version=version, schema=schema, today=today))


def put(folder: Path, kind: Kind, items: dict[str, Any], **how: Any) -> None:
    with opened(folder, **how) as cache:
        cache.put(kind, items)


def get(folder: Path, kind: Kind, *keys: str, **how: Any) -> dict[str, Any]:
    with opened(folder, **how) as cache:
        return cache.get(kind, keys)


def private(folder: Path) -> Path:
    found = existing_folder(str(folder))
    assert found is not None
    return Path(found)


def database(folder: Path) -> Path:
    return private(folder) / "rows.sqlite"


def run_file(folder: Path) -> Path:
    [path] = (private(folder) / "runs").iterdir()
    return path


# What is put is got


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "value",
    [
        None,
        (),
        "",
        0,
        -1,
        1.5,
        True,
        b"\0",
        "é\ud800",
        (1, ("a", None), [1, {"k": (2,)}]),
        {"a": 1},
        frozenset({1}),
        ...,
        2**80,
    ],
)
def test_plain_data_comes_back_as_it_was(folder: Path, kind: Kind, value: Any) -> None:
    put(folder, kind, {"key": value})
    assert get(folder, kind, "key") == {"key": value}


@pytest.mark.parametrize("kind", KINDS)
def test_only_known_keys_are_in_the_answer(folder: Path, kind: Kind) -> None:
    put(folder, kind, {"a": 1, "b": 2})
    assert get(folder, kind, "a", "c", "b", "a") == {"a": 1, "b": 2}
    assert get(folder, kind) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_keys_may_be_bytes(folder: Path, kind: Kind) -> None:
    with opened(folder) as cache:
        cache.put(kind, {b"\xff": 1})
        assert cache.get(kind, [b"\xff", b"\xfe"]) == {b"\xff": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_later_value_replaces_an_earlier_one(folder: Path, kind: Kind) -> None:
    with opened(folder) as cache:
        cache.put(kind, {"a": 1})
        cache.put(kind, {"a": 2})
        assert cache.get(kind, ["a"]) == {"a": 2}


def test_the_kinds_do_not_mix(folder: Path) -> None:
    for kind in KINDS:
        put(folder, kind, {"a": kind})
    assert [get(folder, kind, "a") for kind in KINDS] == [{"a": kind} for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", [{"version": "1.1"}, {"schema": 2}])
def test_another_version_or_schema_sees_nothing(folder: Path, kind: Kind, other: dict[str, Any]) -> None:
    put(folder, kind, {"a": 1})
    assert get(folder, kind, "a", **other) == {}
    put(folder, kind, {"a": 2}, **other)
    assert get(folder, kind, "a") == {"a": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_another_python_sees_nothing(folder: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, kind, {"a": 1})
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    assert get(folder, kind, "a") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_marshal_does_not_take_is_passed_over(folder: Path, kind: Kind) -> None:
    deep: tuple[Any, ...] = ()
    for _ in range(5_000):
        deep = (deep,)
    put(folder, kind, {"object": object(), "good": 1, "deep": deep})
    assert get(folder, kind, "object", "good", "deep") == {"good": 1}


def test_ten_thousand_rows_are_read_fast(folder: Path) -> None:
    rows = {f"{number:032x}": (f"node_{number}", number, None) for number in range(10_000)}
    put(folder, "units", rows)
    with opened(folder) as cache:
        start = time.perf_counter()
        found = cache.get("units", list(rows))
        seconds = time.perf_counter() - start
    assert found == rows
    assert seconds < 1.0


# The folder


def test_reading_makes_no_folder(folder: Path) -> None:
    assert get(folder, "facts", "a") == {}
    put(folder, "facts", {})
    assert not folder.exists()


def test_the_folder_ignores_itself_and_is_marked_as_a_cache(folder: Path) -> None:
    put(folder, "runs", {"a": 1})
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert (
        (folder / "CACHEDIR.TAG").read_text(encoding="utf-8").startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    assert [path.name for path in folder.rglob("*.sqlite")] == []


def test_a_copy_of_the_cache_is_not_believed(folder: Path, tmp_path: Path) -> None:
    for kind in KINDS:
        put(folder, kind, {"a": "forged"})
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert [get(copy, kind, "a") for kind in KINDS] == [{}] * len(KINDS)
    put(copy, "facts", {"a": "own"})
    assert get(copy, "facts", "a") == {"a": "own"}
    assert len([path for path in copy.iterdir() if path.is_dir()]) == 1, "what was copied along is cleared away"


def test_a_project_that_moves_keeps_its_cache(folder: Path, tmp_path: Path) -> None:
    put(folder, "facts", {"a": 1})
    folder.parent.rename(tmp_path / "moved")
    assert get(tmp_path / "moved" / folder.name, "facts", "a") == {"a": 1}


def test_a_link_in_the_place_of_the_cache_is_not_followed(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    folder.parent.mkdir()
    folder.symlink_to(target)
    put(folder, "facts", {"a": 1})
    assert get(folder, "facts", "a") == {}
    assert list(target.iterdir()) == []


def test_links_planted_in_the_cache_are_not_written_through(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    victim = tmp_path / "victim"
    for name in (".gitignore", "CACHEDIR.TAG", "identity"):
        (folder / name).symlink_to(victim)
    put(folder, "facts", {"a": 1})
    assert not victim.exists()


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_is_not_believed(folder: Path, mode: int) -> None:
    put(folder, "facts", {"a": 1})
    private(folder).chmod(mode)
    assert get(folder, "facts", "a") == {}


def test_another_user_sees_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {"a": 1})
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    assert get(folder, "facts", "a") == {}


def test_an_identity_with_contents_is_not_believed(folder: Path) -> None:
    put(folder, "facts", {"a": 1})
    (folder / "identity").write_text("x", encoding="utf-8")
    put(folder, "facts", {"a": 2})
    assert get(folder, "facts", "a") == {}


# Damage


@pytest.fixture(params=["empty", "text", "truncated", "zeroed", "folder"])
def damage(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    def inflict(path: Path) -> None:
        content = path.read_bytes()
        path.unlink()
        match request.param:
            case "empty":
                path.write_bytes(b"")
            case "text":
                path.write_bytes(b"this is no database " * 500)
            case "truncated":
                path.write_bytes(content[: len(content) // 2])
            case "zeroed":
                path.write_bytes(content[:100] + bytes(len(content) - 100))
            case "folder":
                path.mkdir()

    return inflict


def test_a_damaged_database_is_an_empty_one(folder: Path, damage: Callable[[Path], None]) -> None:
    put(folder, "facts", {str(number): "x" * 100 for number in range(500)})
    damage(database(folder))
    found = get(folder, "facts", *map(str, range(500)))
    assert set(found.values()) <= {"x" * 100}


@pytest.mark.parametrize("damage", ["empty", "text", "truncated", "zeroed"], indirect=True)
def test_a_damaged_database_is_made_anew(folder: Path, damage: Callable[[Path], None]) -> None:
    put(folder, "facts", {str(number): "x" * 100 for number in range(500)})
    damage(database(folder))
    with opened(folder) as cache:
        cache.get("facts", ["1"])
        cache.put("facts", {"a": 1})
    assert get(folder, "facts", "a") == {"a": 1}


def test_a_damaged_verdict_is_none_and_can_be_written_again(folder: Path, damage: Callable[[Path], None]) -> None:
    put(folder, "runs", {"a": ("x",) * 50})
    damage(run_file(folder))
    assert get(folder, "runs", "a") == {}
    if run_file(folder).is_file():
        put(folder, "runs", {"a": 1})
        assert get(folder, "runs", "a") == {"a": 1}


def test_no_flipped_byte_gives_a_wrong_answer(folder: Path) -> None:
    value = ("spend", 1, ("a", "b"), 2.5)
    put(folder, "runs", {"a": value})
    path = run_file(folder)
    content = path.read_bytes()
    for index in range(len(content)):
        path.write_bytes(content[:index] + bytes([content[index] ^ 0x41]) + content[index + 1 :])
        assert get(folder, "runs", "a") == {}


def test_a_changed_row_gives_no_answer(folder: Path) -> None:
    put(folder, "facts", {"a": (1, 2), "b": (3, 4)})
    with closing(sqlite3.connect(database(folder))) as connection, connection:
        connection.execute("UPDATE entries SET payload = ?", (bytes(16) + marshal.dumps("forged"),))
    assert get(folder, "facts", "a", "b") == {}


def test_rows_that_changed_places_give_no_answer(folder: Path) -> None:
    put(folder, "facts", {"a": 1, "b": 2})
    with closing(sqlite3.connect(database(folder))) as connection, connection:
        [(first, one), (second, two)] = connection.execute("SELECT key, payload FROM entries").fetchall()
        connection.execute("UPDATE entries SET payload = ? WHERE key = ?", (two, first))
        connection.execute("UPDATE entries SET payload = ? WHERE key = ?", (one, second))
    assert get(folder, "facts", "a", "b") == {}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE entries",
        "DROP TABLE pruned",
        "DELETE FROM pruned",
        "PRAGMA user_version = 7",
        "UPDATE entries SET day = NULL",
        "UPDATE entries SET day = 'long ago'",
        "UPDATE entries SET payload = NULL",
        "UPDATE entries SET payload = 'text'",
        "ALTER TABLE entries RENAME COLUMN payload TO other",
    ],
)
def test_a_database_of_another_shape_is_harmless_and_heals(folder: Path, statement: str) -> None:
    put(folder, "facts", {"a": 1})
    with closing(sqlite3.connect(database(folder))) as connection, connection:
        connection.execute(statement)
    assert get(folder, "facts", "a", today=TODAY + 1) in ({}, {"a": 1})
    for _ in range(2):
        put(folder, "facts", {"b": 2}, today=TODAY + 1)
    assert get(folder, "facts", "b") == {"b": 2}


# Trouble


def test_a_locked_database_is_an_empty_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {"a": 1})
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **how: real(*args, **{**how, "timeout": 0.05}))
    with closing(real(database(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert get(folder, "facts", "a") == {}
        put(folder, "facts", {"b": 2})
        other.execute("ROLLBACK")
    assert get(folder, "facts", "a", "b") == {"a": 1}, "nothing was lost"


def test_a_full_disk_is_no_obstacle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {"a": 1})
    real = sqlite3.connect

    def connect(*args: Any, **how: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*args, **how)
        connection.execute("PRAGMA max_page_count = 5")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    put(folder, "facts", {str(number): "x" * 10_000 for number in range(100)})
    monkeypatch.undo()
    assert get(folder, "facts", "a", "1") == {"a": 1}


def test_a_file_system_that_refuses_to_write_is_no_obstacle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "runs", {"a": 1})

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    put(folder, "runs", {"b": 2})
    monkeypatch.undo()
    assert get(folder, "runs", "a", "b") == {"a": 1}
    assert len(list((private(folder) / "runs").iterdir())) == 1, "no temporary file stays"


def test_a_place_where_no_folder_can_be_made_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "cache"):
        for kind in KINDS:
            put(place, kind, {"a": 1})
            assert get(place, kind, "a") == {}


def test_a_read_only_database_can_still_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {"a": 1})
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **how: real(f"{Path(path).as_uri()}?mode=ro", uri=True, **how))
    put(folder, "facts", {"b": 2})
    assert get(folder, "facts", "a", "b", today=TODAY + 20) == {"a": 1}


def test_an_interpreter_without_sqlite_has_an_empty_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {"a": 1})
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    put(folder, "facts", {"b": 2})
    assert get(folder, "facts", "a", "b") == {}


def test_two_processes_can_write_at_once(folder: Path) -> None:
    script = (
        "import sys; from dagcheck.source.cache import Cache\n"
        "for turn in range(20):\n"
        "    cache = Cache(sys.argv[1], version='1.0', schema=1, today=20_000)\n"
        "    cache.put('facts', {f'{sys.argv[2]}-{turn}-{n}': (turn, n) for n in range(50)})\n"
        "    cache.put('runs', {'same': 'same'})\n"
        "    cache.close()\n"
    )
    command = [sys.executable, "-c", script, str(folder)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT, stderr=subprocess.PIPE) for name in "abc"]
    errors = [writer.communicate()[1] for writer in writers]
    assert errors == [b"", b"", b""]
    expected = {f"{name}-{turn}-{n}": (turn, n) for name in "abc" for turn in range(20) for n in range(50)}
    found = get(folder, "facts", *expected)
    assert found.items() <= expected.items()
    assert len(found) > len(expected) // 2
    assert get(folder, "runs", "same") == {"same": "same"}


def test_a_writer_that_dies_midway_leaves_what_was_there(folder: Path) -> None:
    put(folder, "facts", {"a": 1})
    script = (
        "import os, sys; from dagcheck.source import cache\n"
        "cache.Cache._prune = lambda *_: os._exit(3)\n"
        "cache.Cache(sys.argv[1], version='1.0', schema=1).put('facts', {'a': 2, 'b': 3})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == 3
    assert get(folder, "facts", "a", "b") == {"a": 1}


# Upkeep


def test_what_was_not_used_for_a_month_is_dropped(folder: Path) -> None:
    put(folder, "facts", {"used": 1, "unused": 2})
    assert get(folder, "facts", "used", today=TODAY + 20) == {"used": 1}
    put(folder, "facts", {"new": 3}, today=TODAY + 31)
    assert get(folder, "facts", "used", "unused", "new") == {"used": 1, "new": 3}


def test_what_was_used_a_month_ago_to_the_day_stays(folder: Path) -> None:
    put(folder, "facts", {"a": 1})
    put(folder, "facts", {"b": 2}, today=TODAY + 30)
    assert get(folder, "facts", "a") == {"a": 1}


def test_a_cache_that_grew_too_large_begins_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "facts", {str(number): "x" * 1000 for number in range(300)})
    monkeypatch.setattr(module, "MAXIMUM_BYTES", 100_000)
    put(folder, "facts", {"same day": 1})
    assert get(folder, "facts", "1", "same day").keys() == {"1", "same day"}
    put(folder, "facts", {"next day": 1}, today=TODAY + 1)
    assert get(folder, "facts", "1", "same day", "next day") == {}
    assert database(folder).stat().st_size < 100_000
    put(folder, "facts", {"after": 1}, today=TODAY + 1)
    assert get(folder, "facts", "after") == {"after": 1}


def test_only_the_newest_verdicts_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_RUNS", 3)
    for number in range(5):
        put(folder, "runs", {str(number): number})
        for path in (private(folder) / "runs").iterdir():
            os.utime(path, ns=(path.stat().st_mtime_ns - 10**9,) * 2)
    assert get(folder, "runs", *"01234") == {"2": 2, "3": 3, "4": 4}


def test_a_run_in_which_nothing_changed_does_not_load_the_database(folder: Path) -> None:
    put(folder, "runs", {"a": 1})
    script = (
        "import sys; from dagcheck.source.cache import Cache\n"
        "cache = Cache(sys.argv[1], version='1.0', schema=1)\n"
        "print(cache.get('runs', ['a']), 'sqlite3' in sys.modules); cache.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "{'a': 1} False\n"


def test_making_the_folder_twice_gives_the_same(folder: Path) -> None:
    assert made_folder(str(folder)) == made_folder(str(folder)) == existing_folder(str(folder))


def test_a_seal_holds_for_its_key_alone() -> None:
    stored = cache_folder.seal(b"key", 1)
    assert stored is not None
    assert cache_folder.unseal(b"key", stored) == (1,)
    assert cache_folder.unseal(b"kez", stored) is None
    assert cache_folder.unseal(b"key", b"") is None
