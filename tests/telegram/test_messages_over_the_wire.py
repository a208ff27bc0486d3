"""Messages as they arrive at the other side, written by our messenger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attachments import Attachment, AttachmentKind
from invite_desktop.domain.formatted_text import EntityKind, TextEntity
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from tests.contracts.stages import found

if TYPE_CHECKING:
    from pathlib import Path

    from telethon.tl.types import Message

    from invite_desktop.engine.ports.telegram import UploadedFile, UserPeer
    from invite_desktop.rehearsal.people import Account
    from tests.telegram.conftest import Scene


PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (640).to_bytes(4, "big")
    + (480).to_bytes(4, "big")
    + b"\0" * 600_000
)
"""A picture of more than one part."""


async def reader(scene: Scene) -> UserPeer:
    """Add another account to the world; return it as ours addresses it."""
    scene.stage.account(None, "dora_reader")
    return await found(scene.messenger, PersonKeys("dora_reader"))


async def uploaded(scene: Scene, path: Path, kind: AttachmentKind) -> UploadedFile:
    size = path.stat().st_size  # noqa: ASYNC240 - a small file of the test's own
    answer = await scene.messenger.upload(Attachment(path, kind, size, 1))
    assert not isinstance(answer, Outcome), answer
    return answer


def account_named(scene: Scene, username: str) -> Account:
    return next(a for a in scene.stage.world.accounts.values() if a.username == username)


async def received(scene: Scene, username: str) -> Message:
    """Return the latest message that another account of the world got from ours."""
    async with scene.stage.rehearsal.client(account_named(scene, username)) as client:
        (message,) = await client.get_messages("anna_owner", limit=1)
    return message


async def test_every_kind_of_formatting_arrives(scene: Scene):
    user = await reader(scene)
    text = "😀 bold italic strike spoiler code link"
    sent = [
        TextEntity(EntityKind.BOLD, 3, 4),
        TextEntity(EntityKind.ITALIC, 8, 6),
        TextEntity(EntityKind.STRIKE, 15, 6),
        TextEntity(EntityKind.SPOILER, 22, 7),
        TextEntity(EntityKind.CODE, 30, 4),
        TextEntity(EntityKind.LINK, 35, 4, "https://example.com/"),
    ]
    outcome = await scene.messenger.send_message(user, text, 42, entities=sent)
    assert outcome.code is OutcomeCode.SENT
    message = await received(scene, "dora_reader")
    shown = [
        (type(e).__name__.removeprefix("MessageEntity"), t) for e, t in message.get_entities_text()
    ]
    assert shown == [
        ("Bold", "bold"),
        ("Italic", "italic"),
        ("Strike", "strike"),
        ("Spoiler", "spoiler"),
        ("Code", "code"),
        ("TextUrl", "link"),
    ]
    assert message.entities[-1].url == "https://example.com/"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (AttachmentKind.PICTURE, PICTURE),
        (AttachmentKind.FILE, b"a list of prices"),
        (AttachmentKind.FILE, b"\1" * (10 * 1024 * 1024 + 1)),
    ],
    ids=["picture", "file", "big file"],
)
async def test_a_picture_or_file_arrives_whole(
    scene: Scene, tmp_path: Path, kind: AttachmentKind, content: bytes
):
    user, path = await reader(scene), tmp_path / "прайс.bin"
    path.write_bytes(content)
    file = await uploaded(scene, path, kind)
    bold = [TextEntity(EntityKind.BOLD, 0, 3)]
    outcome = await scene.messenger.send_message(user, "the caption", 42, entities=bold, file=file)
    assert outcome.code is OutcomeCode.SENT
    account = account_named(scene, "dora_reader")
    async with scene.stage.rehearsal.client(account) as client:
        (message,) = await client.get_messages("anna_owner", limit=1)
        assert await client.download_media(message, bytes) == content
    assert message.message == "the caption"
    assert [text for _, text in message.get_entities_text()] == ["the"]
    assert (message.photo is not None) is (kind is AttachmentKind.PICTURE)
    if kind is AttachmentKind.FILE:
        assert message.file.name == "прайс.bin"


@pytest.mark.parametrize("link_preview", [True, False])
async def test_the_preview_of_a_link_is_as_chosen(scene: Scene, link_preview: bool):
    user = await reader(scene)
    await scene.messenger.send_message(user, "https://example.com/", 42, link_preview=link_preview)
    message = await received(scene, "dora_reader")
    assert (message.media is not None) is link_preview


@pytest.mark.parametrize("error", ["FILE_REFERENCE_EXPIRED", "FILE_REFERENCE_0_EXPIRED"])
async def test_an_old_reference_has_no_effect_and_asks_for_the_file_anew(
    scene: Scene, tmp_path: Path, error: str
):
    user, path = await reader(scene), tmp_path / "prices.txt"
    path.write_bytes(b"prices")
    file = await uploaded(scene, path, AttachmentKind.FILE)
    scene.server.script("messages.sendMedia", error)
    outcome = await scene.messenger.send_message(user, "caption", 42, file=file)
    assert outcome.code is OutcomeCode.INTERRUPTED
    again = await scene.messenger.send_message(user, "caption", 42, file=file)
    assert again.code is OutcomeCode.SENT


async def test_a_picture_that_telegram_does_not_take_is_told(scene: Scene, tmp_path: Path):
    path = tmp_path / "poster.png"
    path.write_bytes(b"no picture")
    answer = await scene.messenger.upload(Attachment(path, AttachmentKind.PICTURE, 10, 1))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.FILE_UNUSABLE
