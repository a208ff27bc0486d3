"""The loop that the window and the engine share."""

from __future__ import annotations

import asyncio
import threading

import pytest
from PySide6.QtCore import QTimer

from invite_desktop.app.event_loop import FairEventLoop


@pytest.fixture
def run(qapp):
    def run_on_loop(main):
        qapp.setQuitOnLastWindowClosed(False)
        with asyncio.Runner(loop_factory=lambda: FairEventLoop(qapp)) as runner:
            return runner.run(asyncio.wait_for(main, 20))

    return run_on_loop


def test_callbacks_run_in_the_order_in_which_they_were_queued(run):
    async def main():
        loop, seen, done = asyncio.get_running_loop(), [], asyncio.Event()
        for number in range(1000):
            loop.call_soon(seen.append, number)
        loop.call_soon(done.set)
        await done.wait()
        return seen

    assert run(main()) == list(range(1000))


@pytest.mark.parametrize("delay", [0.001, 0.02, 0.11])
def test_a_sleep_never_ends_early(run, delay):
    async def main():
        loop = asyncio.get_running_loop()
        due = loop.time() + delay
        await asyncio.sleep(delay)
        return loop.time() - due

    assert run(main()) >= 0


def test_a_cancelled_timer_does_not_run(run):
    async def main():
        loop, seen = asyncio.get_running_loop(), []
        loop.call_later(0.01, seen.append, "cancelled").cancel()
        loop.call_later(0.02, seen.append, "kept")
        await asyncio.sleep(0.04)
        return seen

    assert run(main()) == ["kept"]


def test_cancelled_timers_do_not_pile_up(run):
    async def main():
        loop = asyncio.get_running_loop()
        for _ in range(1000):
            loop.call_later(3600, int).cancel()
        return len(loop._timers)

    assert run(main()) < 300


def test_qt_gets_its_turn_during_a_burst(run):
    async def main():
        loop, turns, done = asyncio.get_running_loop(), [], asyncio.Event()
        left = 200_000
        timer = QTimer()
        timer.timeout.connect(lambda: turns.append(left))
        timer.start(0)

        def burst():
            nonlocal left
            left -= 1
            if left % 1000 == 0 and not left:
                done.set()

        for _ in range(left):
            loop.call_soon(burst)
        await done.wait()
        timer.stop()
        return turns

    assert any(0 < turn < 200_000 for turn in run(main()))


def test_another_thread_can_call_in(run):
    async def main():
        loop, called = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(called.set_result, 7))
        thread.start()
        result = await called
        thread.join()
        return result

    assert run(main()) == 7


def test_a_server_and_a_client_talk_over_tcp(run):
    async def main():
        async def echo(reader, writer):
            writer.write(await reader.readexactly(3))
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"abc")
        answer = await reader.readexactly(3)
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return answer

    assert run(main()) == b"abc"
