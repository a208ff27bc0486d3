"""Messages as they arrive at the other side, written by our messenger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.formatted_text import EntityKind, TextEntity
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.people import PersonKeys
from tests.contracts.stages import found

if TYPE_CHECKING:
    from telethon.tl.types import Message

    from tests.telegram.conftest import Scene


async def received(scene: Scene, username: str) -> Message:
    """Return the latest message that another account of the world got from ours."""
    account = next(a for a in scene.stage.world.accounts.values() if a.username == username)
    async with scene.stage.rehearsal.client(account) as client:
        (message,) = await client.get_messages("anna_owner", limit=1)
    return message


async def test_every_kind_of_formatting_arrives(scene: Scene):
    scene.stage.account(None, "dora_reader")
    user = await found(scene.messenger, PersonKeys("dora_reader"))
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
