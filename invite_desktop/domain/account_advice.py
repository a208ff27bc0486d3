"""What the user can do about an account's condition, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import BY_USER, Condition
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invite_desktop.domain.messages import Message


def advice_for(condition: Condition, note: str = "") -> Message | None:
    """Return the next step for an account, None when nothing has to be done.

    ``note`` is the account's own, which tells a rest that the user ordered from Telegram's.
    """
    if condition is Condition.RESTING and note == BY_USER:
        return message("You ordered this rest: “Rest”, “Release” ends it.")
    return _ADVICE.get(condition)


_ADVICE: Mapping[Condition, Message] = {
    Condition.RESTING: message(
        "Telegram ordered this rest. It ends by itself, and nothing may shorten it."
    ),
    Condition.LIMITED: message(
        "Ask @SpamBot how long it lasts. Afterwards go on with fewer, better known people."
    ),
    Condition.FROZEN: message(
        "Open the Telegram app of this account: it says why, and how to appeal."
    ),
    Condition.BANNED: message(
        "Log in with the Telegram app: it says how to write to Telegram's support."
    ),
    Condition.LOGGED_OUT: message(
        "Add the account again by its phone: history and limits go on where they stopped."
    ),
    Condition.SWITCHED_OFF: message("“Switch on” lets tasks use it again."),
    Condition.NO_NETWORK: message(
        "Check the internet connection and the proxy. The program tries again by itself."
    ),
}
