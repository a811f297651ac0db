"""Which script might somebody write that builds drivers? A random one that real Hamilton can run, the same for the same seed.

Four modules, `a` to `d`, each reading the one before. The script holds modules, configurations and builders in all the ways that
Python offers and hands them around: lists, dictionaries, loops, functions, classes, copies, tests that dagcheck can or cannot read.
"""

from __future__ import annotations

from random import Random

from tests.generated.choice import Choice

MODULES = ("a", "b", "c", "d")
NODES = {"a": "start", "b": "middle", "c": "end", "d": "final"}

FILES = {
    "a.py": (
        "from hamilton.function_modifiers import config\n\n\n"
        '@config.when(region="US")\ndef start__us(raw: int) -> int:\n    return raw\n\n\n'
        '@config.when_not(region="US")\ndef start__others(raw: int, rate: int = 2) -> int:\n    return raw * rate\n'
    ),
    "b.py": "def middle(start: int, limit: int = 10) -> int:\n    return min(start, limit)\n",
    "c.py": "def end(middle: int, start: int) -> str:\n    return str(middle + start)\n",
    "d.py": "def final(end: str) -> str:\n    return end * 2\n",
    "making.py": (
        "from hamilton import base, driver\n\nimport a\n\nBASE = {'region': 'US', 'grain': 'day'}\n\n\n"
        "def make(*modules, config=None, first=a):\n"
        "    return driver.Builder().with_modules(first, *modules).with_config(config or {}).build()\n\n\n"
        "def chain(config):\n    return driver.Builder().with_config({**BASE, **config})\n\n\n"
        "class Ours(driver.Driver):\n    def __init__(self, config, *modules):\n"
        "        super().__init__(dict(config, ours=True), *modules, adapter=base.DefaultAdapter())\n\n\n"
        "class Kept:\n    def __init__(self, config, modules):\n        self.config = config\n"
        "        self.dr = driver.Driver(config, *modules, adapter=base.DefaultAdapter())\n\n"
        "    def ask(self, *names, **inputs):\n        return self.dr.execute(list(names), inputs=inputs)\n"
    ),
}

_HEAD = (
    "import importlib\nimport os\nimport sys\n\nfrom hamilton import base, driver\nfrom hamilton.driver import Builder\n\n"
    "import a\nimport b as second\nimport c\nimport d\nimport making\nfrom making import Kept, Ours, chain\n\n"
    "NAMED = {'a': a, 'b': second, 'c': c, 'd': d}\nADAPTER = base.DefaultAdapter()\n\n\n"
    "def pick(*names):\n    return [NAMED[name] for name in names]\n\n\n"
)


class Script:
    """A script in the making. State: its lines, and how many names it has used."""

    def __init__(self, seed: int) -> None:
        self._choice = Choice(Random(seed))
        self._lines: list[str] = []
        self._names = 0

    def text(self) -> str:
        """The whole script."""
        for _ in range(self._choice.number(1, 4)):
            self._driver()
        body = "".join(f"    {line}\n" for line in self._lines)
        if self._choice.chance(50):
            return f"{_HEAD}def main():\n{body}\n\nif __name__ == '__main__':\n    main()\n"
        return _HEAD + "".join(f"{line}\n" for line in self._lines)

    def _name(self) -> str:
        self._names += 1
        return f"x{self._names}"

    def _add(self, line: str) -> None:
        self._lines.append(line)

    def _driver(self) -> None:
        count = self._choice.number(1, 4)
        names = MODULES[:count]
        made = self._choice.pick([self._plain, self._chained, self._split, self._copied, self._helped, self._classed])
        dr = made(names)
        asked = [NODES[name] for name in names[-self._choice.number(1, count) :]]
        self._ask(dr, asked)

    def _modules(self, names: tuple[str, ...]) -> str:
        """An expression for the list of these modules."""
        direct = [{"b": "second"}.get(name, name) for name in names]
        listed = f"[{', '.join(direct)}]"
        way = self._choice.number(0, 7)
        if way == 0:
            return listed
        if way == 1:
            return f"pick({', '.join(map(repr, names))})"
        if way == 2:
            return f"[importlib.import_module(name) for name in {names!r}]"
        name = self._name()
        if way == 3:
            self._add(f"{name} = []")
            self._add(f"for module in [{', '.join(direct)}]:")
            self._add(f"    {name}.append(module)")
        elif way == 4:
            self._add(f"{name} = {listed[:-1]}]")
            self._add(f"if len({name}) > 4:")
            self._add(f"    {name} = []")
        elif way == 5:
            self._add(f"{name} = {listed}")
            self._add("if os.environ.get('NEVER_SET_ANYWHERE'):")
            self._add(f"    {name} = {name}[:1]")
        elif way == 6:
            self._add(f"{name} = list(map(NAMED.get, {names!r}))")
        else:
            self._add(f"{name}, _ = {listed}, sys")
        return name

    def _config(self) -> str:
        """An expression for a configuration."""
        region = self._choice.pick(["'US'", "'UK'", "os.environ.get('NEVER_SET_ANYWHERE', 'US')"])
        way = self._choice.number(0, 6)
        if way == 0:
            return "{}"
        if way == 1:
            return f"{{'region': {region}}}"
        if way == 2:
            return f"{{**making.BASE, 'region': {region}}}"
        if way == 3:
            return f"dict(making.BASE, region={region}, depth=3)"
        name = self._name()
        self._add(f"{name} = {{'grain': 'week'}}")
        if way == 4:
            self._add(f"{name}.update(region={region})")
        elif way == 5:
            self._add(f"{name}['region'] = {region}")
        else:
            self._add(f"{name} |= {{'region': {region}}}")
        return name

    def _plain(self, names: tuple[str, ...]) -> str:
        dr, config, modules = self._name(), self._config(), self._modules(names)
        self._add(f"{dr} = driver.Driver({config}, *{modules}, adapter=ADAPTER)")
        return dr

    def _chained(self, names: tuple[str, ...]) -> str:
        dr, config, modules = self._name(), self._config(), self._modules(names)
        first, rest = (names[0], names[1:]) if self._choice.chance(30) else ("", names)
        head = f".with_modules({first})" if first else ""
        modules = self._modules(rest) if first else modules
        self._add(f"{dr} = Builder(){head}.with_modules(*{modules}).with_config({config}).build()")
        return dr

    def _split(self, names: tuple[str, ...]) -> str:
        builder, dr, config, modules = self._name(), self._name(), self._config(), self._modules(names)
        self._add(f"{builder} = driver.Builder()")
        for line in (f"{builder}.with_modules(*{modules})", f"{builder} = {builder}.with_config({config})"):
            self._add(line)
        self._add(f"{dr} = {builder}.build()")
        self._add(f"{builder}.with_config({{'late': 1}})")
        return dr

    def _copied(self, names: tuple[str, ...]) -> str:
        builder, dr, config = self._name(), self._name(), self._config()
        self._add(f"{builder} = chain({config}).with_modules({names[0]}).copy()")
        self._add(f"{dr} = {builder}.with_modules(*{self._modules(names[1:])}).build()")
        return dr

    def _helped(self, names: tuple[str, ...]) -> str:
        dr, config, modules = self._name(), self._config(), self._modules(names[1:])
        self._add(f"{dr} = making.make(*{modules}, config={config})")
        return dr

    def _classed(self, names: tuple[str, ...]) -> str:
        dr, config, modules = self._name(), self._config(), self._modules(names)
        if self._choice.chance(50):
            self._add(f"{dr} = Ours({config}, *{modules})")
        else:
            self._add(f"{dr} = Kept({config}, {modules}).dr")
        return dr

    def _ask(self, dr: str, outputs: list[str]) -> None:
        inputs = "{'raw': 3}" if self._choice.chance(50) else "dict(raw=3, limit=5)"
        way = self._choice.number(0, 4)
        if way == 0:
            self._add(f"{dr}.execute({outputs!r}, inputs={inputs})")
        elif way == 1:
            self._add(f"{dr}.validate_execution({outputs!r}, None, {inputs})")
        elif way == 2:
            name = self._name()
            self._add(f"{name} = {outputs!r} + ['raw']")
            self._add(f"print({dr}.execute(final_vars={name}, inputs={inputs}))")
        elif way == 3:
            self._add(f"for name in {outputs!r}:")
            self._add(f"    {dr}.execute([name], inputs={inputs})")
        else:
            self._add(f"{dr}.what_is_upstream_of(*{outputs!r})")
