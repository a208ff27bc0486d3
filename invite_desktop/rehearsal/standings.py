"""How Telegram itself stands to the accounts: banned, frozen, or in good standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.news import ConfigNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Account

_YEAR = 365 * 24 * 3600

APPEAL_URL = "https://t.me/spambot"
"""Where the owner of a frozen account may appeal."""


class Freeze(NamedTuple):
    """From when and until when an account is frozen, unix time of the world."""

    since: int
    until: int


class Standings:
    """Bans and freezes by account; they outlive the server.

    ``now``: the world's time. ``publish`` tells whom it concerns.
    """

    def __init__(
        self, changes: Changes, now: Callable[[], int], publish: Callable[[News], None]
    ) -> None:
        self._commit = changes.commit
        self._now = now
        self._publish = publish
        self._banned: set[int] = set()
        self._frozen: dict[int, Freeze] = {}
        changes.keep(
            {
                "ban": self._banned.add,
                "no ban": self._banned.discard,
                "freeze": self._apply_freeze,
            },
            self._dump,
        )

    def ban(self, account: Account) -> None:
        """Ban an account: its phone gets no code, its logins answer USER_DEACTIVATED_BAN."""
        self._commit("ban", account.id)

    def unban(self, account: Account) -> None:
        """Give an account back; its logins work again."""
        self._commit("no ban", account.id)

    def freeze(self, account: Account, seconds: int = _YEAR) -> None:
        """Freeze an account: it may read, but contact nobody (core.telegram.org/api/auth)."""
        now = self._now()
        self._commit("freeze", account.id, now, now + seconds)
        self._publish(ConfigNews(account.id))

    def unfreeze(self, account: Account) -> None:
        """End a freeze, as after an appeal."""
        self._commit("freeze", account.id, 0, 0)
        self._publish(ConfigNews(account.id))

    def is_banned(self, account_id: int) -> bool:
        """Return whether an account is banned."""
        return account_id in self._banned

    def freeze_of(self, account_id: int) -> Freeze | None:
        """Return how an account is frozen, None when it is not."""
        return self._frozen.get(account_id)

    def _apply_freeze(self, account_id: int, since: int, until: int) -> None:
        if since:
            self._frozen[account_id] = Freeze(since, until)
        else:
            self._frozen.pop(account_id, None)

    def _dump(self) -> Iterator[Change]:
        for account_id in self._banned:
            yield "ban", account_id
        for account_id, freeze in self._frozen.items():
            yield "freeze", account_id, *freeze
