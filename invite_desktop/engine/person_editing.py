"""A person as the user typed her, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.people import KeyKind, PersonKeys, parse_telegram_id, parse_username
from invite_desktop.engine.ports.audiences import PersonFields

if TYPE_CHECKING:
    from invite_desktop.engine.ports.files import PeopleFiles
    from invite_desktop.engine.views import PersonEdit


def fields_of(edit: PersonEdit, files: PeopleFiles, region: str) -> PersonFields:
    """Return what is stored for an edit. Raises KnownError in words for a key that is none."""
    keys = PersonKeys(
        _username(edit.username), _phone(edit.phone, files, region), _id(edit.telegram_id)
    )
    if keys.strongest is None:
        raise KnownError(
            message("A person needs a username, a phone number or a Telegram ID."),
            message("To leave somebody out, remove them from the audience."),
        )
    return PersonFields(
        keys=keys,
        full_name=edit.full_name.strip(),
        first_name=edit.first_name.strip(),
        last_name=edit.last_name.strip(),
        extra={name: value.strip() for name, value in edit.extra.items() if value.strip()},
    )


def any_key(text: str, files: PeopleFiles, region: str) -> PersonKeys | None:
    """Return the one key in a text of any of the forms: a phone, an id, a name or a link."""
    text = text.strip()
    if phone := files.phone(text, region):
        return PersonKeys(phone=phone)
    if telegram_id := parse_telegram_id(text):
        return PersonKeys(telegram_id=telegram_id)
    if username := parse_username(text):
        return PersonKeys(username)
    return None


def problem_with(kind: KeyKind, text: str, files: PeopleFiles, region: str) -> KnownError | None:
    """Return why a text is no key of this kind; an empty one is none and no problem."""
    try:
        match kind:
            case KeyKind.USERNAME:
                _username(text)
            case KeyKind.PHONE:
                _phone(text, files, region)
            case KeyKind.TELEGRAM_ID:
                _id(text)
    except KnownError as error:
        return error
    return None


def _username(text: str) -> str | None:
    if not text.strip():
        return None
    username = parse_username(text)
    if username is None:
        raise KnownError(
            message("“{text}” is not a Telegram username.", text=text.strip()[:80]),
            message("A username has 5 to 32 Latin letters, digits or _, and begins with a letter."),
        )
    return username


def _phone(text: str, files: PeopleFiles, region: str) -> str | None:
    if not text.strip():
        return None
    phone = files.phone(text, region)
    if phone is None:
        raise KnownError(
            message("“{text}” is not a phone number.", text=text.strip()[:80]),
            message("Write it with the country code, for example +7 900 123-45-67."),
        )
    return phone


def _id(text: str) -> int | None:
    if not text.strip():
        return None
    telegram_id = parse_telegram_id(text)
    if telegram_id is None:
        raise KnownError(
            message("“{text}” is not the Telegram ID of a person.", text=text.strip()[:80]),
            message("It is a positive number; -100… is a chat."),
        )
    return telegram_id
