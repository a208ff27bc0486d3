from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.telegram.server_address import ServerAddress, host_and_port

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("text", ["127.0.0.1:4430", "localhost:4430"])
def test_an_address_is_read(text: str):
    assert host_and_port(text) == ("127.0.0.1", 4430)


@pytest.mark.parametrize(
    "text",
    ["", "4430", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "a.b:1", "::1:5"],
)
def test_anything_else_is_refused_in_words(text: str):
    with pytest.raises(KnownError) as refused:
        host_and_port(text)
    assert refused.value.next_step is not None


@pytest.mark.parametrize("content", [None, b"", b"no key", b"\xff\xfe"])
def test_an_unreadable_key_is_refused_in_words(tmp_path: Path, content: bytes | None):
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KnownError, match=r"key\.pem"):
        ServerAddress("127.0.0.1", 1, file).trust()
