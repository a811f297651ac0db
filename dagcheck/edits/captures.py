"""Would a new name mean something else where it is about to be written?

A variable that is renamed must not meet another of its new name: neither may its places fall under another binding, nor may
places of the other name fall under its own.
"""

from __future__ import annotations

from collections.abc import Collection

from dagcheck.occurrences.scopes import Block, Mention, Scopes
from dagcheck.span import Span


def captures(found: Scopes, spans: Collection[Span], old: str, new: str) -> list[str]:
    """Why these places of variables, which begin with `old`, cannot begin with `new`; empty when they can.

    A place may be followed by a suffix (`spend__us`), which stays.
    """
    changed = [
        mention for mention in found.mentions if mention.span is not None and _starts_with_one(mention.span, spans)
    ]
    owners: dict[int, tuple[Block, str]] = {}
    for mention in changed:
        if mention.owner is not None:
            owners[id(mention.owner)] = (mention.owner, mention.name)
    for name, _, span, block in found.parameters:
        if _starts_with_one(span, spans):
            owners[id(block)] = (block, name)
    for name, _, span in found.imports:
        if _starts_with_one(span, spans) and name.startswith(old):
            owners[id(found.module)] = (found.module, name)
    problems = [
        problem for owner, name in owners.values() for problem in _in_block(found, owner, new + name[len(old) :])
    ]
    problems += [problem for mention in changed if (problem := _on_the_way(mention, new + mention.name[len(old) :]))]
    unplaced = {mention.name for mention in found.mentions if mention.span is None and id(mention.owner) in owners}
    for owner, name in owners.values():
        if name in unplaced and any(m.owner is owner and m.name == name and m.span is None for m in found.mentions):
            problems.append(f"`{name}` is also written in a way whose place is not known (line {owner.line})")
    return list(dict.fromkeys(problems))


def other_places(found: Scopes, spans: Collection[Span], length: int) -> list[Span]:
    """Where else the variables stand that stand at these places; the first `length` characters of each."""
    starts = {(span.line, span.column) for span in spans}
    owners: set[tuple[int, str]] = set()
    for mention in found.mentions:
        if mention.span is not None and tuple(mention.span[:2]) in starts:
            owners.add((id(mention.owner), mention.name))
    owners |= {(id(block), name) for name, _, span, block in found.parameters if tuple(span[:2]) in starts}
    places = [mention.span for mention in found.mentions if (id(mention.owner), mention.name) in owners]
    return [
        Span(span.line, span.column, span.line, span.column + length)
        for span in places
        if span is not None and tuple(span[:2]) not in starts
    ]


def _starts_with_one(span: Span, spans: Collection[Span]) -> bool:
    return any((span.line, span.column) == (each.line, each.column) for each in spans)


def _in_block(found: Scopes, owner: Block, new: str) -> list[str]:
    """Does the block that binds the old name bind the new one, or mean something further out by it?"""
    if new in owner.bound:
        return [f"`{new}` already means something in {_named(owner)}"]
    for mention in found.mentions:
        if mention.name == new and _is_inside(mention.block, owner) and not _is_strictly_inside(mention.owner, owner):
            place = f" in line {mention.span.line}" if mention.span is not None else ""
            return [f"{_named(owner)} speaks of another `{new}`{place}"]
    return []


def _on_the_way(mention: Mention, new: str) -> str:
    """Does a block between a place and its binding bind the new name?"""
    block: Block | None = mention.block
    while block is not None and block is not mention.owner:
        if new in block.bound:
            return f"`{new}` already means something in {_named(block)}"
        block = block.parent
    return ""


def _is_inside(block: Block | None, outer: Block) -> bool:
    while block is not None:
        if block is outer:
            return True
        block = block.parent
    return False


def _is_strictly_inside(block: Block | None, outer: Block) -> bool:
    return block is not None and block is not outer and _is_inside(block, outer)


def _named(block: Block) -> str:
    return "the module" if block.kind == "module" else f"the {block.kind} in line {block.line}"
