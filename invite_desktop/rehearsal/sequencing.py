"""Requests that wait for others (invokeAfterMsg, core.telegram.org/api/invoking)."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERED = 512


class Sequencing:
    """How the requests of a session ended, and which ones wait for that."""

    def __init__(self) -> None:
        self._ended_well: OrderedDict[int, bool] = OrderedDict()
        self._waiting: dict[int, tuple[tuple[int, ...], Callable[[], None]]] = {}

    def is_ready(self, after: tuple[int, ...]) -> bool:
        """Return whether all these requests have ended. Raises MSG_WAIT_FAILED if one failed."""
        if any(self._ended_well.get(message_id) is False for message_id in after):
            raise MethodError("MSG_WAIT_FAILED")
        return all(message_id in self._ended_well for message_id in after)

    def wait(self, message_id: int, after: tuple[int, ...], go_on: Callable[[], None]) -> None:
        """Let ``go_on`` be called once one of these requests has failed or all have ended."""
        self._waiting[message_id] = after, go_on

    def give_up(self, message_id: int) -> bool:
        """Let a request wait no more; return whether it did."""
        return self._waiting.pop(message_id, None) is not None

    def note_end(self, message_id: int, *, well: bool) -> None:
        """Remember how a request ended, and let those that waited for it go on."""
        self._ended_well[message_id] = well
        if len(self._ended_well) > _REMEMBERED:
            self._ended_well.popitem(last=False)
        for waiting_id, (after, go_on) in list(self._waiting.items()):
            if message_id in after and self._may_go_on(after):
                del self._waiting[waiting_id]
                go_on()

    def _may_go_on(self, after: tuple[int, ...]) -> bool:
        try:
            return self.is_ready(after)
        except MethodError:
            return True
