"""What must not be cut in two: a call to Telegram and the writing of its outcome."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


async def undivided(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, and only then obey a cancellation that came meanwhile."""
    inner = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(inner)
    except asyncio.CancelledError:
        await end_of(inner)
        if not inner.cancelled():
            inner.result()
        raise


async def end_of(work: asyncio.Future[Any]) -> None:
    """Wait until work has ended, however often the waiting is cancelled meanwhile."""
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            continue
