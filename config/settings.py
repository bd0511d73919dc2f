"""Reads the environment once at the start: tokens, addresses and places; names all faults at once."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import BeforeValidator, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.faults import SettingsError, fault_lines

PACKAGED_NEWSROOM = Path(__file__).with_name("newsroom.toml")
LOCALES = Path(__file__).with_name("locales")
PLATFORMS = ("telegram", "viber")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
#: The value of TELEGRAM_PROXY or VIBER_PROXY that is none: it is hidden in no log.
DIRECT = SecretStr("direct")
DATABASE_SCHEME = "sqlite:///"
#: Different characters in a secret that somebody made with the command below, at the very least.
DIFFERENT = 8
MAKE_ONE = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
MAKE_SIGNING = (
    'make one with: python -c "import base64, secrets; '
    "print('whsec_' + base64.b64encode(secrets.token_bytes(24)).decode())\""
)
#: Settings that may also come from a file, which `NAME_FILE` names.
SECRETS = (
    "telegram_token",
    "telegram_channel_token",
    "telegram_proxy",
    "viber_token",
    "viber_channel_token",
    "viber_proxy",
    "webhook_secret",
    "metrics_token",
    "events_secret",
    "record_key",
)


def _web_address(value: str) -> str:
    """An http(s) address without a trailing slash, so that a path can be appended."""
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError("must be a whole address that starts with https://.")
    if "@" in address.netloc or address.query or address.fragment:
        raise ValueError("must be a bare address: no user name, no ? and no #.")
    return value.rstrip("/")


def _reachable(value: str) -> str:
    """An address that the platforms can call: https, or plain http on this machine for trying things out."""
    if not value:
        return value
    address = urlsplit(_web_address(value))
    if address.scheme != "https" and address.hostname not in LOCAL_HOSTS:
        raise ValueError("must start with https:// (plain http works for localhost only).")
    return value.rstrip("/")


def _owners(value: object) -> object:
    """The pairs in a text such as `telegram:1001 viber:abc==`."""
    return tuple(_owner(word) for word in value.split()) if isinstance(value, str) else value


def _owner(word: str) -> tuple[str, str]:
    platform, _, person = word.partition(":")
    if platform not in PLATFORMS or not person:
        raise ValueError(f"“{word}” must look like telegram:1001 or viber:abc==; people are separated by spaces.")
    if platform == "telegram" and not re.fullmatch(r"[1-9]\d*", person):
        raise ValueError(f"“{word}” must have a number after telegram: (the bot tells it on /whoami).")
    return platform, person


def _port(value: object) -> object:
    if not re.fullmatch(r"\d{1,5}", str(value)) or int(str(value)) > 65535:
        raise ValueError("must be a number from 1 to 65535 (0: any free port).")
    return int(str(value))


def _database(value: str) -> str:
    if value.startswith(("postgresql:", "postgres:", "postgresql+")):
        return _on_server(value)
    path = value.removeprefix(DATABASE_SCHEME)
    if path in (value, "", ":memory:"):
        raise ValueError("must name a file: sqlite:///var/visnyk.db (four slashes for a path from the root).")
    if "?" in path or "#" in path:
        raise ValueError("must name a file and nothing else: no ? and no # after it.")
    return value


def _on_server(value: str) -> str:
    """An address of PostgreSQL that names a database; the rest is for its own library to understand."""
    try:
        address = urlsplit(value)
        _ = address.port
    except ValueError:
        raise ValueError("must look like postgresql://user:password@host/database.") from None
    if address.scheme not in ("postgresql", "postgres") or len(address.path) < 2:
        raise ValueError("must look like postgresql://user:password@host/database.")
    return value


WebAddress = Annotated[str, BeforeValidator(_web_address)]


def _local(value: str) -> str:
    """An address on this machine, by its number: nothing else may stand for the internet."""
    address = urlsplit(_web_address(value))
    if address.scheme != "http" or address.hostname != "127.0.0.1" or address.port is None:
        raise ValueError("must look like http://127.0.0.1:8081/internet: it is for the demo and tests alone.")
    return value.rstrip("/")


class PlatformSettings(BaseSettings):
    """The settings of the platforms themselves."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_token: SecretStr | None = None
    telegram_channel_token: SecretStr | None = None
    telegram_api_url: WebAddress = "https://api.telegram.org"
    telegram_proxy: SecretStr | None = None
    viber_token: SecretStr | None = None
    viber_channel_token: SecretStr | None = None
    viber_api_url: WebAddress = "https://chatapi.viber.com/pa"
    viber_proxy: SecretStr | None = None

    @field_validator("telegram_token", "telegram_channel_token")
    @classmethod
    def _is_a_telegram_token(cls, token: SecretStr | None) -> SecretStr | None:
        # Real tokens have 35 characters after the colon; those of sandboxes may be shorter.
        if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value()):
            raise ValueError("is not a bot token; it must look like 123456789:AAE… as @BotFather gives it.")
        return token

    @field_validator("telegram_proxy", "viber_proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy and not re.fullmatch(r"direct|(https?|socks4a?|socks5h?)://[^\s/?#]+/?", proxy.get_secret_value()):
            raise ValueError("must look like http://host:3128 or socks5://user:password@host:1080, or be: direct.")
        return proxy

    @field_validator("viber_token", "viber_channel_token")
    @classmethod
    def _is_a_viber_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            raise ValueError("is not a Viber token; it has no spaces and only plain letters, digits and signs.")
        return token


class Settings(PlatformSettings):
    """The settings from the environment. `load_settings()` reads them; a direct call takes only its arguments."""

    database_url: Annotated[str, BeforeValidator(_database)] = "sqlite:///var/visnyk.db"
    data_folder: Path = Path("var")
    public_url: Annotated[str, BeforeValidator(_reachable)] = ""
    webhook_secret: SecretStr | None = None
    metrics_token: SecretStr | None = None
    events_url: Annotated[str, BeforeValidator(_reachable)] = ""
    events_secret: SecretStr | None = None
    record_key: SecretStr | None = None
    # Hosting services route to the machine's outer address.
    host: str = "0.0.0.0"  # noqa: S104
    port: Annotated[int, BeforeValidator(_port)] = 8000
    owners: Annotated[tuple[tuple[str, str], ...], BeforeValidator(_owners)] = ()
    newsroom: Path = PACKAGED_NEWSROOM
    pictures_through: Annotated[str, BeforeValidator(lambda value: _local(value) if value else "")] = ""

    @field_validator("webhook_secret", "metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, secret: SecretStr | None) -> SecretStr | None:
        value = secret.get_secret_value() if secret else ""
        if value and (not re.fullmatch(r"[A-Za-z0-9_-]{24,256}", value) or len(set(value)) < DIFFERENT):
            raise ValueError(f"must be 24 to 256 random characters of A-Z, a-z, 0-9, _ and -; {MAKE_ONE}")
        return secret

    @field_validator("events_secret")
    @classmethod
    def _signs(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"whsec_(?:[A-Za-z0-9+/]{4}){8,20}", secret.get_secret_value()):
            raise ValueError(f"is no signing secret; {MAKE_SIGNING}")
        return secret

    @field_validator("record_key")
    @classmethod
    def _signs_the_record(cls, key: SecretStr | None) -> SecretStr | None:
        form = r"PRIVATE\+KEY\+[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"
        if key and not re.fullmatch(form, key.get_secret_value()):
            raise ValueError("is no key of a record; make one with: visnyk record new-key")
        return key

    @property
    def database_path(self) -> Path:
        """The path of the database, relative to the working directory unless it begins with a slash.

        With PostgreSQL nothing lies there, but the files that belong to this machine lie beside it.
        """
        if self.database_server:
            return self.data_folder / "visnyk"
        return Path(self.database_url.removeprefix(DATABASE_SCHEME))

    @property
    def database_server(self) -> str:
        """The address of a PostgreSQL database; empty where the database is a file."""
        return "" if self.database_url.startswith(DATABASE_SCHEME) else self.database_url

    @property
    def secrets(self) -> tuple[str, ...]:
        """All secrets in use, which the log must hide."""
        values = [value.get_secret_value() for name in SECRETS if (value := getattr(self, name)) and value != DIRECT]
        addresses = (each for each in (self.database_server, *values) if "://" in each)
        passwords = {urlsplit(address).password or "" for address in addresses}
        both = {*passwords, *map(unquote, passwords)} - {""}
        return (*values, *both)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `load_settings` gathers the values, so that a secret's file and its variable are checked together.
        return (init_settings,)


UNPROVEN_CALLS = f"must be set when PUBLIC_URL and TELEGRAM_TOKEN are; {MAKE_ONE}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ`, by default the process environment over `.env` in the working directory.

    An empty value counts as unset. Raises `SettingsError` with all faults at once.
    """
    given = {name: value.strip() for name, value in (_environment() if environ is None else environ).items()}
    values = {name: given[name.upper()] for name in Settings.model_fields if given.get(name.upper())}
    faults: dict[str, str] = {}
    for name in SECRETS:
        _take_file(name, given, values, faults)
    _check_together(values, faults)
    settings = _validated(values, faults)
    if settings is None or faults:
        raise SettingsError(_in_order(faults))
    return settings


def _environment() -> dict[str, str]:
    try:
        dotenv = DotEnvSettingsSource(Settings, env_file=".env", case_sensitive=True, env_ignore_empty=True)
    except UnicodeDecodeError:
        raise SettingsError([f"{Path('.env').absolute()} is not UTF-8 text. Save it again as UTF-8."]) from None
    process = EnvSettingsSource(Settings, case_sensitive=True, env_ignore_empty=True)
    return {name: value for name, value in {**dotenv.env_vars, **process.env_vars}.items() if value}


def _take_file(name: str, given: Mapping[str, str], values: dict[str, str], faults: dict[str, str]) -> None:
    key = f"{name.upper()}_FILE"
    if not given.get(key):
        return
    if name in values:
        faults[key] = f"{name.upper()} is set too; keep one of the two."
        return
    try:
        values[name] = _secret_in(Path(given[key]))
    except ValueError as fault:
        faults[key] = str(fault)


def _secret_in(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="utf-8-sig").strip()  # Windows writes a mark before it
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ValueError(f"can't read {path}: {reason}.") from None
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ValueError(f"others can read {path}; do: chmod 600 {path}")
    if not content:
        raise ValueError(f"{path} is empty; put the secret there, or unset this.")
    return content


def _check_together(values: Mapping[str, str], faults: dict[str, str]) -> None:
    """Check what settings need of each other, on raw values, so that no other fault hides this one."""
    by_webhook = "public_url" in values and "telegram_token" in values
    if by_webhook and "webhook_secret" not in values and "WEBHOOK_SECRET_FILE" not in faults:
        faults.setdefault("WEBHOOK_SECRET", UNPROVEN_CALLS)
    if "events_url" in values and "events_secret" not in values and "EVENTS_SECRET_FILE" not in faults:
        faults.setdefault("EVENTS_SECRET", f"must be set when EVENTS_URL is; {MAKE_SIGNING}")
    if "pictures_through" in values and any(_is_real(platform, values) for platform in PLATFORMS):
        faults.setdefault("PICTURES_THROUGH", "is for the demo and tests alone: unset it where a real platform is on.")


def _is_real(platform: str, values: Mapping[str, str]) -> bool:
    """True if the platform is on and is not played on this machine."""
    is_on = f"{platform}_token" in values or f"{platform}_channel_token" in values
    address = values.get(f"{platform}_api_url", str(Settings.model_fields[f"{platform}_api_url"].default))
    return is_on and urlsplit(address).hostname not in LOCAL_HOSTS


def _validated(values: Mapping[str, str], faults: dict[str, str]) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        for name, sentence in fault_lines(error):
            faults.setdefault(name.upper(), sentence)
        return None


def _in_order(faults: Mapping[str, str]) -> list[str]:
    """The faults in the order of `example.env`."""
    names = [name.upper() for name in Settings.model_fields]
    order = sorted(faults, key=lambda key: names.index(key.removesuffix("_FILE")))
    return [f"{key}: {faults[key]}" for key in order]
