"""The way to a platform through the proxy of a newsroom's network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.adapters.proxy import proxy_for, shown
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.viber import ViberMessenger
from bot.app.configured import proxies_of
from bot.doctor import examine
from bot.domain import Platform
from bot.errors import CannotStart, NotSent
from bot.sandbox import Sandbox
from config.settings import load_settings
from tests.conftest import TELEGRAM_TOKEN, VIBER_TOKEN, Scene
from tests.helpers.proxies import a_proxy

PROXY = "http://proxy.example:3128"
Make = Callable[[str, str], TelegramMessenger | ViberMessenger]


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("https://api.telegram.org", {}, ""),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY}, PROXY),
        ("https://api.telegram.org", {"https_proxy": PROXY}, PROXY),
        ("https://api.telegram.org", {"HTTPS_PROXY": "proxy.example:3128"}, PROXY),
        ("https://api.telegram.org", {"HTTP_PROXY": PROXY}, ""),
        ("https://api.telegram.org", {"ALL_PROXY": PROXY}, PROXY),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY, "NO_PROXY": ".telegram.org"}, ""),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY, "no_proxy": "*"}, ""),
        ("https://chatapi.viber.com/pa", {"HTTPS_PROXY": PROXY, "NO_PROXY": ".telegram.org"}, PROXY),
        ("http://127.0.0.1:8081", {"HTTP_PROXY": PROXY}, ""),
        ("http://localhost:8081", {"HTTP_PROXY": PROXY}, ""),
        ("http://[::1]:8081", {"ALL_PROXY": PROXY}, ""),
        ("https://api.telegram.org", {"ALL_PROXY": "socks5://proxy.example:9050"}, "socks5://proxy.example:9050"),
        ("https://api.telegram.org", {"ALL_PROXY": "socks5h://proxy.example"}, "socks5h://proxy.example:1080"),
    ],
)
def test_the_proxy_is_the_one_that_other_programs_would_use(
    address: str, environment: Mapping[str, str], expected: str
) -> None:
    assert proxy_for(address, environment) == expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", PROXY),
        ("direct", ""),
        ("socks5://other.example:1080", "socks5://other.example:1080"),
        ("http://other.example:8080", "http://other.example:8080"),
    ],
)
def test_a_platforms_own_setting_goes_before_the_surroundings(setting: str, expected: str) -> None:
    environment = {"HTTPS_PROXY": PROXY}

    assert proxy_for("https://api.telegram.org", environment, setting) == expected
    assert proxy_for("https://api.telegram.org", {"NO_PROXY": "*"}, setting) == ("" if expected == PROXY else expected)


def test_each_platform_has_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", PROXY)
    settings = load_settings({"TELEGRAM_PROXY": "socks5://desk:secret%21@other.example:1080"})

    ways = proxies_of(settings)

    assert ways == {Platform.TELEGRAM: "socks5://desk:secret%21@other.example:1080", Platform.VIBER: PROXY}
    assert {"secret%21", "secret!"} < set(settings.secrets)
    assert "other.example" not in repr(settings)


@pytest.mark.parametrize(
    ("address", "proxy", "sentence"),
    [
        ("https://api.telegram.org", "ftp://proxy.example:21", "does not know .ftp."),
        ("https://api.telegram.org", "http://proxy.example:port", "is no address"),
        ("https://api.telegram.org", "http://", "is no address"),
        # The token would be read there.
        ("http://bot-api.example:8081", PROXY, "would read the token"),
        ("http://bot-api.example:8081", "socks5://proxy.example:1080", "would read the token"),
    ],
)
def test_a_proxy_that_we_cannot_or_will_not_use_is_a_sentence(address: str, proxy: str, sentence: str) -> None:
    with pytest.raises(CannotStart, match=sentence):
        proxy_for(address, {"ALL_PROXY": proxy})


def test_a_password_of_a_proxy_is_not_shown() -> None:
    assert shown("http://somebody:secret@proxy.example:3128") == "proxy.example:3128"
    assert shown("socks5://somebody:secret@proxy.example:1080") == "proxy.example:1080 (socks5)"


def telegram(proxy: str, address: str = "http://telegram.example") -> TelegramMessenger:
    return TelegramMessenger(TELEGRAM_TOKEN, api_url=address, proxy=proxy)


def viber(proxy: str, address: str = "http://viber.example/pa") -> ViberMessenger:
    return ViberMessenger(VIBER_TOKEN, api_url=address, proxy=proxy)


async def ping(messenger: TelegramMessenger | ViberMessenger) -> None:
    await messenger.open()
    try:
        await messenger.ping()
    finally:
        await messenger.close()


@pytest.mark.parametrize(("kind", "who"), [("socks5", ""), ("socks5h", "desk:secret@"), ("socks5", "desk:secret@")])
async def test_both_platforms_are_reached_through_a_socks_proxy(kind: str, who: str) -> None:
    async with Sandbox() as sandbox, a_proxy(sandbox.telegram_url, b"secret" if who else b"") as proxy:
        sandbox.telegram.add_bot(TELEGRAM_TOKEN)
        # By its name, which the proxy looks up.
        addresses = [url.replace("127.0.0.1", "localhost") for url in (sandbox.telegram_url, sandbox.viber_url)]
        await ping(telegram(proxy.url(kind, who), addresses[0]))
        sandbox.viber.add_bot(VIBER_TOKEN, name="Вісник", uri="visnyk")
        await ping(viber(proxy.url(kind, who), addresses[1]))

    assert proxy.asked == [urlsplit(address).netloc for address in addresses]


@pytest.mark.parametrize("make", [telegram, viber])
@pytest.mark.parametrize(("kind", "who"), [("socks5", ""), ("socks5", "desk:wrong@"), ("http", "")])
async def test_what_a_proxy_refuses_was_never_sent(make: Make, kind: str, who: str) -> None:
    refuses = {"to": "http://127.0.0.1:9"} if kind == "http" else {}
    async with a_proxy(**refuses, password=b"secret" if who else b"") as proxy:
        with pytest.raises(NotSent) as refusal:
            await ping(make(proxy.url(kind, who), "https://platform.example"))

    assert "wrong" not in refusal.value.reason


@pytest.mark.parametrize("make", [telegram, viber])
@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_what_never_left_because_the_proxy_is_gone_is_not_sent(make: Make, kind: str) -> None:
    async with a_proxy() as proxy:
        pass
    with pytest.raises(NotSent):
        await ping(make(proxy.url(kind), "https://platform.example"))


@pytest.mark.parametrize("make", [telegram, viber])
async def test_a_proxy_reads_where_we_go_and_no_token(make: Make) -> None:
    async with a_proxy() as proxy:
        with pytest.raises(NotSent):
            await ping(make(proxy.url("http"), "https://platform.example"))

    assert proxy.asked == ["platform.example:443"]
    assert proxy.heard[:2] == b"\x16\x03"  # the beginning of TLS
    assert not any(token.encode() in proxy.heard for token in (TELEGRAM_TOKEN, VIBER_TOKEN))


async def test_doctor_says_which_way_it_goes(scene: Scene, tmp_path: Path) -> None:
    said = [finding.what for finding in await examine(scene.settings)]

    assert "The way to Telegram goes directly, without a proxy." in said
    assert "The way to Viber goes directly, without a proxy." in said
