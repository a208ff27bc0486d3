"""What every Messenger promises of invitations, and of those made before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.chat_history import Invitations
from invite_desktop.engine.ports.telegram import ChatSight, Membership
from invite_desktop.engine.task_chats import address_by_id
from tests.contracts.clubs import CLUB, Club
from tests.contracts.stages import INVITE_REFUSALS, Stage, found, messenger_of, seen


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


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ChatKind)
async def test_who_was_added_is_told_also_after_she_left(stage: Stage, kind: ChatKind):
    anna = stage.account(1, "anna_owner")
    chat = stage.chat("Football", anna, kind=kind)
    messenger = await messenger_of(stage)
    (info,) = await messenger.administered_chats()  # type: ignore[misc]
    peer = await seen(messenger, address_by_id(info))
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
