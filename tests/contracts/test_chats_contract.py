"""What every Messenger promises of chats, and of lists of people."""

from __future__ import annotations

import pytest

from invite_desktop.domain.chats import ChatKind, Standing, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef
from invite_desktop.engine.ports.telegram import ChatSight, FoundUser, Membership
from invite_desktop.engine.task_chats import see_chat_of
from invite_desktop.telegram import dialogues, participants
from tests.contracts.clubs import CLUB, Club
from tests.contracts.stages import messenger_of, seen


@pytest.mark.parametrize(
    ("may_invite", "expected"),
    [
        (True, Standing.READY_ADMIN),
        (False, Standing.ADMIN_WITHOUT_INVITE_RIGHT),
        (None, Standing.MEMBER),
    ],
)
@pytest.mark.parametrize("kind", list(ChatKind))
async def test_the_standing_in_a_chat_is_told(
    club: Club, kind: ChatKind, may_invite: bool | None, expected: Standing
):
    chat = club.stage.chat("Chess", club.stage.person("other_owner"), kind=kind, link="chess12345")
    club.stage.seat(chat, club.anna, may_invite=may_invite)
    sight = await club.messenger.see_chat(parse_chat_address("t.me/+chess12345"))
    assert isinstance(sight, ChatSight)
    assert sight.standing is expected
    assert sight.info is not None
    assert (sight.info.title, sight.info.kind, sight.info.members) == ("Chess", kind, 2)
    assert sight.peer is not None
    assert (sight.peer.chat_id, sight.peer.kind) == (sight.info.chat_id, kind)


async def test_the_creator_is_a_ready_admin(club: Club):
    sight = await club.messenger.see_chat(CLUB)
    assert isinstance(sight, ChatSight)
    assert sight.standing is Standing.READY_ADMIN
    assert sight.info is not None
    assert sight.info.username == "football_club"


@pytest.mark.parametrize(
    ("way", "address"),
    [({"username": "chess_club"}, "@chess_club"), ({"link": "chess12345"}, "t.me/+chess12345")],
)
async def test_a_chat_of_others_shows_its_title_from_outside(
    club: Club, way: dict[str, str], address: str
):
    club.stage.chat("Chess", club.stage.person("other_owner"), **way)
    sight = await club.messenger.see_chat(parse_chat_address(address))
    assert isinstance(sight, ChatSight)
    assert (sight.standing, sight.peer) == (Standing.NOT_A_MEMBER, None)
    assert sight.info is not None
    assert (sight.info.title, sight.info.members) == ("Chess", 1)


@pytest.mark.parametrize("text", ["@nobody_here", "t.me/+nowhere123", "@bobby_tables"])
async def test_an_address_that_leads_to_no_chat_is_not_found(club: Club, text: str):
    club.stage.person("bobby_tables")
    answer = await club.messenger.see_chat(parse_chat_address(text))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_FOUND


@pytest.mark.parametrize(
    ("kind", "prefix"), [(ChatKind.SUPERGROUP, "-100"), (ChatKind.BASIC_GROUP, "-")]
)
async def test_an_own_chat_is_seen_by_its_id(club: Club, kind: ChatKind, prefix: str):
    club.stage.chat("Chess", club.anna, kind=kind, link="chess12345")
    by_link = await seen(club.messenger, parse_chat_address("t.me/+chess12345"))
    by_id = await seen(club.messenger, parse_chat_address(f"{prefix}{by_link.chat_id}"))
    assert by_id == by_link


@pytest.mark.parametrize("text", ["@nobody_here", "t.me/+nowhere123", "@chess_club"])
async def test_an_own_chat_is_seen_although_its_name_leads_elsewhere_by_now(club: Club, text: str):
    club.stage.chat("Chess", club.stage.account(None, "bobby"), username="chess_club")
    own = await club.peer()
    address = parse_chat_address(text)
    sight = await see_chat_of(
        club.messenger, ChatRef(own.chat_id, "Football", ChatKind.SUPERGROUP, address)
    )
    assert isinstance(sight, ChatSight)
    assert (sight.standing, sight.peer) == (Standing.READY_ADMIN, own)


async def test_a_basic_group_that_became_a_supergroup_is_seen_as_that(club: Club):
    group = club.stage.chat("Own group", club.anna, kind=ChatKind.BASIC_GROUP)
    old = next(
        info.chat_id
        for info in await club.messenger.administered_chats()
        if info.kind is ChatKind.BASIC_GROUP
    )
    club.stage.migrate(group)
    sight = await club.messenger.see_chat(parse_chat_address(f"-{old}"))
    assert (sight.standing, sight.info.kind) == (Standing.READY_ADMIN, ChatKind.SUPERGROUP)
    assert (sight.info.migrated_from, sight.info.chat_id != old) == (old, True)
    again = await club.messenger.see_chat(parse_chat_address(f"-100{sight.info.chat_id}"))
    assert again.info == sight.info


@pytest.mark.parametrize("text", ["-1001234567890", "-123456"])
async def test_an_unknown_id_is_just_not_seen(club: Club, text: str):
    sight = await club.messenger.see_chat(parse_chat_address(text))
    assert sight == ChatSight(Standing.NOT_A_MEMBER)


async def test_the_chats_to_invite_into_are_listed(club: Club):
    other = club.stage.person("other_owner")
    club.stage.chat("Own group", club.anna, kind=ChatKind.BASIC_GROUP)
    for title, may_invite in (("Admin", True), ("Weak admin", False), ("Member", None)):
        club.stage.seat(club.stage.chat(title, other), club.anna, may_invite=may_invite)
    chats = await club.messenger.administered_chats()
    assert not isinstance(chats, Outcome)
    assert {chat.title for chat in chats} == {"Football", "Own group", "Admin"}


@pytest.mark.parametrize("kind", [ChatKind.SUPERGROUP, ChatKind.BASIC_GROUP])
async def test_the_members_of_a_chat_are_listed(club: Club, kind: ChatKind):
    chat = club.stage.chat("Chess", club.anna, kind=kind, link="chess12345")
    people = [club.stage.person(f"player_{number:03d}") for number in range(30)]
    for person in people:
        club.stage.seat(chat, person)
    peer = await seen(club.messenger, parse_chat_address("t.me/+chess12345"))
    members = await club.messenger.members(peer)
    assert not isinstance(members, Outcome)
    assert len(members) == 31
    assert {m.user_id for m in members} == club.stage.member_ids(chat)
    assert "player_007" in {m.username for m in members}


@pytest.mark.parametrize("kind", [ChatKind.SUPERGROUP, ChatKind.BASIC_GROUP])
async def test_members_come_page_by_page_and_can_be_addressed(club: Club, kind: ChatKind):
    chat = club.stage.chat("Chess", club.anna, kind=kind, link="ChessLink12345")
    for number in range(7):
        club.stage.seat(chat, club.stage.person(f"player_{number:03}"))
    peer = await seen(club.messenger, parse_chat_address("https://t.me/+ChessLink12345"))
    people, page = [], ""
    while page is not None:
        answer = await club.messenger.member_page(peer, page)
        assert not isinstance(answer, Outcome)
        people += answer.people
        page = answer.next_page
    assert {p.peer.user_id for p in people} == club.stage.member_ids(chat)
    assert [p.peer.user_id for p in people if p.is_self] == [club.anna.user_id]
    player = next(p for p in people if p.username == "player_003")
    assert await club.messenger.membership(peer, player.peer) is Membership.MEMBER


async def test_the_people_of_dialogues_are_listed(club: Club):
    written_to = set()
    for number in range(4):
        someone, peer = await club.person(f"friend_{number:03}")
        written_to.add(someone.user_id)
        await club.messenger.send_message(peer, "Hello", 1000 + number)
    people, page = [], ""
    while page is not None:
        answer = await club.messenger.dialog_people(page)
        assert not isinstance(answer, Outcome)
        people += answer.people
        page = answer.next_page
    assert {p.peer.user_id for p in people} == written_to
    friend = people[0]
    again = await club.messenger.look_up(PersonKeys(friend.username))
    assert isinstance(again, FoundUser)
    assert again.peer == friend.peer


@pytest.mark.parametrize("members", [True, False])
async def test_a_page_can_be_asked_for_in_another_run(
    club: Club, monkeypatch: pytest.MonkeyPatch, *, members: bool
):
    monkeypatch.setattr(participants, "PAGE", 3)
    monkeypatch.setattr(dialogues, "PAGE", 3)
    for number in range(7):
        someone, user = await club.person(f"friend_{number:03}")
        club.stage.seat(club.chat, someone)
        await club.messenger.send_message(user, "Hello", 1000 + number)
    peer, names, page = await club.peer(), [], ""
    while page is not None:
        messenger = await messenger_of(club.stage)
        answer = await (
            messenger.member_page(peer, page) if members else messenger.dialog_people(page)
        )
        assert not isinstance(answer, Outcome)
        names += [person.username for person in answer.people if not person.is_self]
        page = answer.next_page
        await club.stage.reconnect()
    assert sorted(names) == [f"friend_{number:03}" for number in range(7)]


async def test_an_account_without_contacts_has_none(club: Club):
    assert list(await club.messenger.contacts()) == []
