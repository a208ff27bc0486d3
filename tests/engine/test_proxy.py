"""A proxy from a form or a link."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind, is_of_this_computer
from invite_desktop.engine.proxy import make_proxy, mtproxy_secret, read_proxy_link

K = ProxyKind
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - the test's own
DISGUISED = "ee" + SECRET + b"example.org".hex()


def test_what_was_typed_becomes_a_proxy():
    assert make_proxy(K.SOCKS5, " 203.0.113.7 ", " 1080 ", "anna", "open") == Proxy(
        K.SOCKS5, "203.0.113.7", 1080, "anna", "open"
    )
    assert make_proxy(K.HTTP, "[::1]", "8080") == Proxy(K.HTTP, "::1", 8080)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ((K.SOCKS5, "", "1080"), "address"),
        ((K.SOCKS5, "two words", "1080"), "address"),
        ((K.SOCKS5, "http://proxy", "1080"), "address"),
        ((K.SOCKS5, "proxy", ""), "port"),
        ((K.SOCKS5, "proxy", "0"), "port"),
        ((K.SOCKS5, "proxy", "65536"), "port"),
        ((K.SOCKS5, "proxy", "٣"), "port"),
        ((K.SOCKS5, "proxy", "1080", "", "open"), "user name"),
        ((K.HTTP, "proxy", "1080", "a:b", "open"), "colon"),
        ((K.MTPROXY, "proxy", "443", "", ""), "32"),
        ((K.MTPROXY, "proxy", "443", "", SECRET[:-2]), "32"),
        ((K.MTPROXY, "proxy", "443", "", DISGUISED), "disguises"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(given_: tuple[str, ...], words: str):
    with pytest.raises(KnownError, match=words):
        make_proxy(*given_)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.upper(),
        "dd" + SECRET,
        base64.b64encode(bytes.fromhex(SECRET)).decode(),
        base64.urlsafe_b64encode(bytes.fromhex("dd" + SECRET)).decode().rstrip("="),
    ],
)
def test_a_secret_may_be_written_in_any_way(text: str):
    assert mtproxy_secret(text) == SECRET


@given(st.text())
def test_any_text_is_a_secret_or_refused_in_words(text: str):
    with contextlib.suppress(KnownError):
        assert len(bytes.fromhex(mtproxy_secret(text))) == 16


@pytest.mark.parametrize(
    ("link", "proxy"),
    [
        (
            f"tg://proxy?server=mt.example&port=443&secret=dd{SECRET}",
            Proxy(K.MTPROXY, "mt.example", 443, password=SECRET),
        ),
        (
            "https://t.me/socks?server=203.0.113.7&port=1080&user=anna&pass=open",
            Proxy(K.SOCKS5, "203.0.113.7", 1080, "anna", "open"),
        ),
        ("203.0.113.7", None),
        ("https://t.me/rehearsal_club", None),
        ("https://example.org/socks?server=a&port=1", None),
        ("", None),
    ],
)
def test_a_link_of_telegram_is_read(link: str, proxy: Proxy | None):
    assert read_proxy_link(link) == proxy


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("LOCALHOST", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_this_computer_is_known(host: str, *, near: bool):
    assert is_of_this_computer(host) is near


def test_what_opens_a_proxy_shows_in_no_repr():
    shown = repr(make_proxy(K.SOCKS5, "proxy", "1080", "anna", "open"))
    assert "anna" not in shown
    assert "open" not in shown
