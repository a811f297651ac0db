"""What does a function look like before its modifiers are written?

A `Draft` is a function in the making: name, parameters, what it returns, and the nodes that it is believed to make so far.
The belief need not be exact; it only makes most of what is written afterwards fit.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.generated.annotations import any_type, readable_as, spelled
from tests.generated.writing import Module, Type, Writing

INPUTS = ("x", "y", "z", "rate", "raw", "size_")
NAMES = (
    "spend", "signups", "total", "ratio", "model", "report", "Loss", "clean", "Price", "joined", "score", "limits", "_mean",
    "frame", "a__b", "trend", "weights", "split__", "Users", "cost",
)  # fmt: skip

_DEFAULTS = {"int": "1", "str": "'s'", "float": "0.5", "bool": "True", "dict": "{}", "list": "[]", "Optional": "None"}


class Parameter(NamedTuple):
    """A parameter; `type` None: not annotated. `prefix` is `*`, `**` or nothing."""

    name: str
    type: Type | None
    default: str = ""
    keyword_only: bool = False
    prefix: str = ""


class Draft:
    """A function in the making. `name` is without the suffix that tells variants apart."""

    def __init__(self, writing: Writing, module: Module, name: str, returns: Type | None) -> None:
        self.writing = writing
        self.choice = writing.choice
        self.module = module
        self.name = name
        self.suffix = ""
        self.parameters: list[Parameter] = []
        self.returns = returns
        self.outputs: dict[str, Type] = {} if returns is None else {name: returns}
        self.documentation = ""
        self.body = ""
        self.decorators: list[str] = []
        """Expressions, lowest first."""
        self.uses: list[str] = []
        self.is_async = False

    @property
    def written_name(self) -> str:
        """The name in the `def`."""
        return self.name + self.suffix

    @property
    def names(self) -> list[str]:
        """The names of the parameters."""
        return [part.name for part in self.parameters]

    def hamilton(self, name: str) -> str:
        """How this module spells a thing of `hamilton.function_modifiers`."""
        return hamilton(self.writing, self.module, name)

    def text(self, decorated: bool = True) -> str:
        """The function as it stands in the file."""
        lines = [f"@{text}" for text in reversed(self.decorators)] if decorated else []
        returns = "" if self.returns is None else f" -> {spelled(self.writing, self.module, self.returns)}"
        word = "async def" if self.is_async else "def"
        lines.append(f"{word} {self.written_name}({self._parameters()}){returns}:")
        if self.documentation:
            lines.append(f"    {self.documentation!r}")
        if self.body or not self.documentation:
            lines.append(f"    {self.body or '...'}")
        return "\n".join(lines)

    def _parameters(self) -> str:
        order = {"": 0, "*": 2, "**": 4}
        parts = sorted(
            self.parameters, key=lambda part: (3 if part.keyword_only else order[part.prefix], bool(part.default))
        )
        texts: list[str] = []
        for part in parts:
            if part.keyword_only and "*" not in "".join(texts):
                texts.append("*")
            annotation = "" if part.type is None else f": {spelled(self.writing, self.module, part.type)}"
            texts.append(f"{part.prefix}{part.name}{annotation}{f' = {part.default}' if part.default else ''}")
        return ", ".join(texts)


def draft(writing: Writing, module: Module, name: str, returns: Type) -> Draft:
    """A function of this name with parameters of all sorts, and no modifiers yet."""
    made = Draft(writing, module, name, returns)
    choice = writing.choice
    for _ in range(choice.weighted([(4, 1), (3, 2), (2, 3), (2, 0), (1, 4)])):
        add_parameter(made)
    made.is_async = choice.chance(6)
    made.documentation = choice.weighted(
        [(5, ""), (2, f"Makes {name}."), (1, "From {x} to {output_name}."), (1, "Twice {{x}}.")]
    )
    made.body = choice.weighted([(5, ""), (1, "pass"), (2, "return None"), (2, "value_ = 1\n    return value_")])
    if writing.wrong("no return annotation", 2):
        made.returns = None
    return made


def add_parameter(made: Draft, name: str = "", type_: Type | None = None) -> None:
    """One more parameter, of what is known already or new."""
    writing, choice = made.writing, made.choice
    known = [other for other in writing.types if other not in made.names and other != made.name]
    if not name:
        name = choice.pick(known) if known and choice.chance(65) else choice.pick(INPUTS)
    if name in made.names or not name.isidentifier():
        return
    if type_ is None:
        type_ = _type_of(writing, name)
    prefix = choice.weighted([(94, ""), (1, "*"), (1, "**")]) if not any(p.prefix for p in made.parameters) else ""
    default = ""
    if not prefix and choice.chance(18):
        default = choice.weighted([(3, _DEFAULTS.get(type_.head, "None")), (1, "None"), (1, "'d'")])
    annotation = None if writing.wrong("no parameter annotation", 1) else type_
    made.parameters.append(Parameter(name, annotation, default, not prefix and choice.chance(8), prefix))


def _type_of(writing: Writing, name: str) -> Type:
    """The type that a reader gives to a name: what it is known to be, mostly."""
    known = writing.types.get(name)
    if known is None:
        writing.types[name] = known = any_type(writing.choice, 1)
        return known
    if writing.wrong("another type", 3):
        return any_type(writing.choice, 1)
    return readable_as(writing.choice, known) if writing.choice.chance(25) else known


def hamilton(writing: Writing, module: Module, name: str) -> str:
    """How a module spells a thing of `hamilton.function_modifiers`; it keeps to its first choice."""
    mark = f"hamilton {name}"
    known = module.names.get(mark)
    if known is None:
        known = module.names[mark] = _imported(writing, module, name)
    return known


def _imported(writing: Writing, module: Module, name: str) -> str:
    first, _, rest = name.partition(".")
    tail = f".{rest}" if rest else ""
    form = writing.choice.weighted(
        [(60, "from"), (10, "as"), (8, "module"), (8, "package"), (6, "inner"), (8, "re-export")]
    )
    if first in NAMES:
        form = "as"  # a function of that name would take its place
    if form == "module":
        module.need("import hamilton.function_modifiers as fm")
        return f"fm.{name}"
    if form == "package":
        module.need("from hamilton import function_modifiers")
        return f"function_modifiers.{name}"
    if form == "inner":
        module.need("import hamilton.function_modifiers")
        return f"hamilton.function_modifiers.{name}"
    home = writing.module("shared", "shared.py")
    if form == "re-export" and home is not module:
        home.need(f"from hamilton.function_modifiers import {first}")
        module.need(f"from shared import {first}")
        return f"{first}{tail}"
    alias = f"a_{first}" if form == "as" else first
    module.need(f"from hamilton.function_modifiers import {first}" + (f" as {alias}" if form == "as" else ""))
    return f"{alias}{tail}"
