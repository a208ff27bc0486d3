"""Requests that wait for others (invokeAfterMsg, core.telegram.org/api/invoking)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 5.0
"""Real seconds that a request waits for the one that it is to come after."""

_REMEMBERED = 512


class Sequencing:
    """How the requests of a session ended, and which ones wait for that."""

    def __init__(self) -> None:
        self._ended_well: OrderedDict[int, bool] = OrderedDict()
        self._waiting: dict[int, tuple[tuple[int, ...], Callable[[], None]]] = {}

    def take(
        self,
        message_id: int,
        after: tuple[int, ...],
        run: Callable[[], None],
        refuse: Callable[[MethodError], None],
    ) -> None:
        """Run a request once those that it waits for have ended; refuse it if one has failed."""
        try:
            ready = self._is_ready(after)
        except MethodError as failed:
            refuse(failed)
            return
        if ready:
            run()
            return

        def give_up() -> None:
            if self._waiting.pop(message_id, None) is not None:
                refuse(MethodError("MSG_WAIT_TIMEOUT", 400))

        self._waiting[message_id] = after, lambda: self.take(message_id, after, run, refuse)
        asyncio.get_running_loop().call_later(PATIENCE, give_up)

    def note_end(self, message_id: int, *, well: bool) -> None:
        """Remember how a request ended, and let those that waited for it go on."""
        self._ended_well[message_id] = well
        if len(self._ended_well) > _REMEMBERED:
            self._ended_well.popitem(last=False)
        for waiting_id, (after, go_on) in list(self._waiting.items()):
            if message_id in after and waiting_id in self._waiting:
                del self._waiting[waiting_id]
                go_on()

    def _is_ready(self, after: tuple[int, ...]) -> bool:
        """Return whether all these requests have ended. Raises MSG_WAIT_FAILED if one failed."""
        if any(self._ended_well.get(message_id) is False for message_id in after):
            raise MethodError("MSG_WAIT_FAILED")
        return all(message_id in self._ended_well for message_id in after)
