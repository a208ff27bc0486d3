"""What every Messenger promises; the engine is built on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.domain.attachments import Attachment, AttachmentKind
from invite_desktop.domain.chats import ChatKind, Standing, parse_chat_address
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.forgotten_invitations import address_of
from invite_desktop.engine.ports.chat_history import Invitations
from invite_desktop.engine.ports.telegram import (
    ChatPeer,
    ChatSight,
    FoundUser,
    JoinersPage,
    Membership,
    Requirement,
    UploadedFile,
    UserPeer,
)
from invite_desktop.telegram import dialogues, joiners, participants
from tests.contracts.stages import (
    INVITE_REFUSALS,
    MESSAGE_REFUSALS,
    SCRIPTED,
    Someone,
    Stage,
    When,
    found,
    messenger_of,
    seen,
)
from tests.fakes.telegram_world import PHOTO

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.engine.ports.telegram import Messenger, TelegramPerson

CLUB = parse_chat_address("@football_club")


@dataclass
class Club:
    """An account that may invite into its own public supergroup."""

    stage: Stage
    anna: Someone
    chat: Any
    messenger: Messenger

    async def person(
        self, username: str = "bobby_tables", **fields: object
    ) -> tuple[Someone, UserPeer]:
        someone = self.stage.person(username, **fields)
        return someone, await found(self.messenger, PersonKeys(username))

    async def peer(self) -> ChatPeer:
        return await seen(self.messenger, CLUB)


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    path = tmp_path / "poster.png"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
async def club(stage: Stage) -> Club:
    anna = stage.account(1, "anna_owner", phone="+79990000001", first_name="Anna")
    chat = stage.chat("Football", anna, username="football_club")
    return Club(stage, anna, chat, await messenger_of(stage))


# ------------------------------------------------------------ oneself


async def test_an_account_knows_itself(club: Club):
    me = await club.messenger.who_am_i()
    assert not isinstance(me, Outcome)
    assert (me.telegram_id, me.first_name) == (club.anna.user_id, "Anna")
    assert (me.username, me.phone) == ("anna_owner", "+79990000001")


async def test_an_account_can_write_to_itself(club: Club):
    myself = await club.messenger.own_peer()
    assert isinstance(myself, UserPeer)
    assert myself.user_id == club.anna.user_id
    assert (await club.messenger.send_message(myself, "a note", 7)).code is OutcomeCode.SENT
    own = await club.messenger.own_messages(myself, 1)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["a note"]


async def test_a_frozen_account_is_told_so_when_it_asks_about_itself(club: Club):
    club.stage.freeze(club.anna)
    answer = await club.messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.FROZEN


async def test_an_account_gets_its_own_photo_as_a_picture(club: Club):
    photo = await club.messenger.own_photo()
    assert isinstance(photo, bytes)
    assert photo.startswith(b"\x89PNG")


# ------------------------------------------------------------ people


@pytest.mark.parametrize("written", ["bobby_tables", "Bobby_Tables"])
async def test_a_person_is_found_by_username_in_any_case(club: Club, written: str):
    bobby = club.stage.person("bobby_tables")
    answer = await club.messenger.look_up(PersonKeys(written))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == bobby.user_id
    assert (answer.is_bot, answer.is_deleted, answer.is_self) == (False, False, False)


async def test_an_unused_username_is_not_found(club: Club):
    answer = await club.messenger.look_up(PersonKeys("nobody_here"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_FOUND


async def test_a_chat_is_not_a_person(club: Club):
    answer = await club.messenger.look_up(PersonKeys("football_club"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_FOUND


async def test_one_finds_oneself_as_oneself(club: Club):
    answer = await club.messenger.look_up(PersonKeys("anna_owner"))
    assert isinstance(answer, FoundUser)
    assert answer.is_self


@pytest.mark.parametrize("code", [OutcomeCode.BOT, OutcomeCode.DELETED_ACCOUNT])
async def test_who_cannot_be_invited_is_recognised(club: Club, code: OutcomeCode):
    club.stage.person("bobby_tables", on_invite=code)
    answer = await club.messenger.look_up(PersonKeys("bobby_tables"))
    assert isinstance(answer, FoundUser)
    assert answer.is_bot is (code is OutcomeCode.BOT)
    assert answer.is_deleted is (code is OutcomeCode.DELETED_ACCOUNT)


async def test_a_person_is_found_by_phone(club: Club):
    carol = club.stage.person(phone="+79001112233")
    answer = await club.messenger.look_up(PersonKeys(phone="+79001112233"))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == carol.user_id


async def test_who_hides_her_phone_stays_unknown(club: Club):
    club.stage.person(phone="+79001112233", findable_by_phone=False)
    answer = await club.messenger.look_up(PersonKeys(phone="+79001112233"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.UNKNOWN_BY_PHONE


async def test_a_username_is_preferred_to_a_phone(club: Club):
    bobby = club.stage.person("bobby_tables")
    club.stage.person(phone="+79001112233")
    answer = await club.messenger.look_up(PersonKeys("bobby_tables", "+79001112233"))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == bobby.user_id


@pytest.mark.parametrize("keys", [PersonKeys(), PersonKeys(telegram_id=77)])
async def test_a_bare_id_cannot_be_looked_up(club: Club, keys: PersonKeys):
    answer = await club.messenger.look_up(keys)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_ADDRESSABLE


async def test_an_address_of_one_account_is_of_no_use_to_another(club: Club):
    dora = club.stage.account(2, "dora_admin")
    club.stage.seat(club.chat, dora, may_invite=True)
    bobby, peer_of_anna = await club.person()
    other = await messenger_of(club.stage, 2)
    outcome = await other.invite(await seen(other, CLUB), peer_of_anna)
    assert outcome.code is OutcomeCode.NOT_ADDRESSABLE
    assert club.stage.times_contacted(bobby) == 0


# ------------------------------------------------------------ chats


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


async def test_a_public_chat_of_others_is_seen_from_outside(club: Club):
    club.stage.chat("Chess", club.stage.person("other_owner"), username="chess_club")
    sight = await club.messenger.see_chat(parse_chat_address("@chess_club"))
    assert isinstance(sight, ChatSight)
    assert (sight.standing, sight.peer) == (Standing.NOT_A_MEMBER, None)
    assert sight.info is not None
    assert (sight.info.title, sight.info.members) == ("Chess", 1)


async def test_a_private_chat_of_others_shows_its_title_through_a_link(club: Club):
    club.stage.chat("Chess", club.stage.person("other_owner"), link="chess12345")
    sight = await club.messenger.see_chat(parse_chat_address("t.me/+chess12345"))
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


# ------------------------------------------------------------ inviting


@pytest.mark.parametrize("kind", list(ChatKind))
async def test_a_willing_person_is_invited_and_verified(club: Club, kind: ChatKind):
    chat = club.stage.chat("Chess", club.anna, kind=kind, link="chess12345")
    peer = await seen(club.messenger, parse_chat_address("t.me/+chess12345"))
    bobby, user = await club.person()
    assert await club.messenger.membership(peer, user) is Membership.NOT_A_MEMBER
    outcome = await club.messenger.invite(peer, user)
    assert outcome.code is OutcomeCode.INVITED
    assert await club.messenger.membership(peer, user) is Membership.MEMBER
    assert bobby.user_id in club.stage.member_ids(chat)


@pytest.mark.parametrize("code", INVITE_REFUSALS)
async def test_a_refusal_of_an_invitation_has_no_effect(club: Club, code: OutcomeCode):
    bobby, user = await club.person(on_invite=code)
    outcome = await club.messenger.invite(await club.peer(), user)
    assert outcome.code is code
    assert outcome.detail
    assert club.stage.times_contacted(bobby) == 0


async def test_an_accepted_invitation_may_add_nobody(club: Club):
    _, user = await club.person(joins=False)
    peer = await club.peer()
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.INVITED
    assert await club.messenger.membership(peer, user) is Membership.NOT_A_MEMBER


async def test_inviting_a_member_again_adds_nobody(club: Club):
    bobby, user = await club.person()
    peer = await club.peer()
    await club.messenger.invite(peer, user)
    before = club.stage.times_contacted(bobby)
    await club.messenger.invite(peer, user)
    assert club.stage.times_contacted(bobby) == before == 1


async def test_a_basic_group_says_who_is_a_member_already(club: Club):
    club.stage.chat("Chess", club.anna, kind=ChatKind.BASIC_GROUP, link="chess12345")
    peer = await seen(club.messenger, parse_chat_address("t.me/+chess12345"))
    _, user = await club.person()
    await club.messenger.invite(peer, user)
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.ALREADY_MEMBER


@pytest.mark.parametrize("may_invite", [False, None])
async def test_who_lacks_the_right_invites_nobody(club: Club, may_invite: bool | None):
    club.stage.seat(club.chat, club.stage.account(2, "dora_admin"), may_invite=may_invite)
    bobby = club.stage.person("bobby_tables")
    dora = await messenger_of(club.stage, 2)
    user = await found(dora, PersonKeys("bobby_tables"))
    outcome = await dora.invite(await seen(dora, CLUB), user)
    assert outcome.code is OutcomeCode.NO_INVITE_RIGHT
    assert club.stage.times_contacted(bobby) == 0


async def test_a_channel_with_200_members_takes_nobody_by_hand(club: Club):
    chat = club.stage.chat("News", club.anna, kind=ChatKind.CHANNEL, link="news12345")
    for number in range(199):
        club.stage.seat(chat, club.stage.person(f"reader_{number:03d}"))
    sight = await club.messenger.see_chat(parse_chat_address("t.me/+news12345"))
    assert isinstance(sight, ChatSight)
    assert sight.info is not None
    assert sight.info.link_only
    assert sight.peer is not None
    _, user = await club.person()
    assert (await club.messenger.invite(sight.peer, user)).code is OutcomeCode.LINK_ONLY


async def test_an_invite_link_is_made(club: Club):
    link = await club.messenger.create_invite_link(await club.peer(), "Autumn " * 10)
    assert isinstance(link, str)
    assert link.startswith("https://t.me/+")


async def test_who_came_by_a_link_is_listed_to_the_end(club: Club, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joiners, "PAGE", 3)
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    people = [club.stage.person(f"walker_{number:03}") for number in range(7)]
    for person in people:
        club.stage.use_link(person, link)
    found, page = [], ""
    while page is not None:
        answer = await club.messenger.link_joiners(peer, link, page)
        assert isinstance(answer, JoinersPage), answer
        found += [joiner.person for joiner in answer.joiners]
        page = answer.next_page
    assert {each.peer.user_id for each in found} == {each.user_id for each in people}
    assert len(found) == 7
    assert {each.username for each in found} == {f"walker_{number:03}" for number in range(7)}


async def test_a_revoked_link_leads_nowhere_and_still_tells_who_came(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    walker = club.stage.person("walker_one")
    club.stage.use_link(walker, link)
    assert await club.messenger.is_link_open(peer, link) is True
    assert await club.messenger.revoke_invite_link(peer, link) is True
    assert await club.messenger.is_link_open(peer, link) is False
    assert await club.messenger.revoke_invite_link(peer, link) is False
    with pytest.raises((ValueError, StopIteration)):
        club.stage.use_link(club.stage.person("late_comer"), link)
    answer = await club.messenger.link_joiners(peer, link)
    assert [joiner.person.peer.user_id for joiner in answer.joiners] == [walker.user_id]


async def test_a_link_that_was_deleted_leads_nowhere_and_tells_nothing(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn")
    assert await club.messenger.revoke_invite_link(peer, link) is True
    club.stage.forget_link(club.chat, link)
    assert await club.messenger.is_link_open(peer, link) is False
    assert await club.messenger.revoke_invite_link(peer, link) is False
    answer = await club.messenger.link_joiners(peer, link)
    assert answer.code is OutcomeCode.NOT_FOUND


async def requests_of(club: Club) -> list[TelegramPerson]:
    found, page = [], ""
    while page is not None:
        answer = await club.messenger.join_requests(await club.peer(), page)
        assert isinstance(answer, JoinersPage), answer
        found += [joiner.person for joiner in answer.joiners]
        page = answer.next_page
    return found


async def test_who_asks_is_let_in_or_turned_away_once(club: Club):
    peer = await club.peer()
    link = await club.messenger.create_invite_link(peer, "Autumn", by_request=True)
    people = [club.stage.person(f"asker_{number:03}") for number in range(5)]
    assert not any(club.stage.use_link(person, link) for person in people)
    waiting = {person.username: person.peer for person in await requests_of(club)}
    assert len(waiting) == 5
    answer = club.messenger.answer_join_request
    assert await answer(peer, waiting["asker_000"], let_in=True) is True
    assert await answer(peer, waiting["asker_001"], let_in=False) is True
    for name in ("asker_000", "asker_001"):
        assert await answer(peer, waiting[name], let_in=True) is False
    assert {person.username for person in await requests_of(club)} == {
        f"asker_{number:03}" for number in (2, 3, 4)
    }
    inside = club.stage.member_ids(club.chat)
    assert [person.user_id in inside for person in people[:2]] == [True, False]
    came = await club.messenger.link_joiners(peer, link)
    assert [joiner.person.username for joiner in came.joiners] == ["asker_000"]


async def test_who_lacks_the_right_makes_no_link(club: Club):
    club.stage.seat(club.chat, club.stage.account(2, "dora_admin"))
    dora = await messenger_of(club.stage, 2)
    answer = await dora.create_invite_link(await seen(dora, CLUB), "Autumn")
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NO_INVITE_RIGHT


# ------------------------------------------------------------ who was added

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ChatKind)
async def test_who_was_added_is_told_also_after_she_left(stage: Stage, kind: ChatKind):
    anna = stage.account(1, "anna_owner")
    chat = stage.chat("Football", anna, kind=kind)
    messenger = await messenger_of(stage)
    (info,) = await messenger.administered_chats()  # type: ignore[misc]
    peer = await seen(messenger, address_of(info))
    people = [stage.person(f"guest_{number:03}") for number in range(3)]
    for person, name in zip(people, ("guest_000", "guest_001", "guest_002"), strict=True):
        await messenger.invite(peer, await found(messenger, PersonKeys(name)))
        if name != "guest_002":
            stage.leave(chat, person)
    told = await messenger.invitations_since(peer, LONG_AGO)
    assert isinstance(told, Invitations), told
    assert {each.user_id for each in told.found} == {person.user_id for person in people}
    assert {each.inviter_id for each in told.found} == {anna.user_id}
    assert (told.kept_for is None) == (kind is ChatKind.BASIC_GROUP)


async def test_only_who_was_added_since_a_moment_is_told(club: Club):
    _, user = await club.person()
    await club.messenger.invite(await club.peer(), user)
    told = await club.messenger.invitations_since(
        await club.peer(), datetime.now(UTC) + timedelta(hours=1)
    )
    assert isinstance(told, Invitations)
    assert not told.found


async def test_who_came_by_a_link_was_not_added(club: Club):
    link = await club.messenger.create_invite_link(await club.peer(), "Autumn")
    club.stage.use_link(club.stage.person("walker_one"), link)
    told = await club.messenger.invitations_since(await club.peer(), LONG_AGO)
    assert isinstance(told, Invitations)
    assert not told.found


async def test_who_administers_nothing_is_not_told(club: Club):
    club.stage.seat(club.chat, club.stage.account(2, "dora_member"))
    dora = await messenger_of(club.stage, 2)
    answer = await dora.invitations_since(await seen(dora, CLUB), LONG_AGO)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NO_INVITE_RIGHT


# ------------------------------------------------------------ writing


async def test_a_message_is_sent_and_found_in_the_dialogue(club: Club):
    bobby, user = await club.person()
    for number, text in enumerate(("first", "second", "third"), start=1):
        assert (await club.messenger.send_message(user, text, number)).code is OutcomeCode.SENT
    own = await club.messenger.own_messages(user, 2)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["third", "second"]
    assert abs(own[0].sent_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert club.stage.times_contacted(bobby) == 3


async def test_the_same_random_id_is_delivered_once(club: Club):
    bobby, user = await club.person()
    outcomes = [await club.messenger.send_message(user, "hello", 42) for _ in range(2)]
    assert [outcome.code for outcome in outcomes] == [OutcomeCode.SENT, OutcomeCode.SENT]
    assert club.stage.times_contacted(bobby) == 1


@pytest.mark.parametrize("code", MESSAGE_REFUSALS)
async def test_a_refusal_of_a_message_has_no_effect(club: Club, code: OutcomeCode):
    bobby, user = await club.person(on_message=code)
    outcome = await club.messenger.send_message(user, "hello", 42)
    assert outcome.code is code
    assert club.stage.times_contacted(bobby) == 0


async def test_a_stranger_has_no_dialogue(club: Club):
    _, user = await club.person()
    assert await club.messenger.own_messages(user, 5) == []


async def test_what_it_takes_to_write_to_people_is_told_in_one_call(club: Club):
    wants = {
        "free_reader": None,
        "premium_reader": OutcomeCode.PREMIUM_NEEDED,
        "paid_reader": OutcomeCode.PAID_MESSAGES,
    }
    people = [await club.person(name, on_message=code) for name, code in wants.items()]
    answer = await club.messenger.requirements([user for _, user in people])
    assert answer == [Requirement.NONE, Requirement.PREMIUM, Requirement.PAYMENT]
    assert [club.stage.times_contacted(someone) for someone, _ in people] == [0, 0, 0]


async def test_requirements_are_not_told_of_people_of_another_account(club: Club):
    club.stage.account(2, "dora_admin")
    _, user = await club.person()
    answer = await (await messenger_of(club.stage, 2)).requirements([user])
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_ADDRESSABLE


async def uploaded(club: Club, path: Path, kind: AttachmentKind) -> UploadedFile:
    attachment = Attachment(path, kind, size_of(path), 1)
    answer = await club.messenger.upload(attachment)
    assert not isinstance(answer, Outcome), answer
    return answer


def size_of(path: Path) -> int:
    return path.stat().st_size


async def test_one_upload_serves_many_messages_and_contacts_nobody(club: Club, poster: Path):
    bobby, user = await club.person()
    file = await uploaded(club, poster, AttachmentKind.PICTURE)
    assert club.stage.times_contacted(bobby) == 0
    for number in (1, 2):
        outcome = await club.messenger.send_message(user, f"caption {number}", number, file=file)
        assert outcome.code is OutcomeCode.SENT
    own = await club.messenger.own_messages(user, 2)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["caption 2", "caption 1"]
    assert club.stage.times_contacted(bobby) == 2


@pytest.mark.parametrize("kind", list(AttachmentKind))
async def test_the_same_random_id_delivers_a_file_once(
    club: Club, poster: Path, kind: AttachmentKind
):
    bobby, user = await club.person()
    for _ in range(2):
        file = await uploaded(club, poster, kind)
        outcome = await club.messenger.send_message(user, "caption", 42, file=file)
        assert outcome.code is OutcomeCode.SENT
    assert club.stage.times_contacted(bobby) == 1


async def test_a_file_that_telegram_does_not_know_has_no_effect(club: Club):
    bobby, user = await club.person()
    nothing = UploadedFile(AttachmentKind.PICTURE, 5, 6, b"old")
    outcome = await club.messenger.send_message(user, "caption", 42, file=nothing)
    assert outcome.code is OutcomeCode.INTERRUPTED
    assert club.stage.times_contacted(bobby) == 0


async def test_a_file_that_cannot_be_read_is_refused_in_words(club: Club, tmp_path: Path):
    gone = Attachment(tmp_path / "gone.png", AttachmentKind.FILE, 10, 1)
    with pytest.raises(KnownError, match=r"gone\.png"):
        await club.messenger.upload(gone)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_upload_cut_off_contacts_nobody_and_may_be_repeated(
    club: Club, poster: Path, when: When
):
    bobby, user = await club.person()
    club.stage.drop(1, "upload", when)
    attachment = Attachment(poster, AttachmentKind.FILE, size_of(poster), 1)
    answer = await club.messenger.upload(attachment)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED
    file = await uploaded(club, poster, AttachmentKind.FILE)
    assert club.stage.times_contacted(bobby) == 0
    assert (await club.messenger.send_message(user, "", 1, file=file)).code is OutcomeCode.SENT


# ------------------------------------------------------------ trouble


@pytest.mark.parametrize("code", SCRIPTED)
@pytest.mark.parametrize("method", ["invite", "send_message"])
async def test_trouble_comes_back_as_an_outcome(club: Club, method: str, code: OutcomeCode):
    bobby, user = await club.person()
    peer = await club.peer()
    club.stage.script(1, method, code)
    if method == "invite":
        outcome = await club.messenger.invite(peer, user)
    else:
        outcome = await club.messenger.send_message(user, "hello", 42)
    assert (outcome.code, outcome.wait_seconds) == (code, 30 * (code is OutcomeCode.FLOOD_WAIT))
    assert club.stage.times_contacted(bobby) == 0


async def test_after_a_flood_wait_the_engine_decides_when_to_go_on(club: Club):
    _, user = await club.person()
    peer = await club.peer()
    club.stage.script(1, "invite", OutcomeCode.FLOOD_WAIT)
    await club.messenger.invite(peer, user)
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.INVITED


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_a_connection_lost_inside_an_invitation_leaves_it_uncertain(
    club: Club, when: When, effects: int
):
    bobby, user = await club.person()
    peer = await club.peer()
    club.stage.drop(1, "invite", when)
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.UNCERTAIN
    settled = await club.messenger.membership(peer, user)
    assert settled is (Membership.MEMBER if effects else Membership.NOT_A_MEMBER)
    assert club.stage.times_contacted(bobby) == effects


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_a_connection_lost_inside_a_message_is_settled_by_its_random_id(
    club: Club, when: When, effects: int
):
    bobby, user = await club.person()
    club.stage.drop(1, "send_message", when)
    outcome = await club.messenger.send_message(user, "hello", 42)
    assert outcome.code is OutcomeCode.UNCERTAIN
    assert club.stage.times_contacted(bobby) == effects
    assert (await club.messenger.send_message(user, "hello", 42)).code is OutcomeCode.SENT
    assert club.stage.times_contacted(bobby) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_question_cut_off_may_be_asked_again(club: Club, when: When):
    club.stage.drop(1, "who_am_i", when)
    answer = await club.messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED
    assert not isinstance(await club.messenger.who_am_i(), Outcome)


async def test_offline_nothing_is_sent(club: Club):
    bobby, user = await club.person()
    peer = await club.peer()
    await club.stage.go_offline()
    assert (await club.messenger.invite(peer, user)).code is OutcomeCode.NOT_CONNECTED
    assert club.stage.times_contacted(bobby) == 0


async def test_cancellation_is_passed_on(club: Club):
    _, user = await club.person()
    call = asyncio.create_task(club.messenger.invite(await club.peer(), user))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


# ------------------------------------------------------------ lists of people


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
