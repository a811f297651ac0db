"""Which elements does a value have?

`iterate` lists the elements of plain containers, ranges, texts and Enum classes. Elements that cannot be known appear as
`Unknown`, runs of them as `Rest`; what cannot be iterated at all, or is too long, is `Unknown`. `spoil` is the other side: it leaves
a `Rest` in a container that was changed in a way that could not be followed.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.lowering import derives
from dagcheck.evaluation.objects import Class, Generator, Instance, Model
from dagcheck.evaluation.operations import LARGEST
from dagcheck.evaluation.values import Reference, Rest, Unknown, Value

_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})


class Endless(Model):
    """An iterator without an end: some items over and over, or numbers from `start` on."""

    __slots__ = ("items", "start", "step")

    def __init__(self, items: list[Value], start: Value = 0, step: Value = 1) -> None:
        self.items = items
        self.start = start
        self.step = step

    def take(self, count: int) -> list[Value]:
        """The first so many elements."""
        if self.items:
            return [self.items[index % len(self.items)] for index in range(count)]
        return [self.start + index * self.step for index in range(count)]


def iterate(value: Value) -> list[Value] | Unknown:
    """The elements of `value` in order."""
    if isinstance(value, (str, bytes, range)) or type(value) in (list, tuple, dict, set, frozenset):
        if len(value) > LARGEST:
            return Unknown("is too long to follow")
        # Sets have no order a program may rely on; sorting makes ours the same in every run.
        return sorted(value, key=repr) if type(value) in (set, frozenset) else list(value)
    if isinstance(value, Class) and is_enum(value):
        return list({id(member): member for member in enum_members(value).values()}.values())
    if isinstance(value, Generator):
        return list(value.yields)
    if isinstance(value, Instance) and "_fields" in value.fields:
        return [value.fields[name] for name in value.fields["_fields"]]
    if isinstance(value, Generator):
        return list(value.yields)
    if isinstance(value, Endless):
        return Unknown("never ends")
    return explain(value)


def spoil(container: Value, reason: Unknown) -> None:
    """Mark a container as changed in a way that could not be followed."""
    if isinstance(container, list):
        container.append(Rest(reason))
    elif isinstance(container, dict):
        container[Rest(reason)] = None
    elif isinstance(container, set):
        container.add(Rest(reason))


def is_enum(value: Class) -> bool:
    """Does the class derive from `enum.Enum` or one of its kin?"""
    for base in value.bases:
        if isinstance(base, Reference) and base.name in _ENUMS:
            return True
        if isinstance(base, Class) and is_enum(base):
            return True
    return False


def enum_members(value: Class) -> dict[str, Value]:
    """The members of an Enum class by name: `Instance`s with the fields `name` and `value`. An alias is the member that it names."""
    members: dict[str, Value] = {}
    contents: list[Value] = []
    for name, item in list(value.names.items()):
        if name.startswith("_") or isinstance(item, (Class,)) or type(item).__name__ in ("Function", "Lambda"):
            continue
        content = _made_automatically(value, name, contents) if _is_auto(item) else item
        contents.append(content)
        same = (part for part in members.values() if is_plain(content) and part.fields["value"] == content)
        members[name] = next(same, None) or _member(value, name, content)
    return members


def _made_automatically(owner: Class, name: str, before: list[Value]) -> Value:
    """The value that `auto()` stands for, after these."""
    if derives(owner, "enum.StrEnum"):
        return name.lower()
    if _makes_values(owner) or any(
        derives(owner, base) for base in ("builtins.str", "builtins.float", "builtins.bytes")
    ):
        return Unknown("is made by `auto()`")
    numbers = [content for content in before if isinstance(content, int)]
    if any(not is_plain(content) for content in before) or (numbers and numbers[-1] != max(numbers)):
        return Unknown("is made by `auto()` after values that are not in order")
    if derives(owner, "enum.Flag") or derives(owner, "enum.IntFlag"):
        return 1 << max(numbers, default=0).bit_length()
    return max(numbers, default=0) + 1


def _makes_values(owner: Class) -> bool:
    """Has an Enum, or one that it derives from, a `_generate_next_value_` of its own?"""
    made = "_generate_next_value_" in owner.names
    return made or any(_makes_values(base) for base in owner.bases if isinstance(base, Class))


def _member(owner: Class, name: str, content: Value) -> Instance:
    # One object per member, so that comparing members by identity means what it says.
    made = owner.names.get(f"__member_{name}")
    if not isinstance(made, Instance):
        made = Instance(owner, {"name": name, "value": content, "_value_": content})
        owner.names[f"__member_{name}"] = made
    return made


def _is_auto(value: Value) -> bool:
    callee = getattr(value, "callee", None)
    return isinstance(callee, Reference) and callee.name == "enum.auto"
