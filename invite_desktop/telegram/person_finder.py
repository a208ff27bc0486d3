"""Finding people by username or phone, for one account."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from telethon.tl.functions.contacts import (
    DeleteContactsRequest,
    GetContactsRequest,
    ImportContactsRequest,
    ResolveUsernameRequest,
)
from telethon.tl.types import InputPhoneContact, InputUser, PeerUser

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.peers import found_user

if TYPE_CHECKING:
    from telethon.tl.types import User

    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.telegram import FoundUser
    from invite_desktop.telegram.account_connection import AccountConnection

_log = logging.getLogger(__name__)

RETRY_CONTACTS_WAIT = 3600
"""Seconds to rest when Telegram puts an import off "due to system limitation", without a time."""

_CONTACT_NAME = "Invite Desktop"
"""The name of a contact that exists for the moment of its look-up only."""


class PersonFinder:
    """Looks people up one by one; the account's address book stays as it was."""

    def __init__(self, connection: AccountConnection) -> None:
        self._connection = connection
        self._contacts: dict[str, User] | None = None
        self._to_remove: list[InputUser] = []

    async def find(self, keys: PersonKeys) -> FoundUser:
        """Find a person by username, else by phone. Raises CallError with the reason."""
        if keys.username:
            return await self._by_username(keys.username)
        if keys.phone:
            return await self._by_phone(keys.phone)
        raise CallError(Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="NoUsernameNoPhone"))

    async def _by_username(self, username: str) -> FoundUser:
        answer = await self._connection.call(ResolveUsernameRequest(username), Action.LOOK_UP)
        user = None
        if isinstance(answer.peer, PeerUser):
            user = next((u for u in answer.users if u.id == answer.peer.user_id), None)
        if user is None:
            raise CallError(Outcome(OutcomeCode.NOT_FOUND, detail="NotAUser"))
        return found_user(user)

    async def _by_phone(self, phone: str) -> FoundUser:
        known = (await self._own_contacts()).get(phone)
        if known is not None:
            return found_user(known)
        contact = InputPhoneContact(secrets.randbits(62), phone, _CONTACT_NAME, "")
        request = ImportContactsRequest([contact])
        answer = await self._connection.call(request, Action.CONTACT_IMPORT)
        if answer.retry_contacts:
            raise CallError(
                Outcome(OutcomeCode.FLOOD_WAIT, RETRY_CONTACTS_WAIT, detail="RetryContacts")
            )
        ids = {imported.user_id for imported in answer.imported}
        user = next((u for u in answer.users if u.id in ids), None)
        if user is None:
            raise CallError(Outcome(OutcomeCode.UNKNOWN_BY_PHONE, detail="NobodyImported"))
        await self._remove_contact(InputUser(user.id, user.access_hash or 0))
        return found_user(user)

    async def _own_contacts(self) -> dict[str, User]:
        """Return the account's contacts by phone, asked once: they need no import.

        An import would also rename them, and the clean-up would remove them.
        """
        if self._contacts is None:
            answer = await self._connection.call(GetContactsRequest(hash=0))
            users = getattr(answer, "users", [])
            self._contacts = {f"+{u.phone.lstrip('+')}": u for u in users if u.phone}
        return self._contacts

    async def _remove_contact(self, contact: InputUser) -> None:
        """Remove a temporary contact; what fails now is tried with the next one.

        The person was found either way, so that trouble does not end her look-up.
        """
        self._to_remove.append(contact)
        try:
            await self._connection.call(DeleteContactsRequest(list(self._to_remove)))
        except CallError as failed:
            _log.warning("A temporary contact could not be removed: %s", failed.outcome.detail)
        else:
            self._to_remove.clear()
