"""Frozen settings from the environment. No secret has a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class SettingsError(Exception):
    """A setting is missing or unusable; the message names the variable and never holds its value."""


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where records are kept. `keys_document` is given outright or read from `keys_file`."""

    data_dir: Path
    database_url: URL
    keys_file: Path
    keys_document: str | None = field(default=None, repr=False)

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine, which the center migrates by itself."""
        return self.database_url.get_backend_name() == "sqlite"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the center needs to serve. `issuer` and `public_url` never end in a slash.

    `trusted_proxies`: addresses and networks whose X-Forwarded-For is believed.
    """

    storage: StorageSettings
    port: int
    cdc_url: str
    issuer: str
    public_url: str
    client_id: str
    client_secret: str = field(repr=False)
    follow_changes: bool = True
    trusted_proxies: tuple[str, ...] = ()

    @property
    def records_audience(self) -> str:
        """The audience of customer-bound tokens."""
        return f"{self.issuer}/records"


def load_storage(environ: Mapping[str, str]) -> StorageSettings:
    """Storage settings alone, for the commands that do not serve. Raises `SettingsError`."""
    data_dir = Path(environ.get("CDC_DATA_DIR") or "var")
    url = environ.get("HDC_DATABASE_URL") or f"sqlite:///{data_dir / 'hdc.db'}"
    keys_file = Path(environ.get("HDC_KEYS_FILE") or data_dir / "hdc-keys.json")
    database_url = _with_password(_database_url(url), environ.get("HDC_DATABASE_PASSWORD_FILE"))
    return StorageSettings(data_dir, database_url, keys_file, environ.get("HDC_KEYS") or None)


def load(environ: Mapping[str, str]) -> Settings:
    """All settings. Raises `SettingsError`."""
    port = _port(environ, "HDC_PORT", 8100)
    cdc_url = _url(environ, "HDC_CDC_URL", f"http://127.0.0.1:{_port(environ, 'CDC_PORT', 8000)}")
    own = "HDC_PUBLIC_URL" if environ.get("HDC_PUBLIC_URL") else "CDC_HDC_URL"
    return Settings(
        storage=load_storage(environ),
        port=port,
        cdc_url=cdc_url,
        issuer=_url(environ, "CDC_PUBLIC_URL", cdc_url),
        public_url=_url(environ, own, f"http://127.0.0.1:{port}"),
        client_id=environ.get("HDC_CLIENT_ID") or "hdc",
        client_secret=_secret(environ),
        follow_changes=_switch(environ, "HDC_FOLLOW_CHANGES"),
        trusted_proxies=_proxies(environ),
    )


def _database_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError("HDC_DATABASE_URL must be a SQLAlchemy URL") from None
    driver = _DRIVERS.get(url.drivername.split("+")[0])
    if driver is None:
        raise SettingsError("HDC_DATABASE_URL must begin with sqlite:// or postgresql://")
    return url.set(drivername=driver)


def _with_password(url: URL, file: str | None) -> URL:
    if not file:
        return url
    if not url.username or url.password is not None:
        raise SettingsError(
            "HDC_DATABASE_PASSWORD_FILE needs an HDC_DATABASE_URL with a user and no password"
        )
    return url.set(password=_read("HDC_DATABASE_PASSWORD_FILE", file))


def _switch(environ: Mapping[str, str], name: str) -> bool:
    word = (environ.get(name) or "on").lower()
    if word not in ("on", "off"):
        raise SettingsError(f"{name} must be on or off")
    return word == "on"


def _proxies(environ: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(filter(None, (part.strip() for part in environ.get("HDC_TRUSTED_PROXIES", "").split(","))))
    try:
        for proxy in found:
            ip_network(proxy)
    except ValueError:
        raise SettingsError(
            "HDC_TRUSTED_PROXIES must be IP addresses or networks, with commas between them"
        ) from None
    return found


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SettingsError(f"{name} must be a port number from 1 to 65535")
    return int(text)


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    text = (environ.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or not text.isascii() or " " in text:
        raise SettingsError(f"{name} must be an http or https URL without query, fragment or credentials")
    return text


def _secret(environ: Mapping[str, str]) -> str:
    secret, file = environ.get("HDC_CLIENT_SECRET"), environ.get("HDC_CLIENT_SECRET_FILE")
    if not secret and file:
        secret = _read("HDC_CLIENT_SECRET_FILE", file)
    if not secret:
        raise SettingsError(
            "HDC_CLIENT_SECRET (or HDC_CLIENT_SECRET_FILE) must hold the secret of the client HDC_CLIENT_ID; "
            "make it: cdc client create --client-id hdc "
            "--scopes 'token:introspect token:exchange changes:read' --rate none --json"
        )
    return secret


def _read(setting: str, path: str) -> str:
    """What stands in the file that a setting names."""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{setting} cannot be read") from None
