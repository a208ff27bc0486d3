"""JSON as a stream of events: the lists in it, and the items of one of them, one at a time."""

from __future__ import annotations

import codecs
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ijson

from invite_desktop.importing import limits, refusals
from invite_desktop.importing.header_words import field_of_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.importing.encodings import Encoding

_ENOUGH_OBJECTS = 200
_KEY_FIELDS = frozenset({"username", "phone", "telegram_id"})
_OPENING = frozenset({"start_map", "start_array"})
_DIGITS_STEP = 1000
_LONGEST_PREFIX = 10_000
"""All keys on the way to a value together; they are written out for every event."""

_CLOSING = frozenset({"end_map", "end_array"})


@dataclass(slots=True)
class _List:
    """What was seen of one list: how deep it lies, what it holds, the keys of its objects."""

    depth: int
    objects: int = 0
    others: int = 0
    fields: set[str] = field(default_factory=set)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Return how much this looks like the list of people: known keys, objects, level, size."""
        known = len(self.fields & _KEY_FIELDS)
        return known, int(self.objects > 0), -self.depth, self.objects + self.others


class JsonEvents:
    """The events of one JSON file, from its beginning.

    Raises KnownError for JSON that is broken, cut off or too deep, and for a text or a record in
    it that does not end.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        self._source = _Utf8Source(path, encoding)

    def __iter__(self) -> Iterator[tuple[str, str, Any]]:
        """Yield prefix, event and value as ijson.parse does.

        That writes out the prefixes of a whole block before anybody can say that it is too deep:
        20 KB of brackets take a gigabyte.
        """
        outer: list[str] = []
        here = ""
        with _parser_errors(self._path):
            for event, value in ijson.basic_parse(self._source, buf_size=limits.BLOCK_BYTES):
                self._source.unanswered = 0
                if event == "map_key":
                    yield outer[-1], event, value
                    here = f"{outer[-1]}.{value}" if len(outer) > 1 else value
                elif event in _OPENING:
                    if len(outer) == limits.MAX_JSON_DEPTH or len(here) > _LONGEST_PREFIX:
                        raise refusals.deep_json(self._path)
                    yield here, event, value
                    outer.append(here)
                    if event == "start_array":
                        here = _item_prefix(here)
                else:
                    if event in _CLOSING:
                        here = outer.pop()
                    yield here, event, value

    def items(self, place: str) -> Iterator[object]:
        """Yield the items of the list whose items have this prefix in ijson's notation."""
        builder = _Builder()
        number, values = 1, 0
        for prefix, event, value in self:
            if not builder.open and prefix != place:
                continue
            values += 1
            if values > limits.MAX_JSON_VALUES:
                raise refusals.endless_record(self._path, number)
            builder.take(event, value)
            if not builder.open:
                yield builder.value
                number, values = number + 1, 0


def find_list(path: Path, encoding: Encoding) -> str:
    """Return the prefix of the items of the list that looks most like people.

    Lists whose objects have keys such as ``username`` win, then lists of objects, then the least
    nested. Raises KnownError when there is no list at all.
    """
    lists: dict[str, _List] = {}
    depth = 0
    for prefix, event, value in JsonEvents(path, encoding):
        if event == "start_array":
            lists.setdefault(_item_prefix(prefix), _List(depth))
        if event in _OPENING:
            depth += 1
        elif event in _CLOSING:
            depth -= 1
        if (found := lists.get(prefix)) is not None and _note(found, event, value):
            return prefix
    if not any(one.objects + one.others for one in lists.values()):
        raise refusals.no_list(path)
    return max(lists, key=lambda place: lists[place].rank)


def _item_prefix(prefix: str) -> str:
    return f"{prefix}.item" if prefix else "item"


def _note(found: _List, event: str, value: object) -> bool:
    """Add one event of a list's item to what is known; return whether that is enough."""
    if event == "map_key":
        name = field_of_header(str(value))
        if name:
            found.fields.add(name)
    elif event == "start_map":
        found.objects += 1
        return found.objects > _ENOUGH_OBJECTS and bool(found.fields & _KEY_FIELDS)
    elif event not in _CLOSING:
        found.others += 1
    return False


class _Builder:
    """Puts one value together from its events."""

    def __init__(self) -> None:
        self.open = False
        self.value: object = None
        self._parents: list[Any] = []
        self._keys: list[str] = []

    def take(self, event: str, value: object) -> None:
        """Take the next event; ``open`` tells whether the value still lacks its end."""
        if event in _OPENING:
            container: Any = {} if event == "start_map" else []
            self._add(container)
            self._parents.append(container)
            self._keys.append("")
        elif event in _CLOSING:
            self._parents.pop()
            self._keys.pop()
        elif event == "map_key":
            self._keys[-1] = str(value)
        else:
            self._add(value)
        self.open = bool(self._parents)

    def _add(self, value: object) -> None:
        if not self._parents:
            self.value = value
        elif isinstance(self._parents[-1], dict):
            self._parents[-1][self._keys[-1]] = value
        else:
            self._parents[-1].append(value)


class _Utf8Source:
    """A file in any encoding as the UTF-8 bytes that the parser wants.

    ``unanswered`` counts what the parser took without saying anything: one endless text.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        self._blocks = _utf_8_blocks(path, encoding)
        self._rest = b""
        self.unanswered = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``, empty at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
            if _has_endless_number(self._rest):
                raise refusals.broken_json(self._path)
        size = len(self._rest) if size < 0 else size
        block, self._rest = self._rest[:size], self._rest[size:]
        self.unanswered += len(block)
        if self.unanswered > limits.MAX_RECORD_CHARACTERS:
            raise refusals.endless_record(self._path, 1)
        return block


def _has_endless_number(block: bytes) -> bool:
    """Return whether somewhere in a block 2 000 digits follow one another.

    Python refuses to make an int of more than 4 300 digits, and ijson 3.6's C parser goes on with
    the int it did not get: the process dies of a segmentation fault. So many digits in a row
    always lie over one of these places; two blocks' ends together are still below the limit.
    """
    return any(
        block[place : place + _DIGITS_STEP].isdigit()
        for place in range(0, len(block) - _DIGITS_STEP + 1, _DIGITS_STEP)
    )


def _utf_8_blocks(path: Path, encoding: Encoding) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    with refusals.file_errors(path), path.open("rb") as file:
        file.seek(encoding.mark)
        while block := file.read(limits.BLOCK_BYTES):
            if text := decoder.decode(block):
                yield text.encode("utf-8")
        if text := decoder.decode(b"", final=True):
            yield text.encode("utf-8")


@contextmanager
def _parser_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except ijson.IncompleteJSONError as error:
        raise _of_parser(path, error) from error
    except (ijson.JSONError, ValueError) as error:
        raise refusals.broken_json(path) from error


def _of_parser(path: Path, error: Exception) -> Exception:
    """Return the refusal for the parser's one exception of two meanings."""
    cut = "premature EOF" in str(error) or "parse_eof" in str(error)
    return refusals.cut_off(path) if cut else refusals.broken_json(path)
