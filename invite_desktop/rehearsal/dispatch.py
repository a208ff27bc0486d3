"""The table of methods, and the unwrapping of what clients wrap their requests in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from telethon.tl import functions
from telethon.tl.tlobject import TLObject, TLRequest

from invite_desktop.rehearsal.arguments import check_arguments
from invite_desktop.rehearsal.backend import Call
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.tl import Answer

Handler = Callable[[Call, TLObject], Answer]
_H = TypeVar("_H", bound=Handler)

_HANDLERS: dict[type[TLRequest], Handler] = {}
_FOR_ANYBODY: set[type[TLRequest]] = set()
_WRAPPERS = (
    functions.InvokeWithLayerRequest,
    functions.InitConnectionRequest,
    functions.InvokeWithoutUpdatesRequest,
    functions.InvokeAfterMsgRequest,
    functions.InvokeAfterMsgsRequest,
)


def answers(*requests: type[TLRequest], anybody: bool = False) -> Callable[[_H], _H]:
    """Register a function as the handler of some requests.

    ``anybody``: clients that are not logged in may call too.
    """

    def register(handler: _H) -> _H:
        for request in requests:
            _HANDLERS[request] = handler
            if anybody:
                _FOR_ANYBODY.add(request)
        return handler

    return register


def unwrap(request: TLObject) -> tuple[TLObject, bool]:
    """Return the request inside its wrappers, and whether the client wants updates.

    Raises MethodError for an api_id that nobody could have.
    """
    wants_updates = True
    while isinstance(request, _WRAPPERS):
        if isinstance(request, functions.InitConnectionRequest) and request.api_id <= 0:
            raise MethodError("API_ID_INVALID")
        if isinstance(request, functions.InvokeWithoutUpdatesRequest):
            wants_updates = False
        request = request.query
    return request, wants_updates


def execute(call: Call, request: TLObject) -> Answer:
    """Return the answer to an unwrapped request. Raises MethodError for a refusal."""
    handler = _HANDLERS.get(type(request))
    if handler is None:
        constructor = getattr(request, "CONSTRUCTOR_ID", 0)
        raise MethodError(f"INPUT_METHOD_INVALID_{constructor}_0")
    if type(request) not in _FOR_ANYBODY:
        call.check_login()
    check_arguments(request)
    return handler(call, request)
