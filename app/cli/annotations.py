"""Types of arguments, settings and events as words that a person and a program can read."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from app.core.money import Money
from app.core.secret import Secret

_NAMES: Final[dict[Any, str]] = {
    str: "text",
    int: "integer",
    bool: "flag",
    float: "number",
    date: "day",
    datetime: "instant",
    bytes: "bytes",
    Secret: "secret",
    Money: "money",
    Any: "anything",
    type(None): "nothing",
}


def type_name(annotation: Any) -> str:
    """`text`, `integer`, `flag`, `day`, `instant`, `secret`, `PatientId`, `list of …`; an optional type is its own."""
    annotation = without_none(annotation)
    if annotation in _NAMES:
        return _NAMES[annotation]
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(type_name(part) for part in typing.get_args(annotation))
    if origin is typing.Literal:
        return "choice"
    if origin is not None:
        inner = [part for part in typing.get_args(annotation) if part is not Ellipsis]
        return f"{origin.__name__} of {', '.join(type_name(part) for part in inner)}"
    return str(getattr(annotation, "__name__", annotation))


def is_optional(annotation: Any) -> bool:
    """Whether None is a value of the type."""
    return type(None) in typing.get_args(annotation)


def without_none(annotation: Any) -> Any:
    """The type itself of an optional one."""
    if typing.get_origin(annotation) not in {typing.Union, types.UnionType} or not is_optional(annotation):
        return annotation
    rest = [part for part in typing.get_args(annotation) if part is not type(None)]
    return rest[0] if len(rest) == 1 else typing.Union[tuple(rest)]  # noqa: UP007 - made at run time


def holds_instants(annotation: Any) -> bool:
    """Whether the type is an instant, or a list of them."""
    return any(part is datetime for part in _parts(annotation))


def choices(annotation: Any) -> list[str] | None:
    """The values of the enumeration in a type, also within a list; None when there is none."""
    for part in _parts(annotation):
        if typing.get_origin(part) is typing.Literal:
            return [str(item) for item in typing.get_args(part)]
        if isinstance(part, type) and issubclass(part, enum.Enum):
            return [str(member.value) for member in part]
    return None


def structure(annotation: Any) -> dict[str, str] | None:
    """The fields of the dataclass in a type, given as JSON on the command line; None when there is none."""
    for part in _parts(annotation):
        if isinstance(part, type) and dataclasses.is_dataclass(part) and part is not Money:
            hints = typing.get_type_hints(part)
            return {item.name: type_name(hints[item.name]) for item in dataclasses.fields(part)}
    return None


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if typing.get_origin(annotation) is not typing.Literal:
        for part in typing.get_args(annotation):
            yield from _parts(part)
