"""How an account hears what people write to it, from the fake and from Telethon."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.replies import News, UpdateState
from invite_desktop.engine.ports.telegram import PeoplePage
from invite_desktop.rehearsal.methods import updates
from tests.contracts.stages import found, messenger_of
from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from invite_desktop.engine.ports.replies import IncomingMessage
    from invite_desktop.engine.ports.telegram import Messenger
    from tests.contracts.stages import Someone, Stage


async def everything_since(
    messenger: Messenger, state: UpdateState
) -> tuple[list[IncomingMessage], UpdateState]:
    heard: list[IncomingMessage] = []
    more = True
    while more:
        news = await messenger.news_since(state)
        assert isinstance(news, News), news
        heard += news.messages
        state, more = news.state, news.more
    return heard, state


async def listening(stage: Stage) -> tuple[Someone, Messenger, UpdateState]:
    anna = stage.account(1, "anna_owner", phone="+79990000001")
    messenger = await messenger_of(stage)
    state = await messenger.update_state()
    assert isinstance(state, UpdateState)
    return anna, messenger, state


async def test_nothing_new_is_nothing_to_hear(stage: Stage):
    _, messenger, state = await listening(stage)
    heard, after = await everything_since(messenger, state)
    assert heard == []
    assert (await everything_since(messenger, after))[0] == []


async def test_what_people_write_is_heard_once_in_order(stage: Stage):
    anna, messenger, state = await listening(stage)
    people = [stage.person(f"guest_{number:03}") for number in range(7)]
    for number, person in enumerate(people):
        stage.write_to(1, anna, person, f"answer {number}")
    heard, after = await everything_since(messenger, state)
    assert [message.text for message in heard] == [f"answer {number}" for number in range(7)]
    assert [message.user_id for message in heard] == [person.user_id for person in people]
    assert len({message.message_id for message in heard}) == 7
    assert (await everything_since(messenger, after))[0] == []
    assert (await everything_since(messenger, state))[0] == heard, "the same again after a crash"


async def test_an_answer_that_was_changed_is_heard_with_its_new_words(stage: Stage):
    anna, messenger, state = await listening(stage)
    person = stage.person("guest_000")
    stage.write_to(1, anna, person, "Thank you")
    (first,), state = await everything_since(messenger, state)
    stage.rewrite(1, anna, person, "stop")
    (second,), _ = await everything_since(messenger, state)
    assert (first.text, second.text) == ("Thank you", "stop")
    assert (first.message_id, first.user_id) == (second.message_id, second.user_id)


async def test_own_messages_are_no_answers(stage: Stage):
    anna, messenger, state = await listening(stage)
    person = stage.person("guest_000")
    user = await found(messenger, PersonKeys("guest_000"))
    await messenger.send_message(user, "Hello", 42)
    stage.write_to(1, anna, person, "Hi")
    heard, _ = await everything_since(messenger, state)
    assert [message.text for message in heard] == ["Hi"]


async def test_what_came_without_a_connection_is_heard_after_it(stage: Stage):
    anna, messenger, state = await listening(stage)
    await stage.reconnect()
    stage.write_to(1, anna, stage.person("guest_000"), "стоп")
    messenger = await messenger_of(stage)
    heard, _ = await everything_since(messenger, state)
    assert [message.text for message in heard] == ["стоп"]


async def test_of_what_telegram_keeps_no_updates_the_dialogues_tell(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(updates, "_TOO_MANY", 2)
    monkeypatch.setattr(FakeTelegram, "updates_kept", 2)
    anna, messenger, state = await listening(stage)
    people = [stage.person(f"guest_{number:03}") for number in range(3)]
    for person in people:
        stage.write_to(1, anna, person, "Hi")
        stage.write_to(1, anna, person, f"стоп {person.user_id}")
    news = await messenger.news_since(state)
    assert isinstance(news, News)
    assert news.messages == ()
    assert news.missed_since == state.date
    page = await messenger.dialog_people()
    assert isinstance(page, PeoplePage)
    for person in page.people:
        written = await messenger.messages_from(person.peer, news.missed_since)
        assert not isinstance(written, Outcome)
        assert [message.text for message in written] == ["Hi", f"стоп {person.peer.user_id}"]
        later = news.missed_since + timedelta(days=1)
        assert await messenger.messages_from(person.peer, later) == []
    assert {person.peer.user_id for person in page.people} == {p.user_id for p in people}
    assert (await everything_since(messenger, news.state))[0] == []


async def test_a_message_rings_the_bell_of_its_account(stage: Stage):
    rung: asyncio.Queue[int] = asyncio.Queue()
    stage.gateway.listen(rung.put_nowait)
    anna, messenger, state = await listening(stage)
    while not rung.empty():
        rung.get_nowait()
    stage.write_to(1, anna, stage.person("guest_000"), "Hi")
    assert await asyncio.wait_for(rung.get(), 5) == 1
    assert len((await everything_since(messenger, state))[0]) == 1


@pytest.mark.parametrize("method", ["update_state", "news_since"])
async def test_a_lost_network_is_an_outcome(stage: Stage, method: str):
    _, messenger, state = await listening(stage)
    await stage.go_offline()
    answer = await (
        messenger.update_state() if method == "update_state" else messenger.news_since(state)
    )
    assert isinstance(answer, Outcome)
    assert answer.is_about_account
