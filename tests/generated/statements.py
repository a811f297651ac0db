"""Which statements does a module consist of? Functions, families of variants, and what else may define, hide or double a node."""

from __future__ import annotations

from collections.abc import Callable

from tests.generated.annotations import DICT, FRAME, SERIES, any_type
from tests.generated.functions import NAMES, Draft, draft
from tests.generated.modifiers.conditions import KEYS
from tests.generated.modifiers.piping import mutation
from tests.generated.modifiers.recipe import text
from tests.generated.modifiers.table import decorate
from tests.generated.values import called
from tests.generated.writing import Module, Type, Writing


def function(writing: Writing, module: Module) -> None:
    """A function with a stack of modifiers."""
    made = _new(writing, module)
    decorate(made)
    _apply_foreign(made)
    _finish(made)


def family(writing: Writing, module: Module) -> None:
    """Variants of one node under different values of a key, overlapping now and then."""
    choice = writing.choice
    name, returns = _name(writing), _returns(writing)
    key = choice.pick(list(KEYS))
    values = choice.shuffled(KEYS[key])
    overlapping = writing.wrong("overlapping variants", 25)
    for index, value in enumerate(values[: choice.number(1, 3)]):
        variant = draft(writing, module, name, returns)
        variant.suffix = f"__v{index}"
        writing.mention(key, value)
        other = values[choice.number(0, len(values) - 1)]
        form = choice.weighted(
            [(6, "when"), (2, "in"), (2 if overlapping else 0, "not"), (1 if overlapping else 0, "not_in")]
        )
        given = {
            "when": value,
            "not": value,
            "in": [value, other] if overlapping else [value],
            "not_in": [value, other],
        }[form]
        modifier = {
            "when": "config.when",
            "not": "config.when_not",
            "in": "config.when_in",
            "not_in": "config.when_not_in",
        }[form]
        condition = called(variant.hamilton(modifier), [], {key: text(variant, given)})
        writing.used.append(modifier)
        if choice.chance(30):
            decorate(variant)
        variant.decorators.insert(choice.number(0, len(variant.decorators)), condition)
        _finish(variant)


def oddity(writing: Writing, module: Module) -> None:
    """Something that is no plain function, and what Hamilton makes of it."""
    name = writing.fresh("odd")
    odd = writing.choice.pick(_ODDITIES)
    module.add(odd.replace("NAME", name))
    for line in ("import functools", "import contextlib", "import sys", "from typing import TYPE_CHECKING, Iterator"):
        words = line.split()
        if any(word.strip(",") in odd for word in words[1 if words[0] == "import" else 3 :]):
            module.need(line)


def borrowing(writing: Writing, module: Module) -> None:
    """An import from another module of the dataflow, or an alias of a function."""
    choice = writing.choice
    others = [other for other in writing.modules.values() if other is not module and other.functions]
    if others and choice.chance(60):
        home = choice.pick(others)
        name = choice.pick(home.functions)
        alias = f" as {writing.fresh('borrowed')}" if choice.chance(30) else ""
        module.need(f"from {home.name} import {name}{alias}")
    elif module.functions:
        alias = writing.fresh(choice.pick(("again", "_again")))
        if writing.wrong("alias of a function", 40):
            module.add(f"{alias} = {choice.pick(module.functions)}")


STATEMENTS: tuple[tuple[int, Callable[[Writing, Module], None]], ...] = (
    (30, function),
    (8, family),
    (4, oddity),
    (3, borrowing),
    (3, mutation),
)


def _new(writing: Writing, module: Module) -> Draft:
    return draft(writing, module, _name(writing), _returns(writing))


def _name(writing: Writing) -> str:
    choice = writing.choice
    free = [name for name in NAMES if name not in writing.taken]
    name = choice.pick(NAMES if not free or writing.wrong("a name that is taken", 4) else free)
    writing.taken.add(name)
    return name


def _returns(writing: Writing) -> Type:
    """What a function returns: often something that modifiers are made for."""
    choice = writing.choice
    kind = choice.weighted(
        [
            (45, "any"),
            (10, "dict"),
            (8, "dict of"),
            (12, "frame"),
            (8, "series"),
            (7, "tuple"),
            (3, "row"),
            (2, "annotated"),
        ]
    )
    if kind == "any":
        return any_type(choice)
    if kind == "dict of":
        return Type("dict", (Type("str"), any_type(choice, 1)))
    if kind == "tuple":
        rest = any_type(choice, 0) if choice.chance(75) else Type("...")
        return Type("tuple", (any_type(choice, 0), rest))
    if kind == "row":
        return Type(choice.pick(("Row", "WideRow")))
    if kind == "annotated":
        return Type("Annotated", (choice.pick((DICT, FRAME, SERIES)), '"m"'))
    return {"dict": DICT, "frame": FRAME, "series": SERIES}[kind]


def _apply_foreign(made: Draft) -> None:
    """A decorator that is not Hamilton's, somewhere in the stack."""
    if not made.choice.chance(7):
        return
    name = made.writing.fresh("_wrapped")
    form = made.choice.pick(("wraps", "same", "factory", "bare", "known"))
    if form == "known":
        made.module.need("import functools")
        decorator = made.choice.pick(("functools.lru_cache", "functools.lru_cache(None)", "functools.singledispatch"))
    else:
        decorator = f"{name}()" if form == "factory" else name
        if form in ("wraps", "factory"):
            made.module.need("import functools")
        made.module.add(_FOREIGN[form].replace("NAME", name))
    made.decorators.insert(made.choice.number(0, len(made.decorators)), decorator)


_FOREIGN = {
    "wraps": (
        "def NAME(function):\n    @functools.wraps(function)\n    def inner(*args, **kwargs):\n"
        "        return function(*args, **kwargs)\n    return inner"
    ),
    "factory": (
        "def NAME(times=1):\n    def decorate(function):\n        @functools.wraps(function)\n"
        "        def inner(*args, **kwargs):\n            return function(*args, **kwargs)\n        return inner\n"
        "    return decorate"
    ),
    "same": "def NAME(function):\n    function.marked = True\n    return function",
    "bare": "def NAME(function):\n    def inner(x: int) -> int:\n        return function(x)\n    return inner",
}


def _finish(made: Draft) -> None:
    """Write the function down, decorated in one way or another, and remember what it is believed to make."""
    choice, module, writing = made.choice, made.module, made.writing
    form = choice.weighted([(84, "decorators"), (6, "assignment"), (5, "wrapper"), (5, "constant")])
    if form == "constant" and made.decorators:
        name = writing.fresh("_modifier")
        module.add(f"{name} = {made.decorators[0]}")
        made.decorators[0] = name
    elif form == "wrapper" and made.decorators:
        name = writing.fresh("_decorated")
        inner = "function"
        for decorator in made.decorators:
            inner = f"{decorator}({inner})" if not decorator.startswith("lambda") else inner
        module.add(f"def {name}(function):\n    return {inner}")
        made.decorators = [name]
    if form == "assignment" and made.decorators:
        *lower, top = made.decorators
        made.decorators = lower
        module.add(made.text())
        module.add(f"{made.written_name} = {top}({made.written_name})")
    else:
        module.add(made.text())
    module.functions.append(made.written_name)
    for output, type_ in made.outputs.items():
        writing.types.setdefault(output, type_)


_ODDITIES = (
    "def _NAME(x: int) -> int:\n    return x",
    "@functools.lru_cache\ndef NAME(x: int) -> int:\n    return x",
    "class NAME:\n    def method(self, x: int) -> int:\n        return x",
    "if 1 < 2:\n    def NAME(x: int) -> int:\n        return x\nelse:\n    def NAME(x: str) -> str:\n        return x",
    "try:\n    def NAME() -> int:\n        return 1\nfinally:\n    pass",
    "def NAME() -> int:\n    return 1\n\n\ndef NAME(a: int) -> str:\n    return 's'",
    "def NAME() -> int:\n    return 1\n\n\ndel NAME",
    "def NAME() -> int:\n    return 1\n\n\nNAME = 5",
    "def _NAME(x: int) -> int:\n    return x\n\n\nNAME = _NAME",
    "def _make_NAME():\n    def NAME(x: int) -> int:\n        return x\n    return NAME\n\n\nNAME = _make_NAME()",
    (
        "def _make_NAME(name):\n    def made(x: int) -> int:\n        return x\n    made.__name__ = name\n    return made"
        "\n\n\nNAME = _make_NAME('NAME')"
    ),
    "NAME = functools.partial(int, 5)",
    "@contextlib.contextmanager\ndef NAME(x: int) -> Iterator[int]:\n    yield x",
    "if TYPE_CHECKING:\n    def NAME() -> int:\n        return 1",
    "class _K_NAME:\n    def method(self: int, x: int) -> int:\n        return x\n\n\nNAME = _K_NAME.method",
    "@staticmethod\ndef NAME(x: int) -> int:\n    return x",
    (
        "for _name in ('NAME', 'other_NAME'):\n    def _inner(x: int) -> int:\n        return x\n"
        "    _inner.__name__ = _name\n    globals()[_name] = _inner"
    ),
    "def NAME(x: int, *, y: int = 2) -> int:\n    return x + y\n\n\nNAME.__annotations__['return'] = str",
    "if sys.version_info >= (3, 8):\n    def NAME(x: int) -> int:\n        return x",
    "def NAME(NAME: int) -> int:\n    return NAME",
    "async def NAME(x: int) -> Iterator[int]:\n    yield x",
    "def NAME(x: int, /, y: str) -> int:\n    return x",
    "NAME = lambda x: x",
    "def NAME(x):\n    return x",
    "def NAME(x: 'Undefined') -> int:\n    return x",
)
