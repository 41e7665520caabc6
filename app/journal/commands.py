"""Commands and queries as values: the registry that screens, the command line, help and rights are generated from."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec, TypeVar

import msgspec

from app.core.errors import RuleViolation, UsageError
from app.core.i18n import N_
from app.core.permissions import Permission
from app.core.secret import MASK, Secret

if TYPE_CHECKING:
    from app.journal.queries import Reading
    from app.journal.records import Record
    from app.journal.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")
YEARS: Final = range(1800, 2200)
"""Of days and instants that are taken in: at the ends of the calendar, adding days to a mistyped year fails."""


class Parameter(typing.NamedTuple):
    """One argument of a command or query as a form and the command line see it."""

    name: str
    annotation: Any
    required: bool
    default: Any
    secret: bool


class _Callable:
    """What commands and queries share: name, help, parameters, binding of texts to types."""

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """The imperative name, as in the journal and on the command line."""
        return self.function.__name__

    @property
    def slice(self) -> str:
        """The slice that declares it, e.g. `patients`; for one from outside, its package's last name."""
        parts = self.function.__module__.split(".")
        return parts[1] if parts[0] == "app" and len(parts) > 1 else parts[:-1][-1] if parts[:-1] else parts[0]

    @property
    def help(self) -> str:
        """The first paragraph of the docstring: an English msgid."""
        return " ".join((inspect.getdoc(self.function) or "").split("\n\n")[0].split())

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The arguments after the transaction or reading."""
        hints = typing.get_type_hints(self.function)
        listed = list(inspect.signature(self.function).parameters.values())[1:]
        return tuple(_parameter(item, hints[item.name]) for item in listed)

    def parse(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Typed arguments from texts; `UsageError` names the first that is unknown, missing or unreadable.

        `RuleViolation` for a day outside `YEARS`.
        """
        known = {item.name: item for item in self.parameters}
        for name in given:
            if name not in known:
                raise UsageError(N_("“{command}” has no argument “{name}”."), command=self.name, name=name)
        for item in self.parameters:
            if item.required and item.name not in given:
                raise UsageError(N_("“{command}” needs the argument “{name}”."), command=self.name, name=item.name)
        return {name: _convert(known[name], value) for name, value in given.items()}

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by name; `TypeError` when there are more than the command has."""
        if len(args) > len(self.parameters):
            raise TypeError(f"{self.name} takes {len(self.parameters)} arguments, not {len(args)}")
        bound = dict(zip((item.name for item in self.parameters), args, strict=False))
        return bound | dict(kwargs)


def _parameter(item: inspect.Parameter, annotation: Any) -> Parameter:
    required = item.default is inspect.Parameter.empty
    return Parameter(item.name, annotation, required, None if required else item.default, _is_secret(annotation))


def _is_secret(annotation: Any) -> bool:
    return annotation is Secret or Secret in typing.get_args(annotation)


def _convert(parameter: Parameter, value: Any) -> Any:
    if isinstance(value, str) and _reads_structure(parameter.annotation, value):
        value = _decode_structure(value)
    try:
        read = msgspec.convert(value, parameter.annotation, strict=False, dec_hook=_decode_hook)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        shown = MASK if parameter.secret else str(value)
        raise UsageError(
            N_("“{value}” cannot be read as the argument “{name}”."),
            field=parameter.name,
            value=shown,
            name=parameter.name,
        ) from error
    if _out_of_reach(read):
        raise RuleViolation(
            N_("The years that can be entered are {first} to {last}."),
            field=parameter.name, first=YEARS[0], last=YEARS[-1],
        )  # fmt: skip
    return read


def _out_of_reach(value: Any) -> bool:
    """Whether a day or an instant, in a structure too, lies outside `YEARS`."""
    if isinstance(value, date):
        return value.year not in YEARS
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_out_of_reach(item) for item in value)
    fields = getattr(value, "__dataclass_fields__", ())
    return any(_out_of_reach(getattr(value, name)) for name in fields)


def _reads_structure(annotation: Any, value: str) -> bool:
    kinds = (annotation, *typing.get_args(annotation))
    if any(typing.get_origin(kind) in {list, tuple, dict, frozenset, set} for kind in kinds):
        return True
    return value[:1] in {"{", "["} and _is_structure(annotation)


def _is_structure(annotation: Any) -> bool:
    return any(hasattr(kind, "__dataclass_fields__") for kind in (annotation, *typing.get_args(annotation)))


def _decode_structure(value: str) -> Any:
    if value[:1] in {"{", "["}:
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return [part for part in value.split(",") if part]


def _decode_hook(kind: type, value: Any) -> Any:
    if kind is Secret:
        return value if isinstance(value, Secret) else Secret(str(value))
    if isinstance(value, kind):
        return value
    raise TypeError(f"cannot read a {kind.__name__}")


@dataclass(frozen=True)
class Command(_Callable, Generic[P, R]):
    """One thing that staff or automation can do: one transaction, one operation, one audit line, one undo step."""

    function: Callable[Concatenate[Transaction, P], R]
    permission: Permission | None
    label: str
    undo: Opposite | None = None
    shortcut: str = ""
    icon: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Opposite:
    """How a command that inserts is undone: `command` is run with the id of each row of `record` it inserted."""

    command: Command[[str], Any]
    record: type[Record]


@dataclass(frozen=True)
class Query(_Callable, Generic[P, R]):
    """One answer for a screen: columns selected, a frozen value returned, no record held."""

    function: Callable[Concatenate[Reading, P], R]
    permission: Permission | None
    label: str


COMMANDS: dict[str, Command[..., Any]] = {}
QUERIES: dict[str, Query[..., Any]] = {}


def command(
    *,
    permission: Permission | None,
    label: str,
    undo: tuple[Command[Any, Any], type[Record]] | None = None,
    shortcut: str = "",
    icon: str = "",
    hidden: bool = False,
) -> Callable[[Callable[Concatenate[Transaction, P], R]], Command[P, R]]:
    """Declare a command. `permission=None` is for what needs no signed-in person (first set-up, sign-in).

    `undo=(withdraw_x, X)` names the opposite of a command that inserts; without it such a command is not undoable.
    `hidden` keeps a command off the palette and menus, never off the command line.
    """

    def declare(function: Callable[Concatenate[Transaction, P], R]) -> Command[P, R]:
        opposite = Opposite(*undo) if undo else None
        made = Command(function, permission, label, opposite, shortcut, icon, hidden)
        _register(COMMANDS, made)
        return made

    return declare


def query(
    *, permission: Permission | None, label: str
) -> Callable[[Callable[Concatenate[Reading, P], R]], Query[P, R]]:
    """Declare a query."""

    def declare(function: Callable[Concatenate[Reading, P], R]) -> Query[P, R]:
        made = Query(function, permission, label)
        _register(QUERIES, made)
        return made

    return declare


def _register(table: dict[str, Any], made: Any) -> None:
    if made.name in table and table[made.name].function.__module__ != made.function.__module__:
        raise ValueError(f"{made.name} is declared twice")
    table[made.name] = made


def stored_arguments(item: Command[..., Any], arguments: Mapping[str, Any]) -> str | None:
    """The arguments as the journal keeps them: ids, enumerations, days, instants, integers and flags; else `…`.

    The values themselves stand in the changes, where erasure finds them.
    """
    if not arguments:
        return None
    kinds = {parameter.name: parameter for parameter in item.parameters}
    kept = {
        name: MASK if kinds[name].secret else _stored(kinds[name].annotation, value)
        for name, value in arguments.items()
    }
    return msgspec.json.encode(kept, order="sorted").decode()


def _stored(annotation: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        inner = typing.get_args(annotation)
        return [_stored(inner[0] if inner else None, item) for item in value]
    return value if isinstance(value, str) and _is_id(annotation) else "…"


def _is_id(annotation: Any) -> bool:
    """Ids are NewTypes named `…Id`; an optional id counts."""
    kinds = (annotation, *typing.get_args(annotation))
    return any(isinstance(kind, typing.NewType) and kind.__name__.endswith("Id") for kind in kinds)
