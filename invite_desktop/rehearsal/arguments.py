"""Do the objects in a request have the types that the schema says?

Telethon's readers take any object in any place; Telegram does not.
"""

from __future__ import annotations

import inspect
import re
import typing
from typing import TYPE_CHECKING, NamedTuple

from telethon.tl import types

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telethon.tl.tlobject import TLObject

_TYPE_NAME = re.compile(r"(?:(\w+)\.)?Type([A-Z]\w*)")


_STAND_INS: dict[int, tuple[type, ...]] = {
    types.InputUser.SUBCLASS_OF_ID: (types.InputPeerUser, types.InputPeerSelf),
    types.InputChannel.SUBCLASS_OF_ID: (types.InputPeerChannel,),
}
"""What Telegram takes in the place of a type by its number: some clients send nothing else."""


class _Field(NamedTuple):
    """A field that holds objects of one TL type, named by the type's number."""

    name: str
    type_number: int
    is_vector: bool


_KNOWN: dict[type, tuple[_Field, ...]] = {}


def check_arguments(request: TLObject) -> None:
    """Raise MethodError if an object in a request, however deep, is of a type that is not due."""
    for field in _fields(type(request)):
        value = getattr(request, field.name)
        for item in (value or ()) if field.is_vector else (value,):
            if item is None:
                continue
            if getattr(item, "SUBCLASS_OF_ID", None) != field.type_number and not isinstance(
                item, _STAND_INS.get(field.type_number, ())
            ):
                raise MethodError("INPUT_CONSTRUCTOR_INVALID")
            check_arguments(item)


def _fields(kind: type) -> tuple[_Field, ...]:
    """Return the fields of a constructor that hold objects."""
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(_read_fields(kind))
    return _KNOWN[kind]


def _read_fields(kind: type) -> Iterator[_Field]:
    for parameter in inspect.signature(kind).parameters.values():
        annotation = str(parameter.annotation)
        number = _type_number(annotation)
        if number is not None:
            yield _Field(parameter.name, number, "List[" in annotation)


def _type_number(annotation: str) -> int | None:
    """Return the number of the TL type in an annotation, None for bare values."""
    match = _TYPE_NAME.search(annotation)
    if match is None:
        return None
    namespace = getattr(types, match.group(1), types) if match.group(1) else types
    known = getattr(namespace, f"Type{match.group(2)}", None)
    constructors = typing.get_args(known) or ((known,) if known is not None else ())
    return next((getattr(item, "SUBCLASS_OF_ID", None) for item in constructors), None)
