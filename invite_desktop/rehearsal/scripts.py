"""Answers prepared for the next calls of a method, for tests and scenarios."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from telethon.tl import functions
from telethon.tl.tlobject import TLObject, TLRequest

if TYPE_CHECKING:
    from invite_desktop.rehearsal.people import Account


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection breaks before the call has effect, or after it and before the answer."""

    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Delay:
    """The call has its usual effect and answer, but the answer takes these real seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SilentNoAdd:
    """An invitation is answered like a success, and nobody becomes a member."""


ScriptedAnswer: TypeAlias = str | int | Drop | Delay | SilentNoAdd | TLObject | None
"""An error's name, a transport error such as -429, trouble, a fixed answer; None: as usual."""


class Scripts:
    """Prepared answers by request class, for one account or for whoever calls first."""

    def __init__(self) -> None:
        self._queues: dict[tuple[type, int | None], deque[ScriptedAnswer]] = defaultdict(deque)

    def add(
        self,
        method: str | type[TLRequest],
        answers: tuple[ScriptedAnswer, ...],
        account: Account | None = None,
    ) -> None:
        """Prepare answers; ``method`` is a request class or a TL name ("channels.getParticipant").

        Raises KeyError for a name that the layer does not have.
        """
        request = request_class(method) if isinstance(method, str) else method
        self._queues[request, account.id if account else None].extend(answers)

    def take(self, request: TLObject, account_id: int | None) -> ScriptedAnswer:
        """Return the answer prepared for this call and forget it."""
        if not self._queues:
            return None
        for key in ((type(request), account_id), (type(request), None)):
            if queue := self._queues.get(key):
                return queue.popleft()
        return None

    def clear(self) -> None:
        """Forget everything prepared."""
        self._queues.clear()


def request_class(name: str) -> type[TLRequest]:
    """Return the request class of a TL method name. Raises KeyError when there is none."""
    family, _, method = name.rpartition(".")
    module = getattr(functions, family) if family else functions
    found: type[TLRequest] | None = getattr(
        module, f"{method[:1].upper()}{method[1:]}Request", None
    )
    if found is None:
        raise KeyError(name)
    return found
