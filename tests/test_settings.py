"""An operator who sets something wrongly learns all of it at once, and no secret with it."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

import config
from bot.demo.play import text_of
from config import Newsroom, Settings, SettingsError, load_newsroom, load_settings
from config.settings import SECRETS

EXAMPLE = Path(config.__file__).with_name("example.env").read_text(encoding="utf-8")
TOKEN = "123456789:AAE-canary_canary_canary_canary_0123"


def faults_of(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        load_settings(environ)
    return refusal.value.faults


def test_every_setting_has_a_default_so_that_nothing_has_to_be_set() -> None:
    settings = load_settings({})

    assert settings.telegram_token is None
    assert settings.database_path == Path("var/visnyk.db")
    assert settings.secrets == ()
    assert load_newsroom(settings.newsroom).channels == ()


def test_the_example_names_every_setting_in_order_with_its_default() -> None:
    lines = [line.partition("=") for line in EXAMPLE.splitlines() if line and not line.startswith("#")]

    assert [name for name, _, _ in lines] == [name.upper() for name in Settings.model_fields]
    for name, _, value in lines:
        default = Settings.model_fields[name.lower()].default
        assert value == ("" if default in (None, ()) or name == "NEWSROOM" else str(default)), name


def test_each_setting_in_the_example_says_why_in_one_line() -> None:
    paragraphs = EXAMPLE.strip().split("\n\n")[1:]

    assert all(
        comment.startswith("# ") and "=" in setting
        for comment, setting in (paragraph.split("\n") for paragraph in paragraphs)
    )


def test_settings_are_what_the_environment_says(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "TELEGRAM_TOKEN": f" {TOKEN}\n",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "PUBLIC_URL": "https://bot.example.org/visnyk/",
            "WEBHOOK_SECRET": "s3cret_-0123456789abcdef-ghij",
            "DATABASE_URL": f"sqlite:///{tmp_path}/v.db",
            "PORT": "0",
            "OWNERS": "telegram:1001  viber:abc==",
            "VIBER_TOKEN": "",
            "UNRELATED": "x",
        }
    )

    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.public_url == "https://bot.example.org/visnyk"
    assert settings.database_path == tmp_path / "v.db"
    assert settings.port == 0
    assert settings.owners == (("telegram", "1001"), ("viber", "abc=="))
    assert settings.viber_token is None
    assert settings.secrets == (TOKEN, "s3cret_-0123456789abcdef-ghij")
    assert TOKEN not in repr(settings)


def test_the_process_goes_before_the_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=1111\nHOST=127.0.0.1\nVIBER_TOKEN=from-the-file\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "2222")
    monkeypatch.setenv("HOST", "")

    settings = load_settings()

    assert (settings.port, settings.host) == (2222, "127.0.0.1")
    assert settings.secrets == ("from-the-file",)


def test_every_fault_is_named_at_once_and_no_secret_with_it() -> None:
    faults = faults_of(
        TELEGRAM_TOKEN="canary-without-a-colon",
        VIBER_TOKEN="canary with spaces",
        VIBER_CHANNEL_TOKEN_FILE="/nowhere/viber",
        TELEGRAM_API_URL="api.telegram.org",
        DATABASE_URL="postgresql+x://user:canary@host/db",
        PUBLIC_URL="http://user:canary@example.org",
        PORT="70000",
        OWNERS="1001",
    )

    assert [fault.partition(":")[0] for fault in faults] == [
        "TELEGRAM_TOKEN",
        "TELEGRAM_API_URL",
        "VIBER_TOKEN",
        "VIBER_CHANNEL_TOKEN_FILE",
        "DATABASE_URL",
        "PUBLIC_URL",
        "WEBHOOK_SECRET",
        "PORT",
        "OWNERS",
    ]
    assert "canary" not in "".join(faults)
    assert all("\n" not in fault for fault in faults)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("TELEGRAM_TOKEN", "12345", "@BotFather"),
        ("TELEGRAM_CHANNEL_TOKEN", "abc:def", "@BotFather"),
        ("VIBER_TOKEN", "a\nb", "Viber token"),
        ("TELEGRAM_PROXY", "proxy.example:3128", "http://host:3128"),
        ("VIBER_PROXY", "ftp://proxy.example", "http://host:3128"),
        ("WEBHOOK_SECRET", "with space in the middle of it", "24 to 256"),
        ("WEBHOOK_SECRET", "ab3-" * 65, "24 to 256"),
        ("DATABASE_URL", "postgresql://localhost", "host/database"),
        ("DATABASE_URL", "postgresql+asyncpg://localhost/visnyk", "host/database"),
        ("DATABASE_URL", "postgresql://localhost:port/visnyk", "host/database"),
        ("DATABASE_URL", "sqlite:///", "must name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("DATABASE_URL", "visnyk.db", "must name a file"),
        ("DATABASE_URL", "sqlite:///visnyk.db?mode=ro", "nothing else"),
        ("WEBHOOK_SECRET", "a", "24 to 256"),
        ("WEBHOOK_SECRET", "x" * 40, "24 to 256"),
        ("METRICS_TOKEN", "short", "24 to 256"),
        ("EVENTS_SECRET", "whsec_short", "base64"),
        ("RECORD_KEY", "PRIVATE+KEY+news.example+0a1b", "visnyk record new-key"),
        ("PUBLIC_URL", "http://example.org", "https://"),
        ("PUBLIC_URL", "example.org", "https://"),
        ("PUBLIC_URL", "https://example.org/?a=b", "bare address"),
        ("VIBER_API_URL", "ftp://example.org", "https://"),
        ("PORT", "eighty", "65535"),
        ("PORT", "-1", "65535"),
        ("OWNERS", "telegram:@olena", "/whoami"),
        ("OWNERS", "signal:1", "telegram:1001"),
        ("OWNERS", "viber:", "viber:abc=="),
    ],
)
def test_a_fault_says_what_to_write_instead(name: str, value: str, hint: str) -> None:
    (fault,) = faults_of(**{name: value})

    assert fault.startswith(f"{name}: ")
    assert hint in fault


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "https://example.org"])
def test_plain_http_works_on_this_machine_only(url: str) -> None:
    assert load_settings({"PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file_that_only_we_can_read(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    texts = {"telegram": "1001:abc-\n", "events": f"whsec_{'abcd' * 8}\n",
             "record": "PRIVATE+KEY+news.example+0a1b2c3d+" + "A" * 44}  # fmt: skip
    text = "socks5://proxy.example:1080\n" if name.endswith("_proxy") else texts.get(name.partition("_")[0])
    secret.write_text(text or "abc-0123456789-defghijkl\n")
    secret.chmod(0o600)

    assert load_settings({f"{name.upper()}_FILE": str(secret)}).secrets == (secret.read_text().strip(),)


def test_events_are_never_sent_unsigned() -> None:
    assert [fault.partition(":")[0] for fault in faults_of(EVENTS_URL="https://cms.example.org/hook")] == [
        "EVENTS_SECRET"
    ]


def test_no_stand_in_for_the_internet_counts_where_a_real_platform_is_on() -> None:
    through, local = {"PICTURES_THROUGH": "http://127.0.0.1:8081/internet"}, "http://127.0.0.1:8081"
    played = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": local, "VIBER_TOKEN": "v", "VIBER_API_URL": local}

    assert load_settings(through | played).pictures_through
    for real in ("TELEGRAM_API_URL", "VIBER_API_URL"):
        faults = faults_of(**(through | {name: value for name, value in played.items() if name != real}))
        assert [fault.partition(":")[0] for fault in faults] == ["PICTURES_THROUGH"]


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(TOKEN)
    secret.chmod(0o640)

    assert faults_of(TELEGRAM_TOKEN_FILE=str(secret)) == [
        f"TELEGRAM_TOKEN_FILE: others can read {secret}; do: chmod 600 {secret}"
    ]


def test_a_bad_secret_in_a_file_is_named_without_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    secret.chmod(0o600)

    (fault,) = faults_of(TELEGRAM_TOKEN_FILE=str(secret))

    assert fault.startswith("TELEGRAM_TOKEN: is not a bot token")
    assert "canary" not in fault


def test_a_secret_given_twice_or_empty_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(0o600)

    assert faults_of(VIBER_TOKEN="abc", VIBER_TOKEN_FILE=str(secret), WEBHOOK_SECRET_FILE=str(secret)) == [
        "VIBER_TOKEN_FILE: VIBER_TOKEN is set too; keep one of the two.",
        f"WEBHOOK_SECRET_FILE: {secret} is empty; put the secret there, or unset this.",
    ]


def newsroom_from(tmp_path: Path, text: str) -> Newsroom:
    path = tmp_path / "newsroom.toml"
    path.write_text(text, encoding="utf-8")
    return load_newsroom(path)


def test_a_newsroom_written_by_windows_is_read(tmp_path: Path) -> None:
    assert newsroom_from(tmp_path, '\ufeffname = "Вісник"').name == "Вісник"


def test_a_newsroom_in_utf_16_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.toml"
    path.write_text('name = "Вісник"', encoding="utf-16")
    with pytest.raises(SettingsError, match="Save it again as UTF-8"):
        load_newsroom(path)


WINDOWS = "\ufeffVIBER_TOKEN=from-the-file\r\nPORT=1111\r\n"


def test_settings_written_by_windows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(WINDOWS.encode())
    monkeypatch.chdir(tmp_path)

    assert load_settings().secrets == ("from-the-file",)
    assert load_settings().port == 1111


def test_settings_in_utf_16_get_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(WINDOWS.removeprefix("\ufeff").encode("utf-16"))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match=r"\.env is not UTF-8 text\. Save it again as UTF-8\."):
        load_settings()


@pytest.mark.parametrize("written", ["\ufeff1234:AAE-token\r\n", "1234:AAE-token\n"])
def test_a_secrets_file_written_by_windows_is_read(tmp_path: Path, written: str) -> None:
    path = tmp_path / "token"
    path.write_bytes(written.encode())
    path.chmod(0o600)

    assert load_settings({"TELEGRAM_TOKEN_FILE": str(path)}).secrets == ("1234:AAE-token",)


def test_an_article_written_by_windows_is_offered_in_the_demo(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes("\ufeffМіст відкрили\r\n\r\nРух відновлено.".encode())

    assert text_of(path).startswith("Міст")


def newsroom_faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        newsroom_from(tmp_path, text)
    return refusal.value.faults


def test_the_packaged_newsroom_says_what_the_defaults_are() -> None:
    packaged = load_newsroom(load_settings({}).newsroom)
    bare = Newsroom(name="x")

    for field in ("time_zone", "languages", "links", "channels", "stale_after", "pace", "readers", "evidence"):
        assert getattr(packaged, field) == getattr(bare, field), field


def test_the_packaged_examples_work_when_uncommented(tmp_path: Path) -> None:
    text = load_settings({}).newsroom.read_text(encoding="utf-8")
    before, after = text.split("#\n# [[channels]]", 1)
    examples, rest = after.split("\n\n# The newsroom's other", 1)
    about, rest = rest.split("#\n# [[official]]", 1)
    official, rest = rest.split("\n\n# Posting times", 1)

    told = f"\n\n# The newsroom's other{about}" + uncommented("# [[official]]" + official)
    newsroom = newsroom_from(
        tmp_path, before + uncommented("# [[channels]]" + examples) + told + "\n\n# Posting times" + rest
    )

    assert [channel.key for channel in newsroom.channels] == ["main", "english", "viber"]
    assert newsroom.channels[1].topics == {"economy", "war"}
    assert [(each.id, each.name) for each in newsroom.official] == [("-1009876543210", "your_other_channel")]


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ('platform = "telegram"', "names nothing: set id, name or link."),
        ('platform = "telegram"\nid = "abc"', "must be the number of a channel or bot"),
        ('platform = "telegram"\nname = "два слова"', "must be the public name of a channel or bot"),
        ('platform = "telegram"\nlink = "t.me/x"', "must be a whole address that starts with https://"),
    ],
)
def test_an_account_that_names_nobody_is_refused(tmp_path: Path, listed: str, fault: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        newsroom_from(tmp_path, f'name = "x"\n[[official]]\n{listed}\n')

    assert fault in str(refusal.value.faults)


def test_the_packaged_rules_ask_for_no_more_people_than_every_article_needs() -> None:
    """A desk of two can publish what falls under each of them."""
    packaged = load_newsroom(load_settings({}).newsroom)

    assert packaged.desk.approvals == 1
    assert [(risk.key, risk.approvals, bool(risk.checklist), risk.hold) for risk in packaged.risks] == [
        ("casualties", 0, True, timedelta(0)),
        ("aftermath", 0, True, timedelta(hours=3)),
        ("anonymous", 0, True, timedelta(0)),
        ("accusation", 0, True, timedelta(0)),
    ]


def uncommented(text: str) -> str:
    return text.replace("\n# ", "\n").replace("\n#\n", "\n").removeprefix("# ")


def test_a_newsroom_is_what_its_file_says(tmp_path: Path) -> None:
    newsroom = newsroom_from(
        tmp_path,
        """
        name = "Вісник"
        quiet_hours = "23:00-07:00"
        stale_after = "2 h"
        signature = { uk = "Лише перевірене." }
        [[channels]]
        key = "main"
        platform = "telegram"
        chat = -1001234567890
        topics = [" Війна "]
        [slots]
        mon = ["18:30", "09:00"]
        [pace.telegram]
        per_second = 1000
        [readers]
        viber = "urgent"
        """,
    )

    assert newsroom.channels[0].chat == "-1001234567890"
    assert newsroom.channels[0].topics == {"війна"}
    assert newsroom.slots.by_weekday()[0] == (time(9), time(18, 30))
    assert newsroom.slots.by_weekday()[6] == ()
    assert newsroom.quiet_hours
    assert (newsroom.quiet_hours.start, newsroom.quiet_hours.end) == (time(23), time(7))
    assert newsroom.stale_after == timedelta(hours=2)
    assert newsroom.pace.telegram.per_second == 1000
    assert newsroom.readers.viber == "urgent"


def test_every_fault_of_a_newsroom_is_named_by_its_place(tmp_path: Path) -> None:
    faults = newsroom_faults(
        tmp_path,
        """
        time_zone = "Europe/Kviv"
        languages = ["uk", "english"]
        quiet_hours = "at night"
        stale_after = "soon"
        slotz = 1
        [links]
        site = "example.org"
        [[channels]]
        key = "Main"
        platform = "signal"
        [[channels]]
        key = "main"
        platform = "telegram"
        chat = "our channel"
        poster = "x"
        topics = "war"
        [[channels]]
        key = "second"
        platform = "telegram"
        chat = "our channel"
        poster = "x"
        [slots]
        mon = ["9:00"]
        tue = ["09:00", "09:00"]
        [pace.telegram]
        chat_per_second = 0
        group_per_minute = 1.5
        paid = "yes"
        [pace.viber]
        per_second = 0
        parallel = 1.5
        [readers]
        viber = "some"
        """,
    )

    assert [fault.partition(":")[0] for fault in faults] == [
        "name",
        "time_zone",
        "languages[1]",
        "links.site",
        "channels[0].key",
        "channels[0].platform",
        "channels[1].topics",
        "channels[2].chat",
        "channels[2].poster",
        "slots.mon[0]",
        "slots.tue",
        "quiet_hours",
        "stale_after",
        "pace.telegram.chat_per_second",
        "pace.telegram.group_per_minute",
        "pace.telegram.paid",
        "pace.viber.per_second",
        "pace.viber.parallel",
        "readers.viber",
        "slotz",
    ]


def test_every_fault_of_a_risk_rule_is_named_by_its_place(tmp_path: Path) -> None:
    faults = newsroom_faults(
        tmp_path,
        """
        name = "x"
        [evidence]
        required = ["status", "sauce"]
        [[risks]]
        key = "One"
        title = ""
        topics = "war"
        words = ["ok", "!no"]
        anonymous_source = "yes"
        named_person = 1
        approvals = 4
        checklist = ["two sources", "Two sources"]
        hold = "soon"
        when = "always"
        [[risks]]
        key = "two"
        title = "nothing to cover"
        approvals = 1
        [[risks]]
        key = "three"
        title = "nothing to ask"
        words = ["ok"]
        [[risks]]
        title = "without a key"
        words = ["ok"]
        checklist = ["%s"]
        """
        % ("x" * 81),
    )

    assert [fault.partition(":")[0] for fault in faults] == [
        "evidence.required",
        "risks[0].key",
        "risks[0].title",
        "risks[0].topics",
        "risks[0].words",
        "risks[0].anonymous_source",
        "risks[0].named_person",
        "risks[0].approvals",
        "risks[0].checklist",
        "risks[0].hold",
        "risks[0].when",
        "risks[1]",
        "risks[2]",
        "risks[3].key",
        "risks[3].checklist",
    ]
    assert "covers no article" in faults[11]
    assert "asks for nothing" in faults[12]


def test_two_risk_rules_with_one_key_are_named(tmp_path: Path) -> None:
    rule = '[[risks]]\nkey = "war"\ntitle = "x"\nwords = ["x"]\nhold = "3 h"\n'

    assert newsroom_faults(tmp_path, f'name = "x"\n{rule}{rule}') == [
        "risks[1].key: is taken by risks[0]; give each its own."
    ]


def test_a_newsroom_may_ask_for_no_evidence(tmp_path: Path) -> None:
    assert newsroom_from(tmp_path, 'name = "x"\nevidence.required = []').evidence.required == ()


def test_channels_that_do_not_get_along_are_named(tmp_path: Path) -> None:
    channel = '[[channels]]\nkey = "{}"\nplatform = "{}"\nchat = "{}"\nlanguage = "{}"\n'
    text = 'name = "x"\nsignature = { pl = "x" }\n' + "".join(
        channel.format(*values)
        for values in [
            ("main", "telegram", "@channel", "uk"),
            ("main", "telegram", "@Channel", "pl"),
            ("viber", "viber", "", ""),
            ("viber2", "viber", "", ""),
        ]
    )

    assert newsroom_faults(tmp_path, text) == [
        "signature.pl: is not one of `languages`.",
        "channels[1].key: is taken by channels[0]; give each its own.",
        "channels[1].chat: is the same as in channels[0]; readers would get articles twice.",
        "channels[3].platform: is Viber's second channel (after channels[2]); there can be one.",
        "channels[1].language: is not one of `languages`.",
    ]


def test_the_language_of_the_desks_groups_is_one_of_ours(tmp_path: Path) -> None:
    text = 'name = "V"\nlanguages = ["uk"]\n[desk]\ngroup_language = "en"\n'

    assert newsroom_faults(tmp_path, text) == ["desk.group_language: is not one of `languages`."]
    assert newsroom_from(tmp_path, text.replace('["uk"]', '["en"]')).desk.group_language == "en"


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (fault,) = newsroom_faults(tmp_path, 'name = "x"\ntime_zone = Europe/Kyiv\n')

    assert "line 2" in fault


def test_a_missing_newsroom_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"NEWSROOM: can't read .*none\.toml: No such file"):
        load_newsroom(tmp_path / "none.toml")
