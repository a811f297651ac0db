"""What is a type, as a value?

Types are what annotations come to once names are resolved, as Hamilton sees them at graph time. What is equal to Python is
equal here once both are `normal` (`dagcheck.types.equality`): `List[int]` is not `list[int]`. Unions and Literals
keep the order in which they were written, because Hamilton goes through them in that order.
They can be written as rows of plain data (see `dagcheck.nodes.rows`), and they hold no reference to code.

Fit between types is `dagcheck.types.assignability`; reading and printing is `dagcheck.types.expressions`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias


class ClassType(NamedTuple):
    """A class by its qualified name, builtins bare: `int`, `NoneType`, `pandas.Series`, `features.spend.Spend`."""

    kind: Literal["class"]
    name: str


class GenericType(NamedTuple):
    """An alias with or without arguments. `name` is the spelling's qualified name.

    `list[int]` -> ("list", (int,)); `typing.List[int]` -> ("typing.List", (int,)); bare `typing.List` ->
    ("typing.List", ()); `collections.abc.Sequence[int]`, `features.Box[int]`. A bare PEP 585 class is a `ClassType`, so
    ("tuple", ()) is `tuple[()]`; `typing.Tuple[()]` has the one argument `ObjectType("()")`. A list of parameters, as in
    `Callable[[int], str]`, is a GenericType of the name "[]".
    """

    kind: Literal["generic"]
    name: str
    arguments: tuple[Type, ...]


class UnionType(NamedTuple):
    """A union of either spelling: members flattened, deduplicated, as written."""

    kind: Literal["union"]
    members: tuple[Type, ...]


class AnnotatedType(NamedTuple):
    """`Annotated[underlying, *metadata]`; metadata as source-like text. Equal calls need not be equal objects."""

    kind: Literal["annotated"]
    underlying: Type
    metadata: tuple[str, ...]


class LiteralType(NamedTuple):
    """`Literal[...]`: (type name, repr) pairs as written; the type name is `?` where a name's value is not known."""

    kind: Literal["literal"]
    values: tuple[tuple[str, str], ...]


class TypeVariable(NamedTuple):
    """A TypeVar, ParamSpec or TypeVarTuple; `identity` tells two of the same name apart."""

    kind: Literal["typevar"]
    name: str
    identity: str


class NewType(NamedTuple):
    """`NewType(name, ...)` by its module and name; `identity` tells two of the same name apart."""

    kind: Literal["newtype"]
    name: str
    identity: str


class AnyType(NamedTuple):
    """`typing.Any`."""

    kind: Literal["any"]


class ObjectType(NamedTuple):
    """An annotation that is no type (`5`, `(int, str)`, `[int]`, the function `any`): Hamilton takes it as it is and uses `==`.

    Also the special forms that take no arguments (`typing.NoReturn`), and `...` among arguments.
    """

    kind: Literal["object"]
    text: str


class UnknownType(NamedTuple):
    """A type that cannot be known, and why."""

    kind: Literal["unknown"]
    reason: str


Type: TypeAlias = (
    ClassType
    | GenericType
    | UnionType
    | AnnotatedType
    | LiteralType
    | TypeVariable
    | NewType
    | AnyType
    | ObjectType
    | UnknownType
)

ANY = AnyType("any")
NONE = ClassType("class", "NoneType")
NONE_ITSELF = ObjectType("object", "None")
"""What the brackets of Python's own classes keep: of `tuple[None, int]` the first argument is None, and no type."""
