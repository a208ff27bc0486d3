"""Rows of big files, read and packed in a process of their own.

The two halves of an import then use a processor each, the window's thread shares its interpreter
with neither, and a file that asks for too much memory ends that process and not the program.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import threading
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.store.import_reading import Block, ImportReading, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from invite_desktop.engine.ports.files import FileRows, NextFile, ReadRow

SECONDS_BETWEEN_CHECKS = 0.05
BIG_FILE = 1024 * 1024
"""Bytes of files from which on a process pays: it takes half a second to start."""

BLOCKS_AHEAD = 4
"""Blocks that may wait for the writer: a few megabytes."""

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space for the reading process, where the system can limit it; no file that
passes the readers' own caps needs them."""

_END = None
_PYTHON_FAILED = 1
"""The exit code after an exception that nobody caught; whatever ends it from outside has others."""


def is_worth_a_process(rows: FileRows) -> bool:
    """Return whether files are big; of one that cannot be looked at its reader will tell."""
    with contextlib.suppress(OSError):
        return sum(file.path.stat().st_size for file in rows.files) >= BIG_FILE
    return False


def blocks_read_apart(
    rows: Iterable[ReadRow | NextFile], source: str, cancelled: Callable[[], bool]
) -> Iterator[Block]:
    """Yield the blocks of rows that can be sent to another process, which draws them.

    Raises what reading them raises, KnownError when the process is gone, ImportCancelledError when
    ``cancelled`` answers True. The process ends with the iterator.
    """
    # A fork would copy threads' locks, and the window's connection to the screen.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(rows, theirs), name="import-reading", daemon=True)
    with contextlib.closing(ours):
        process.start()
        theirs.close()
        try:
            while isinstance(block := _next(ours, source, cancelled), Block):
                yield block
        except EOFError:
            process.join()
            if process.exitcode == _PYTHON_FAILED:
                raise RuntimeError("the reading process could not do its work") from None
            raise _ended(source) from None
        finally:
            process.kill()
            process.join()
            process.close()


def _next(ours: Connection, source: str, cancelled: Callable[[], bool]) -> Block | None:
    while not ours.poll(SECONDS_BETWEEN_CHECKS):
        check(cancelled)
    try:
        told: Block | BaseException | None = ours.recv()
    except OSError:
        # It ended in the middle of a block.
        raise EOFError from None
    if isinstance(told, MemoryError):
        raise _ended(source) from told
    if isinstance(told, BaseException):
        raise told
    return told


def _ended(source: str) -> KnownError:
    return KnownError(
        message(
            "Reading {source} was cut off, most likely because it takes too much memory.",
            source=source,
        ),
        message("Save the list as CSV, or split it into smaller files, and import these."),
    )


def _read(rows: Iterable[ReadRow | NextFile], theirs: Connection) -> None:
    """Send all blocks, then the end; or what went wrong. Runs in the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    # Rows make no cycles, and looking for some takes a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000)
    waiting: queue.Queue[Block | BaseException | None] = queue.Queue(BLOCKS_AHEAD)
    sender = threading.Thread(target=_send, args=(waiting, theirs))
    sender.start()
    try:
        for block in ImportReading().blocks(rows, lambda _: None):
            waiting.put(block)
        waiting.put(_END)
    except Exception as error:  # noqa: BLE001 - told to the program, which raises it again
        waiting.put(error)
    sender.join()


def _send(waiting: queue.Queue[Block | BaseException | None], theirs: Connection) -> None:
    try:
        while isinstance(told := waiting.get(), Block):
            theirs.send(told)
        theirs.send(told)
    except OSError:
        # The program has gone; nobody needs the rest.
        os._exit(1)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    # Some systems know the limit and refuse to set it.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
