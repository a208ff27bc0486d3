"""Steps of logging in that several tests take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyrogram.raw import functions, types

from tests.fakes.rehearsal import API_HASH, API_ID
from tests.rehearsal.other_client.clients import ask

if TYPE_CHECKING:
    from pyrogram import Client

PHONE, CODE = "+9996620001", "22222"
NOBODYS_PHONE = "+79001234567"


def send_code(
    phone: str = PHONE, *, api_id: int = API_ID, api_hash: str = API_HASH
) -> functions.auth.SendCode:
    """A request for a code."""
    return functions.auth.SendCode(
        phone_number=phone, api_id=api_id, api_hash=api_hash, settings=types.CodeSettings()
    )


async def code_hash(client: Client, phone: str = PHONE) -> str:
    """The hash of a code that has just been sent."""
    return (await ask(client, send_code(phone))).phone_code_hash


async def give_code(client: Client, sent: str, code: str = CODE, phone: str = PHONE) -> object:
    """What comes of giving a code."""
    request = functions.auth.SignIn(phone_number=phone, phone_code_hash=sent, phone_code=code)
    return await ask(client, request)


async def log_in(client: Client, phone: str = PHONE, code: str = CODE) -> object:
    """The login that a code brings."""
    return await give_code(client, await code_hash(client, phone), code, phone)
