"""Which stored person somebody is whom an account met in Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from invite_desktop.engine.ports.telegram import TelegramPerson

_PERSON_OF = """
    SELECT id FROM people WHERE telegram_id = :user
    UNION ALL SELECT person_id FROM peers WHERE user_id = :user
    UNION ALL SELECT id FROM people WHERE username_key = :username
    UNION ALL SELECT id FROM people WHERE phone = :phone
    UNION ALL SELECT person_id FROM other_keys WHERE kind = 'telegram_id' AND value = :user_text
    UNION ALL SELECT person_id FROM other_keys WHERE kind = 'username' AND value = :username
    UNION ALL SELECT person_id FROM other_keys WHERE kind = 'phone' AND value = :phone
"""


def people_of(connection: sqlite3.Connection, met: TelegramPerson) -> list[int]:
    """Return the stored people who have one of her keys, those of the surest key first."""
    values = {
        "user": met.peer.user_id,
        "user_text": str(met.peer.user_id),
        "username": (met.username or "").lower() or None,
        "phone": met.phone,
    }
    return list(dict.fromkeys(i for (i,) in connection.execute(_PERSON_OF, values)))


def person_of(connection: sqlite3.Connection, met: TelegramPerson) -> int | None:
    """Return the stored person by her surest key, None for somebody nobody here knows."""
    return next(iter(people_of(connection, met)), None)
