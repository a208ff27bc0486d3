"""The programs that talk to the server: what they say of themselves, and which are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.tl import alltlobjects

from invite_desktop.rehearsal.authorizations import Device
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.changes import Change, Changes

NEWEST_LAYER: int = alltlobjects.LAYER
"""The layer that the server speaks."""

_API_HASH = re.compile(r"\S+")
_PUBLISHED = frozenset({17349})
"""Published in the sources of Telegram Desktop, and good for trying it out only."""

_LANGUAGE_PACKS = frozenset({"", "android", "ios", "macos", "tdesktop", "weba", "webk", "unigram"})


class Programs:
    """Which api_ids were published, and which hashes are known; they outlive the server."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._published: set[int] = set()
        self._hashes: dict[int, str] = {}
        changes.keep(
            {"published": self._apply_published, "program": self._apply_program}, self._dump
        )

    def publish(self, api_id: int) -> None:
        """Let an api_id be one that anybody can read, which may not be used any more."""
        self._commit("published", api_id)

    def register(self, api_id: int, api_hash: str) -> None:
        """Let an api_id be good with this api_hash only; of others any well-formed hash is."""
        self._commit("program", api_id, api_hash)

    def check(self, api_id: int, api_hash: str) -> None:
        """Raise MethodError for an api_id or api_hash that Telegram would refuse."""
        if api_id <= 0 or not _API_HASH.fullmatch(api_hash):
            raise MethodError("API_ID_INVALID")
        if api_id in _PUBLISHED or api_id in self._published:
            raise MethodError("API_ID_PUBLISHED_FLOOD")
        if self._hashes.get(api_id, api_hash) != api_hash:
            raise MethodError("API_ID_INVALID")

    def _apply_published(self, api_id: int) -> None:
        self._published.add(api_id)

    def _apply_program(self, api_id: int, api_hash: str) -> None:
        self._hashes[api_id] = api_hash

    def _dump(self) -> Iterator[Change]:
        for api_id in self._published:
            yield "published", api_id
        for api_id, api_hash in self._hashes.items():
            yield "program", api_id, api_hash


def device_of(introduction: TLObject) -> Device:
    """Return what an initConnection says. Raises MethodError for what it must not leave out."""
    if introduction.api_id <= 0:
        raise MethodError("CONNECTION_API_ID_INVALID")
    said = {
        "DEVICE_MODEL_EMPTY": introduction.device_model,
        "SYSTEM_EMPTY": introduction.system_version,
        "APP_VERSION_EMPTY": introduction.app_version,
        "SYSTEM_LANG_CODE_EMPTY": introduction.system_lang_code,
    }
    for fault, text in said.items():
        if not text:
            raise MethodError(f"CONNECTION_{fault}")
    if introduction.lang_pack not in _LANGUAGE_PACKS:
        raise MethodError("CONNECTION_LANG_PACK_INVALID")
    return Device(
        introduction.api_id,
        introduction.device_model,
        introduction.system_version,
        introduction.app_version,
    )


def check_layer(layer: int) -> None:
    """Raise MethodError for a layer that does not exist."""
    if not 0 < layer <= NEWEST_LAYER:
        raise MethodError("INPUT_LAYER_INVALID")
