"""How accounts are named on screen, phones mostly covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account

_SHOWN_FIRST = 5
_SHOWN_LAST = 2


def masked_phone(phone: str) -> str:
    """Return a phone in E.164 with its middle covered, so that a screenshot gives nothing away."""
    if len(phone) <= _SHOWN_FIRST + _SHOWN_LAST:
        return phone
    return f"{phone[:_SHOWN_FIRST]} ••• {phone[-_SHOWN_LAST:]}"


def full_name(account: Account) -> str:
    """Return the account's name as Telegram shows it."""
    profile = account.profile
    return f"{profile.first_name} {profile.last_name}".strip()


def account_label(account: Account) -> str:
    """Return the words by which lists show an account: a name, else a username, else a phone."""
    username = account.profile.username
    return full_name(account) or (
        f"@{username}" if username else masked_phone(account.profile.phone)
    )
