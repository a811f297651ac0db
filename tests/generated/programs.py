"""What may stand at the top of a module? Small programs of plain Python that nobody wrote.

Every program is a list of pieces, each of which binds names, of kinds that are known, for the pieces after it. Most programs run to their
end; some raise on the way, on purpose or because an index is too large.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

from tests.generated.choice import Choice

KINDS = ("int", "text", "flag", "ints", "texts", "table", "pair")
_WORDS = ("spend", "visits", "us", "eu", "tv", "web", "a_b", "x")
_LITERALS: dict[str, tuple[str, ...]] = {
    "int": ("0", "1", "2", "3", "-1", "7", "10"),
    "text": tuple(map(repr, _WORDS)),
    "flag": ("True", "False"),
    "ints": ("[1, 2, 3]", "[]", "list(range(4))", "[5, 0, 5]"),
    "texts": ("['us', 'eu']", "['tv', 'web', 'tv']", "[]"),
    "table": ("{'us': 1, 'eu': 2}", "{}", "dict(tv=3)"),
    "pair": ("('us', 1)", "('web', 0)"),
}
_OPERATIONS: dict[str, tuple[str, ...]] = {
    "int": (
        "{int} + {int}", "{int} * {int}", "{int} - {int}", "len({texts})", "sum({ints})", "max({ints}, default={int})", "{pair}[1]",
        "({int} if {flag} else {int})", "{table}.get({text}, {int})", "{text}.count({text})", "{int} % ({int} or 5)", "abs({int})",
        "len({table})", "next(iter({ints}), {int})", "{int} // ({int} or 3)", "min({int}, {int})", "int({flag})", "len({text})",
        "({ints} or [{int}])[-1]", "reduce(lambda a, b: a - b, {ints}, {int})", "(lambda a, b={int}: a * 2 - b)({int})",
    ),
    "text": (
        "{text} + {text}", "f'{{{int}}}_{{{text}}}'", "f'{{{text}!r:>7}}|{{{int}:03d}}'", "'-'.join({texts})", "{text}.upper()",
        "({text} if {flag} else {text})", "{pair}[0]", "str({int})", "{text}[1:]", "'%s=%d' % {pair}", "{text}.replace('a', {text})",
        "'{{}}/{{}}'.format({text}, {int})", "({texts} or [{text}])[0]", "{text}.partition('_')[2]", "repr({pair})", "{text} or {text}",
        "str({ints})", "max({texts}, key=len, default={text})", "'{{0[0]}}{{1:>{{2}}}}'.format({pair}, {int}, 4)", "{text}[::-1]",
    ),
    "flag": (
        "{int} < {int}", "{text} in {texts}", "not {flag}", "{flag} and {flag}", "{flag} or {flag}", "{text} == {text}",
        "{int} <= {int} < {int}", "any({flag} for _ in {ints})", "all(n > {int} for n in {ints})", "bool({texts})", "{text} in {table}",
        "{text}.startswith({text})", "isinstance({int}, int)", "{ints} == {ints}", "{table}.keys() == {table}.keys()", "{pair} < {pair}",
        "{text} not in {text}", "{pair} == {pair}", "{table}.keys() <= set({texts})", "{int} in range({int})",
    ),
    "ints": (
        "{ints} + {ints}", "[n * {int} for n in {ints}]", "sorted({ints}, reverse={flag})", "{ints}[:2]", "list({table}.values())",
        "[n for n in {ints} if n > {int}]", "[*{ints}, {int}]", "list(range(abs({int})))", "[len(t) for t in {texts}]", "{ints}[::-1]",
        "list(map(abs, {ints}))", "list(filter(None, {ints}))", "[n + m for n in {ints} for m in {ints} if n != m]", "list(accumulate({ints}))",
        "[last := n for n in {ints}]", "list(chain({ints}, {ints}))", "list(islice(count({int}), 3))", "[n for _, n in {table}.items()]",
        "[i for i, n in enumerate({ints}, {int})]", "sorted(set({ints}))", "list(takewhile(lambda n: n > {int}, {ints}))",
    ),
    "texts": (
        "{texts} + {texts}", "[t.upper() for t in {texts}]", "list({table})", "sorted({texts})", "[f'{{t}}_{{n}}' for t in {texts} for n in {ints}]",
        "{text}.split('_')", "[{text}, *{texts}]", "list(dict.fromkeys({texts}))", "[t for t in {texts} if t != {text}]", "list({text})",
        "[f'{{k}}{{v}}' for k, v in {table}.items()]", "list(reversed({texts}))", "sorted({texts}, key=lambda t: (len(t), t))",
        "list(map(str.upper, {texts}))", "['_'.join(p) for p in product({texts}, repeat=2)]", "sorted({table}.keys() | {table}.keys())",
        "[{text}] * ({int} % 4)", "sorted({texts}, key=len, reverse=True)", "[t for t, f in zip({texts}, cycle([True, False])) if f]",
    ),
    "table": (
        "{{**{table}, {text}: {int}}}", "{{t: {int} for t in {texts}}}", "dict(zip({texts}, {ints}))", "{table} | {table}", "dict([{pair}])",
        "{{k: v + {int} for k, v in {table}.items()}}", "dict.fromkeys({texts}, {int})", "dict(sorted({table}.items()))", "dict(Counter({texts}))",
        "{{k: v for k, v in {table}.items() if v > {int}}}", "dict(enumerate({texts})) and {table}", "{{t: i for i, t in enumerate({texts})}}",
    ),
    "pair": ("({text}, {int})", "{pair}[:1] + ({int},)", "(lambda *a, k={int}: (a[0], k))({text})", "next(iter({table}.items()), {pair})"),
}  # fmt: skip

HEAD = """\
from collections import Counter, OrderedDict, defaultdict, namedtuple
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial, reduce
from itertools import accumulate, chain, count, cycle, islice, product, takewhile
from typing import NamedTuple
"""


class Names:
    """The names that are bound so far, by kind, and how new ones are made."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._bound: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self._count = 0

    def new(self, kind: str | None = None) -> str:
        """A name, bound from now on where it has a kind."""
        self._count += 1
        name = f"v{self._count}"
        if kind is not None:
            self._bound[kind].append(name)
        return name

    def bind(self, kind: str, name: str) -> None:
        """Say that a name is bound."""
        self._bound[kind].append(name)

    def old(self, kind: str) -> str | None:
        """A name of a kind that is bound already."""
        names = self._bound[kind]
        return self.choice.pick(names[::-1]) if names else None

    def expression(self, kind: str, depth: int = 2) -> str:
        """An expression of a kind."""
        name = self.old(kind)
        if name is not None and self.choice.chance(45):
            return name
        if depth == 0 or self.choice.chance(25):
            return self.choice.pick(_LITERALS[kind])
        parts = {part: f"({self.expression(part, depth - 1)})" for part in KINDS}
        text = self.choice.pick(_OPERATIONS[kind])
        return (
            text.format(**parts)
            if "f'" not in text
            else text.format(**{k: v.replace("'", '"') for k, v in parts.items()})
        )


def generate_program(choice: Choice) -> str:
    """The text of a module."""
    names = Names(choice)
    pieces = [choice.weighted(_PIECES)(names) for _ in range(choice.number(4, 12))]
    return HEAD + "\n".join(pieces) + "\n"


def _assignment(names: Names) -> str:
    kind = names.choice.pick(KINDS)
    text = names.expression(kind, 3)
    return f"{names.new(kind)} = {text}"


def _change(names: Names) -> str:
    kind = names.choice.pick(("ints", "texts", "table", "int", "text"))
    name = names.old(kind)
    if name is None:
        return _assignment(names)
    item, text = names.expression("int", 1), names.expression("text", 1)
    same = names.expression(kind, 1)
    changes = {
        "int": ("{n} += {i}", "{n} *= 2", "{n} = {n} - {i}"),
        "text": ("{n} += {t}", "{n} = {n} * 2"),
        "ints": (
            "{n}.append({i})",
            "{n} += {s}",
            "{n}.insert(0, {i})",
            "{n}[:1] = [{i}]",
            "{n}.sort()",
            "{n} *= 2",
            "{n}.extend({s})",
        ),
        "texts": (
            "{n}.append({t})",
            "{n} += {s}",
            "{n}.reverse()",
            "del {n}[:1]",
            "{n}.sort(key=len)",
            "{n}.extend({t})",
        ),
        "table": (
            "{n}[{t}] = {i}",
            "{n}.update({s})",
            "{n}.setdefault({t}, {i})",
            "{n} |= {s}",
            "{n}.pop({t}, None)",
            "{n}.clear()",
        ),
    }
    return names.choice.pick(changes[kind]).format(
        n=name, i=item, t=text, s=f"list({same})" if kind != "table" else f"dict({same})"
    )


def _loop(names: Names) -> str:
    made, item = names.new(), names.new()
    kind = names.choice.pick(("ints", "texts"))
    over = names.expression(kind, 2)
    text, flag = names.expression("text", 1), names.expression("flag", 1)
    bodies = (
        f"{made}.append(f'{{{item}}}_' + {text})",
        f"if {flag}:\n    continue\n{made}.append(str({item}))",
        f"if len({made}) > 1:\n    break\n{made} += [str({item}), {text}]",
        f"try:\n    {made}.append(str(10 // len(str({item})[1:])))\nexcept ZeroDivisionError:\n    {made}.append('zero')\nfinally:\n    {made} += ['.']",
    )
    otherwise = f"\nelse:\n    {made}.append('end')" if names.choice.chance(30) else ""
    body = indent(names.choice.pick(bodies), "    ")
    names.bind("texts", made)
    return f"{made} = []\nfor {item} in {over}:\n{body}{otherwise}"


def _while(names: Names) -> str:
    name = names.new()
    start = names.expression("int", 1)
    stop = names.choice.pick(("", "    if not total % 3:\n        break\n"))
    names.bind("int", name)
    return f"{name} = 0\ntotal = abs({start}) % 9\nwhile total:\n    {name} += total\n    total -= 1\n{stop}else:\n    {name} = -{name}"


def _test(names: Names) -> str:
    kind = names.choice.pick(KINDS)
    flags = [names.expression("flag", 2) for _ in range(2)]
    texts = [names.expression(kind, 1) for _ in range(3)]
    name = names.new(kind)
    return f"if {flags[0]}:\n    {name} = {texts[0]}\nelif {flags[1]}:\n    {name} = {texts[1]}\nelse:\n    {name} = {texts[2]}"


def _attempt(names: Names) -> str:
    kind = names.choice.pick(("int", "text"))
    what = names.choice.pick(
        (f"{names.expression('table', 1)}[{names.expression('text', 1)}]", f"{names.expression('ints', 1)}[{names.expression('int', 1)}]",
         f"int({names.expression('text', 1)})", f"{names.expression('int', 1)} // {names.expression('int', 1)}", "Refused.of('x')")
    )  # fmt: skip
    caught = names.choice.pick(
        ("KeyError", "(IndexError, KeyError)", "LookupError", "Exception", "Refused", "(Refused, ValueError)")
    )
    before, other, last = names.expression(kind, 1), names.expression(kind, 1), names.expression(kind, 1)
    name, raised = names.new(kind), names.new()
    return (
        f"class Refused(ValueError):\n    @classmethod\n    def of(cls, what):\n        raise cls(what)\n"
        f"{name} = {before}\ntry:\n    {raised} = {what}\n    {name} = {last}\nexcept {caught} as error:\n    {name} = {other}\n"
        f"except Exception:\n    {raised} = 'other'"
    )


def _function(names: Names) -> str:
    kind = names.choice.pick(KINDS)
    default, text = names.expression("int", 1), names.expression("text", 1)
    first, second = names.expression(kind, 1), names.expression(kind, 1)
    argument, flag = names.expression("int", 1), names.expression("flag", 1)
    function, name = names.new(), names.new(kind)
    bodies = (
        f"    if n > {default}:\n        return {first}\n    return {second}",
        f"    def inner(m=n):\n        nonlocal k\n        k += m\n        return k\n    return {first} if inner() > inner(1) else {second}",
        f"    try:\n        return {first} if [n, k][n] else {second}\n    except IndexError:\n        return {second}",
        f"    while n > 0:\n        n -= 2\n        if {flag}:\n            return {first}\n    else:\n        return {second}\n    return {first}",
        f"    for k in range(abs(n) % 5):\n        if k > 1:\n            return {first}\n    return {second}",
        f"    return {first} if n <= 0 or not {function}(n - 4, k=k) else {second}",
    )
    call = names.choice.pick(
        (f"{function}({argument})", f"{function}(n={argument}, k={default})", f"{function}(*[{argument}])")
    )
    return f"def {function}(n, k={default}, *more, key={text}):\n{names.choice.pick(bodies)}\n{name} = {call}"


def _closures(names: Names) -> str:
    over, text = names.expression("texts", 1), names.expression("text", 1)
    made = names.new()
    ways = (
        f"[lambda t=t: t + {text} for t in {over}]",
        f"[(lambda t: lambda: t * 2)(t) for t in {over}]",
        f"[lambda: t for t in {over}]",
        f"[partial(str.replace, t, 'a') for t in {over}] and []",
        f"[partial('{{}}{{}}'.format, t) for t in {over}]",
    )
    way = names.choice.pick(ways)
    call = f"f({text})" if "format, t)" in way else "f()"
    names.bind("texts", made)
    return f"{made} = [{call} for f in {way}]"


def _generator(names: Names) -> str:
    over, text = names.expression("texts", 1), names.expression("text", 1)
    function, stream = names.new(), names.new()
    first, rest, pairs = names.new("text"), names.new("texts"), names.new("texts")
    return (
        f"def {function}(items):\n    for item in items:\n        if item == {text}:\n            yield from ('same', item)\n        yield item\n"
        f"{stream} = {function}({over})\n{first} = next({stream}, {text})\n{rest} = [t for t in {stream}] + list({stream})\n"
        f"it = iter({over})\n{pairs} = ['/'.join(p) for p in zip(it, it)] + list(it)"
    )


def _dataclass(names: Names) -> str:
    owner = names.new()
    size, text, ints = names.expression("int", 1), names.expression("text", 1), names.expression("ints", 1)
    label, same, changed, many = names.new("text"), names.new("flag"), names.new("int"), names.new("ints")
    frozen = names.choice.pick(("", "(frozen=True)", "(eq=False)"))
    return (
        f"@dataclass{frozen}\nclass {owner}:\n    name: str\n    size: int = {size}\n    items: tuple = field(default_factory=lambda: (1,))\n"
        f"    @property\n    def label(self):\n        return f'{{self.name}}{{self.size}}'\n    def bigger(self, by=1):\n"
        f"        return replace(self, size=self.size + by)\n"
        f"{label} = {owner}({text}).label\n{same} = {owner}({text}) == {owner}({text}, {size})\n{changed} = {owner}({text}).bigger({size}).size\n"
        f"{many} = [{owner}({text}, n).size for n in {ints}] + [*{owner}({text}, items=tuple({ints})).items]"
    )


def _enum(names: Names) -> str:
    owner = names.new()
    base = names.choice.pick(("Enum", "str, Enum"))
    values = [f"'{word}'" for word in names.choice.some(_WORDS, 3, 4)] + ["'us'"]
    members = "\n".join(f"    M{index} = {value}" for index, value in enumerate(values))
    texts, table, member, same = names.new("texts"), names.new("table"), names.new("text"), names.new("flag")
    return (
        f"class {owner}({base}):\n{members}\n    def joined(self, other):\n        return self.value + other.value\n"
        f"{texts} = [m.value for m in {owner}] + list({owner}.__members__)\n{table} = {{m: i for i, m in enumerate({owner})}}\n"
        f"{table} = {{m.name: {table}[m] for m in {table}}}\n{member} = {owner}['M1'].joined({owner}({values[0]}))\n"
        f"{same} = {owner}.M0 is {owner}('us') or {owner}.M1 == 'us'"
    )


def _class(names: Names) -> str:
    base, child = names.new(), names.new()
    text, over = names.expression("text", 1), names.expression("texts", 1)
    made, seen, own = names.new("texts"), names.new("texts"), names.new("text")
    return (
        f"class {base}:\n    seen = []\n    word = {text}\n    def __init_subclass__(cls, **more):\n        {base}.seen.append(cls.word)\n"
        f"    def __init__(self, name, *parts):\n        self.name = name\n        self.parts = [*parts, self.word]\n        self.seen.append(name)\n"
        f"    def say(self):\n        return self.parts\n    @classmethod\n    def of(cls, items):\n        return [cls(i, *items) for i in items]\n"
        f"class {child}({base}):\n    word = 'child'\n    def say(self):\n        return [self.name] + super().say()\n"
        f"{made} = [w for o in {child}.of({over}) for w in o.say()]\n{seen} = {base}.seen\n{own} = {base}({text}).say()[-1]"
    )


def _decorated(names: Names) -> str:
    note, function, kept = names.new(), names.new(), names.new()
    text = names.expression("text", 1)
    result, noted = names.new("text"), names.new("texts")
    return (
        f"{kept} = {{}}\ndef {note}(key):\n    def inner(fn):\n        {kept}[key] = fn\n        return lambda *a: fn(*a) + key\n    return inner\n"
        f"@{note}({text})\n@{note}('low')\ndef {function}(t, end='.'):\n    return t + end\n"
        f"{result} = {function}({text})\n{noted} = [*{kept}, {kept}['low']('x')]"
    )


def _match(names: Names) -> str:
    kind = names.choice.pick(("pair", "ints", "texts", "table", "int"))
    subject, text = names.expression(kind, 2), names.expression("text", 1)
    name = names.new("text")
    return (
        f"match {subject}:\n    case (str() as word, 0 | 1):\n        {name} = word\n    case [one]:\n        {name} = f'one {{one}}'\n"
        f"    case [head, *rest]:\n        {name} = f'{{head}} {{len(rest)}}'\n    case {{'us': found, **more}} if found:\n"
        f"        {name} = f'{{found}} {{len(more)}}'\n    case 0 | 1 | True:\n        {name} = {text}\n    case _:\n        {name} = 'else'"
    )


def _containers(names: Names) -> str:
    over, table = names.expression("texts", 1), names.expression("table", 1)
    first, second, third = names.new("table"), names.new("texts"), names.new("ints")
    groups = names.new()
    return (
        f"{groups} = defaultdict(list)\nfor key in {over}:\n    {groups}[key[:1]].append(key)\n"
        f"{first} = {{k: len(v) for k, v in {groups}.items()}}\n{second} = [w for ws in {groups}.values() for w in ws]\n"
        f"{third} = [Counter({over})[k] for k in {table}] + [n for _, n in Counter({over}).most_common(1)]"
    )


def _suppressed(names: Names) -> str:
    before, after = names.expression("int", 1), names.expression("int", 1)
    table, text = names.expression("table", 1), names.expression("text", 1)
    name = names.new("int")
    return f"{name} = {before}\nwith suppress(KeyError):\n    {name} = {table}[{text}]\n    {name} += {after}"


def _unpacked(names: Names) -> str:
    texts, pair = names.expression("texts", 1), names.expression("pair", 1)
    rest, text, number = names.new("texts"), names.new("text"), names.new("int")
    return f"_, *{rest} = ['first', *{texts}]\n{text}, {number} = {pair}"


_PIECES: list[tuple[int, Callable[[Names], str]]] = [
    (8, _assignment), (5, _change), (3, _loop), (1, _while), (3, _test), (3, _attempt), (4, _function), (2, _closures), (2, _generator),
    (2, _dataclass), (2, _enum), (2, _class), (2, _decorated), (2, _match), (2, _containers), (1, _suppressed), (2, _unpacked),
]  # fmt: skip
