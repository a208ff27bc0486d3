"""What the server tells of its own side, asked after plain Telethon calls."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions

from invite_desktop.engine.ports.server_view import DeedKind, ServerTotals
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Reception
from invite_desktop.rehearsal.server_book import ServerBook
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from telethon import TelegramClient

    from invite_desktop.rehearsal.world import World
    from tests.fakes.rehearsal import Rehearsal


@pytest.fixture
def world() -> World:
    return demo_world(mix=CALM)


@pytest.fixture
def book(world: World) -> ServerBook:
    return ServerBook(world)


@pytest.fixture
async def running(world: World, book: ServerBook) -> AsyncIterator[Rehearsal]:
    async with running_rehearsal(world) as server:
        yield server


@pytest.fixture
async def client(running: Rehearsal) -> AsyncIterator[TelegramClient]:
    async with running.client(running.accounts[0]) as connected:
        yield connected


async def invite(client: TelegramClient, username: str) -> None:
    with suppress(errors.RPCError):
        await client(functions.channels.InviteToChannelRequest(CLUB, [username]))


def test_before_anything_happens_nobody_is_touched(book: ServerBook):
    assert book.totals() == ServerTotals()
    assert book.people(0, 10) == []


async def test_who_was_added_is_shown_with_inviter_chat_and_time(
    client: TelegramClient, book: ServerBook
):
    await invite(client, "willing_one")
    (person,) = book.people(0, 10)
    looked_up, joined = person.deeds
    assert (person.username, looked_up.kind) == ("willing_one", DeedKind.LOOKED_UP)
    assert (joined.kind, joined.by) == (DeedKind.JOINED, "@rehearsal_admin1")
    assert joined.chat == "Клуб репетиции"
    assert abs((joined.at - datetime.now(UTC)).total_seconds()) < 5
    assert book.totals() == ServerTotals(people=1, touched=1, joined=1)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour.PRIVACY, "the privacy settings forbid it"),
        (Behaviour.PRIVACY_ERROR, "the privacy settings forbid it"),
        (Behaviour.SILENT_NO_ADD, "was silently not added"),
        (Behaviour.ALREADY_MEMBER, "is a member already"),
        (Behaviour.TOO_MANY_CHATS, "is in too many chats"),
        (Behaviour.KICKED, "was removed from the chat earlier"),
    ],
)
async def test_who_was_refused_is_shown_with_the_reason(
    world: World, client: TelegramClient, book: ServerBook, behaviour: Behaviour, words: str
):
    world.person("some_person", behaviour=behaviour)
    await invite(client, "some_person")
    (person,) = book.people(0, 10)
    refused = person.deeds[-1]
    assert (refused.kind, refused.reason.text) == (DeedKind.REFUSED, words)
    assert (refused.by, refused.chat) == ("@rehearsal_admin1", "Клуб репетиции")
    assert (book.totals().refused, book.totals().joined) == (1, 0)


async def test_who_was_written_to_is_shown_with_the_text(client: TelegramClient, book: ServerBook):
    await client.send_message("some_person", "Здравствуйте!")
    await client.send_message("me", "Черновик")
    (person,) = book.people(0, 10)
    letter = person.deeds[-1]
    assert (letter.kind, letter.text) == (DeedKind.WRITTEN_TO, "Здравствуйте!")
    assert book.totals().messages == 1


async def test_who_takes_no_messages_is_shown_as_refused(
    world: World, client: TelegramClient, book: ServerBook
):
    world.person("some_person", behaviour=Reception.PAID)
    with pytest.raises(errors.RPCError):
        await client.send_message("some_person", "Здравствуйте!")
    (person,) = book.people(0, 10)
    assert person.deeds[-1].reason.text == "takes messages only for Telegram stars"


async def test_a_refusal_of_the_account_is_not_the_persons(
    running: Rehearsal, client: TelegramClient, book: ServerBook
):
    running.server.script("channels.inviteToChannel", "FLOOD_WAIT_30")
    await invite(client, "willing_one")
    assert book.totals() == ServerTotals(people=1, touched=1)


async def test_who_leaves_counts_no_longer(world: World, client: TelegramClient, book: ServerBook):
    await invite(client, "willing_one")
    (person,) = book.people(0, 10)
    world.story.leave(world.chat_by_username(CLUB), person.id)
    assert (book.totals().joined, book.totals().left) == (0, 1)
    assert book.people(0, 10)[0].deeds[-1].kind is DeedKind.LEFT


async def test_who_comes_back_has_not_left(world: World, client: TelegramClient, book: ServerBook):
    await invite(client, "willing_one")
    (person,) = book.people(0, 10)
    club = world.chat_by_username(CLUB)
    world.story.leave(club, person.id)
    world.story.join(club, person.id, next(iter(world.accounts)))
    assert (book.totals().joined, book.totals().left) == (1, 0)


async def test_an_answer_is_shown_with_its_text(
    world: World, client: TelegramClient, book: ServerBook
):
    await client.send_message("some_person", "Здравствуйте!")
    person = world.people.by_username("some_person")
    world.acts.write(person, next(iter(world.accounts.values())), "стоп")
    answer = book.people(0, 10)[0].deeds[-1]
    assert (answer.kind, answer.text) == (DeedKind.ANSWERED, "стоп")
    assert answer.by == "@rehearsal_admin1"
    assert (book.totals().messages, book.totals().answers) == (1, 1)


async def test_a_page_has_people_in_the_order_they_were_touched(
    client: TelegramClient, book: ServerBook
):
    for number in range(5):
        await invite(client, f"willing_{number}")
    assert [person.username for person in book.people(1, 2)] == ["willing_1", "willing_2"]


async def test_every_change_raises_the_version(client: TelegramClient, book: ServerBook):
    before = book.version
    await invite(client, "willing_one")
    assert book.version > before


async def test_chats_tell_their_members_and_who_came(client: TelegramClient, book: ServerBook):
    before = {chat.title: chat.members for chat in book.chats()}
    await invite(client, "willing_one")
    club = next(chat for chat in book.chats() if chat.title == "Клуб репетиции")
    assert (club.members, club.joined) == (before["Клуб репетиции"] + 1, 1)
    assert club.address == "@rehearsal_club"


def test_accounts_tell_their_codes(book: ServerBook):
    first = book.accounts()[0]
    assert (first.phone, first.code, first.username) == ("+9996620001", "22222", "rehearsal_admin1")


async def test_after_a_restart_the_book_tells_the_same(tmp_path: Path):
    world = demo_world(mix=CALM)
    world.person("private_one", behaviour=Behaviour.PRIVACY)
    book = ServerBook(world)
    async with (
        running_rehearsal(world, state_dir=tmp_path) as running,
        running.client(running.accounts[0]) as client,
    ):
        await invite(client, "private_one")
        await invite(client, "willing_one")
        await client.send_message("private_one", "Здравствуйте!")
        private, willing = (world.people.by_username(f"{n}_one") for n in ("private", "willing"))
        world.acts.write(private, running.accounts[0], "стоп")
        world.acts.leave(willing, world.chat_by_username(CLUB))
    again = demo_world(mix=CALM)
    second = ServerBook(again)
    async with running_rehearsal(again, state_dir=tmp_path):
        assert second.totals() == book.totals()
        assert second.people(0, 10) == book.people(0, 10)
