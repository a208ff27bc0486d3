"""What the contract does not see: how many requests, and what they leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatInfo, ChatKind, Standing, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.telegram import ChatSight, FoundUser, Membership
from invite_desktop.telegram import dialogues, own_profile, participants
from invite_desktop.telegram.person_finder import RETRY_CONTACTS_WAIT
from tests.contracts.stages import messenger_of, seen

if TYPE_CHECKING:
    from tests.contracts.stages import RehearsalStage
    from tests.telegram.conftest import Scene

PHONE = "+79001112233"
KEYS = PersonKeys(phone=PHONE)


def asked(scene: Scene, request: type) -> int:
    return sum(isinstance(call.request, request) for call in scene.server.calls)


# ------------------------------------------------------------ phones and the address book


async def test_a_contact_made_for_a_look_up_is_removed(scene: Scene):
    scene.stage.person(phone=PHONE)
    assert isinstance(await scene.messenger.look_up(KEYS), FoundUser)
    assert asked(scene, functions.contacts.ImportContactsRequest) == 1
    assert not scene.anna.item.contacts


async def test_a_person_in_the_address_book_is_found_there_and_stays(scene: Scene):
    carol = scene.stage.person(phone=PHONE)
    scene.stage.world.story.save_contact(scene.anna.item, carol.user_id, "Aunt", "Carol")
    answer = await scene.messenger.look_up(KEYS)
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == carol.user_id
    assert asked(scene, functions.contacts.ImportContactsRequest) == 0
    assert scene.anna.item.contacts[carol.user_id].first_name == "Aunt"


async def test_a_contact_that_could_not_be_removed_goes_with_the_next(scene: Scene):
    scene.stage.person(phone=PHONE)
    scene.stage.person(phone="+79001112244")
    scene.server.script(functions.contacts.DeleteContactsRequest, "FLOOD_WAIT_30")
    assert isinstance(await scene.messenger.look_up(KEYS), FoundUser)
    assert len(scene.anna.item.contacts) == 1
    await scene.messenger.look_up(PersonKeys(phone="+79001112244"))
    assert not scene.anna.item.contacts


async def test_an_import_put_off_by_telegram_makes_the_account_rest(scene: Scene):
    answer = types.contacts.ImportedContacts([], [], [5], [])
    scene.server.script(functions.contacts.ImportContactsRequest, answer)
    outcome = await scene.messenger.look_up(KEYS)
    assert outcome == Outcome(OutcomeCode.FLOOD_WAIT, RETRY_CONTACTS_WAIT, "RetryContacts")


# ------------------------------------------------------------ chats


async def test_a_name_is_resolved_once_and_rights_are_asked_anew(scene: Scene):
    before = asked(scene, functions.contacts.ResolveUsernameRequest)
    for name in ("@football_club", "t.me/Football_Club"):
        await scene.messenger.see_chat(parse_chat_address(name))
    assert asked(scene, functions.contacts.ResolveUsernameRequest) == before
    scene.chat.members[scene.anna.user_id].creator = False
    scene.chat.members[scene.anna.user_id].rights = None
    sight = await scene.messenger.see_chat(parse_chat_address("@football_club"))
    assert isinstance(sight, ChatSight)
    assert sight.standing is Standing.MEMBER


async def test_a_name_that_was_given_away_is_resolved_again(scene: Scene):
    before = asked(scene, functions.contacts.ResolveUsernameRequest)
    full = await scene.messenger._connection.call(
        functions.channels.GetFullChannelRequest(
            types.InputChannel(scene.peer.chat_id, scene.peer.access_hash)
        )
    )
    full.chats[0].username = "football_was_here"
    scene.server.script(functions.channels.GetFullChannelRequest, full)
    sight = await scene.messenger.see_chat(parse_chat_address("@football_club"))
    assert isinstance(sight, ChatSight)
    assert asked(scene, functions.contacts.ResolveUsernameRequest) == before + 1


async def test_a_basic_group_that_became_a_supergroup_is_seen_as_that(scene: Scene):
    moved = types.InputChannel(scene.peer.chat_id, scene.peer.access_hash)
    old = types.Chat(77777, "Old", types.ChatPhotoEmpty(), 1, None, 1, migrated_to=moved)
    scene.server.script(functions.messages.GetChatsRequest, types.messages.Chats([old]))
    sight = await scene.messenger.see_chat(parse_chat_address("-77777"))
    assert isinstance(sight, ChatSight)
    assert sight.peer == scene.peer


async def test_a_chat_that_shows_itself_through_its_link_is_seen_whole(scene: Scene):
    other = scene.stage.person("other_owner")
    chat = scene.stage.chat("Chess", other, username="chess_club")
    resolved = await scene.messenger._connection.call(
        functions.contacts.ResolveUsernameRequest("chess_club")
    )
    peek = types.ChatInvitePeek(resolved.chats[0], expires=None)
    scene.server.script(functions.messages.CheckChatInviteRequest, peek)
    sight = await scene.messenger.see_chat(parse_chat_address("t.me/+peekpeek1"))
    assert isinstance(sight, ChatSight)
    assert (sight.standing, sight.peer) == (Standing.NOT_A_MEMBER, None)
    assert sight.info is not None
    assert sight.info.chat_id == chat.id


@pytest.mark.parametrize(
    ("forbidden", "kind"),
    [
        (types.ChannelForbidden(88888, 5, "Closed", megagroup=True), ChatKind.SUPERGROUP),
        (types.ChannelForbidden(88888, 5, "Closed", broadcast=True), ChatKind.CHANNEL),
    ],
)
async def test_a_chat_closed_to_the_account_shows_its_title(
    scene: Scene, forbidden: types.ChannelForbidden, kind: ChatKind
):
    answer = types.contacts.ResolvedPeer(types.PeerChannel(88888), [forbidden], [])
    scene.server.script(functions.contacts.ResolveUsernameRequest, answer)
    sight = await scene.messenger.see_chat(parse_chat_address("@closed_club"))
    assert sight == ChatSight(Standing.NOT_A_MEMBER, ChatInfo(88888, "Closed", kind, 0))


async def test_an_admin_without_the_right_may_invite_where_everybody_may(scene: Scene):
    full = await scene.messenger._connection.call(
        functions.channels.GetFullChannelRequest(
            types.InputChannel(scene.peer.chat_id, scene.peer.access_hash)
        )
    )
    chat = full.chats[0]
    chat.creator = False
    chat.admin_rights = types.ChatAdminRights(ban_users=True)
    for everybody, expected in (
        (True, Standing.READY_ADMIN),
        (False, Standing.ADMIN_WITHOUT_INVITE_RIGHT),
    ):
        chat.default_banned_rights = types.ChatBannedRights(None, invite_users=not everybody)
        scene.server.script(functions.channels.GetFullChannelRequest, full)
        sight = await scene.messenger.see_chat(parse_chat_address("@football_club"))
        assert isinstance(sight, ChatSight)
        assert sight.standing is expected


async def test_all_pages_of_dialogues_are_read(
    stage: RehearsalStage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dialogues, "PAGE", 3)
    anna = stage.account(1, "anna_owner")
    titles = {f"Club {number}" for number in range(11)}
    for title in titles:
        stage.chat(title, anna)
    messenger = await messenger_of(stage)
    chats = await messenger.administered_chats()
    assert not isinstance(chats, Outcome)
    assert {chat.title for chat in chats} == titles
    pages = [c.request for c in stage.server.calls if "GetDialogs" in type(c.request).__name__]
    assert len(pages) >= 4


async def test_a_chat_far_down_the_dialogues_is_seen_by_its_id(
    stage: RehearsalStage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dialogues, "PAGE", 3)
    anna = stage.account(1, "anna_owner")
    chats = [stage.chat(f"Club {number}", anna) for number in range(11)]
    messenger = await messenger_of(stage)
    for chat in (chats[0], chats[-1]):
        peer = await seen(messenger, parse_chat_address(f"-100{chat.id}"))
        assert peer.chat_id == chat.id


@pytest.mark.parametrize("count", [0, 1, 6, 7, 20])
async def test_all_pages_of_members_are_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, count: int
):
    monkeypatch.setattr(participants, "PAGE", 7)
    for number in range(count):
        scene.stage.seat(scene.chat, scene.stage.person(f"player_{number:03d}"))
    members = await scene.messenger.members(scene.peer)
    assert not isinstance(members, Outcome)
    assert {m.user_id for m in members} == scene.stage.member_ids(scene.chat)


# ------------------------------------------------------------ membership


@pytest.mark.parametrize(
    ("participant", "expected"),
    [
        (types.ChannelParticipantLeft(types.PeerUser(5)), Membership.NOT_A_MEMBER),
        (
            types.ChannelParticipantBanned(
                types.PeerUser(5), 1, None, types.ChatBannedRights(None, view_messages=True)
            ),
            Membership.REMOVED,
        ),
        (
            types.ChannelParticipantBanned(
                types.PeerUser(5), 1, None, types.ChatBannedRights(None, send_messages=True)
            ),
            Membership.MEMBER,
        ),
        (
            types.ChannelParticipantBanned(
                types.PeerUser(5), 1, None, types.ChatBannedRights(None), left=True
            ),
            Membership.NOT_A_MEMBER,
        ),
        (types.ChannelParticipant(5, None), Membership.MEMBER),
    ],
)
async def test_every_kind_of_participant_is_told_apart(
    scene: Scene, participant: object, expected: Membership
):
    answer = types.channels.ChannelParticipant(participant, [], [])
    scene.server.script(functions.channels.GetParticipantRequest, answer)
    assert await scene.messenger.membership(scene.peer, scene.user) is expected


async def test_a_hidden_list_of_members_is_no_empty_one(scene: Scene):
    scene.stage.chat("Chess", scene.anna, kind=ChatKind.BASIC_GROUP, link="chess12345")
    peer = await seen(scene.messenger, parse_chat_address("t.me/+chess12345"))
    full = await scene.messenger._connection.call(
        functions.messages.GetFullChatRequest(peer.chat_id)
    )
    full.full_chat.participants = types.ChatParticipantsForbidden(peer.chat_id)
    scene.server.script(functions.messages.GetFullChatRequest, full)
    answer = await scene.messenger.membership(peer, scene.user)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.CHAT_UNREACHABLE


async def test_a_chat_that_turns_the_account_away_keeps_its_title(scene: Scene):
    other = scene.stage.person("other_owner")
    scene.stage.chat("Chess", other, username="chess_club")
    scene.server.script(functions.channels.GetFullChannelRequest, "CHANNEL_PRIVATE")
    sight = await scene.messenger.see_chat(parse_chat_address("@chess_club"))
    assert isinstance(sight, ChatSight)
    assert (sight.standing, sight.peer) == (Standing.NOT_A_MEMBER, None)
    assert sight.info is not None
    assert sight.info.title == "Chess"


@pytest.mark.parametrize(
    ("address", "request_"),
    [
        ("@football_club", functions.channels.GetFullChannelRequest),
        ("@another_club", functions.contacts.ResolveUsernameRequest),
        ("t.me/+another123", functions.messages.CheckChatInviteRequest),
        ("-77777", functions.messages.GetChatsRequest),
        ("-1002999999999", functions.messages.GetDialogsRequest),
    ],
)
async def test_trouble_while_looking_at_a_chat_is_no_absence_of_it(
    scene: Scene, address: str, request_: type
):
    scene.server.script(request_, "FLOOD_WAIT_30")
    answer = await scene.messenger.see_chat(parse_chat_address(address))
    assert answer == Outcome(OutcomeCode.FLOOD_WAIT, 30, "FloodWaitError")


async def test_a_group_that_is_gone_is_just_not_seen(scene: Scene):
    gone = types.messages.Chats([types.ChatEmpty(77777)])
    scene.server.script(functions.messages.GetChatsRequest, gone)
    sight = await scene.messenger.see_chat(parse_chat_address("-77777"))
    assert sight == ChatSight(Standing.NOT_A_MEMBER)


# ------------------------------------------------------------ the account's own face


PREVIEW = bytes([1, 40, 40]) + bytes(60)
"""A preview as Telegram packs it: a JPEG without its header."""


@pytest.mark.parametrize(
    ("thumb", "found"), [(PREVIEW, True), (None, False)], ids=["preview", "none"]
)
async def test_a_photo_in_another_data_centre_comes_as_its_preview(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, thumb: bytes | None, found: bool
):
    me = types.User(1, is_self=True, photo=types.UserProfilePhoto(7, 4, stripped_thumb=thumb))

    async def myself(_connection: object) -> types.User:
        return me

    monkeypatch.setattr(own_profile, "_myself", myself)
    scene.server.script(functions.upload.GetFileRequest, "FILE_MIGRATE_4")
    photo = await scene.messenger.own_photo()
    assert (photo is not None and photo.startswith(b"\xff\xd8")) is found


async def test_an_account_without_a_photo_asks_for_none(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    async def myself(_connection: object) -> types.User:
        return types.User(1, is_self=True, photo=types.UserProfilePhotoEmpty())

    monkeypatch.setattr(own_profile, "_myself", myself)
    assert await scene.messenger.own_photo() is None
    assert asked(scene, functions.upload.GetFileRequest) == 0


async def test_an_answer_without_configuration_is_no_freeze(scene: Scene):
    scene.server.script(functions.help.GetAppConfigRequest, "SOMETHING_NEW")
    assert not isinstance(await scene.messenger.who_am_i(), Outcome)
