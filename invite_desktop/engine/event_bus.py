"""The one way by which facts leave the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.events import Event


class EventBus:
    """Calls every listener with every fact, in the order of publication, on the loop's thread.

    ``on_error`` gets what a failing listener raised, so that the others still hear the fact.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._listeners: list[Callable[[Event], None]] = []

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Add a listener; return the call that removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - any listener may fail in any way
                self._on_error(error)
