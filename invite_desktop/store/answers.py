"""What another thread sends back to whoever asked, also when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

_logger = logging.getLogger(__name__)

_T = TypeVar("_T")

Answer = tuple["asyncio.Future[Any]", Any, "BaseException | None"]
"""Who waits on the loop, for which result or which failure."""


class AbandonedError(Exception):
    """Work gave itself up because somebody wished so; its transaction is rolled back."""


async def answer_of(future: Future[_T]) -> _T:
    """Wait for work of another thread; a caller who leaves lets it go on to its end."""
    heard = asyncio.wrap_future(future)
    try:
        return await asyncio.shield(heard)
    except asyncio.CancelledError:
        report_failure(future)
        # asyncio would complain of the same failure in words of its own.
        heard.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise


def report_failure(future: Future[_T]) -> None:
    """Log the failure, if it comes to one, of work whose caller cannot hear of it."""
    future.add_done_callback(_log_failure)


def tell(loop: asyncio.AbstractEventLoop, answers: Sequence[Answer]) -> None:
    """Hand answers to the loop's thread; whoever has left leaves a failure to the log."""
    try:
        loop.call_soon_threadsafe(_deliver, answers)
    except RuntimeError:  # The loop has ended.
        for _, _, error in answers:
            _note_failure(error)


def _deliver(answers: Sequence[Answer]) -> None:
    for answer, result, error in answers:
        if answer.done():
            _note_failure(error)
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)


def _log_failure(future: Future[_T]) -> None:
    _note_failure(None if future.cancelled() else future.exception())


def _note_failure(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, AbandonedError):
        _logger.error("a transaction failed after its caller had left", exc_info=error)
