"""Settings, from the environment alone. No secret has a default. `docs/configuration.md` lists them all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.access.roles import Role

_ROLES = tuple(role.value for role in Role)
_MOST_DIGITS = 9
"""Python refuses to read a number of thousands of digits, with an error of its own."""


class InvalidSetting(ValueError):  # noqa: N818 - names what is wrong with the environment
    """A setting that cannot be used; says which, and what would be right."""


@dataclass(frozen=True, slots=True)
class IdentityProviderSettings:
    """Where people of the console may sign in besides. `roles`: (group, role), the first that fits counts."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name_claim: str
    groups_claim: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the service takes from outside. URLs have no trailing slash."""

    data_dir: Path
    database_url: str = field(repr=False)
    port: int
    public_url: str
    hdc_url: str
    keys_file: Path
    keys: str | None = field(repr=False)
    timezone: ZoneInfo
    model_file: Path | None
    survivorship_file: Path | None
    policy: str | Path
    bucket_limit: int
    pool_size: int
    seal_seconds: int
    import_workers: int
    import_jobs: int
    import_results_days: int
    checkpoint_publish: str | Path | None
    rate_limits_url: str | None = field(repr=False)
    source_failures: int
    refusal_milliseconds: int
    console_idle_minutes: int
    identity_provider: IdentityProviderSettings | None
    alert_rules_file: Path | None
    alerts_webhook: str | None = field(repr=False)
    watch_seconds: int
    erasure_files: tuple[Path, ...]

    @property
    def checkpoint_file(self) -> Path:
        """Where the newest checkpoint of the access log stands."""
        return self.data_dir / "checkpoint"

    @property
    def rate_limits_file(self) -> Path:
        """What the workers of this machine count together."""
        return self.data_dir / "rate-limits"

    @property
    def records_audience(self) -> str:
        """The audience of customer-bound tokens."""
        return f"{self.public_url}/records"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads CDC_* variables. Raises `InvalidSetting`."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("CDC_DATA_DIR") or "./var").absolute()
    port = _number(env, "CDC_PORT", 8000, 65535)
    hdc_port = _number(env, "HDC_PORT", 8100, 65535)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env, data_dir),
        port=port,
        public_url=_url(env, "CDC_PUBLIC_URL", f"http://127.0.0.1:{port}"),
        hdc_url=_url(env, "CDC_HDC_URL", f"http://127.0.0.1:{hdc_port}"),
        keys_file=Path(env.get("CDC_KEYS_FILE") or data_dir / "keys.json").absolute(),
        keys=env.get("CDC_KEYS") or None,
        timezone=_zone(env.get("CDC_TIMEZONE") or "Asia/Shanghai"),
        model_file=Path(model).absolute() if (model := env.get("CDC_MODEL_FILE")) else None,
        survivorship_file=Path(rules).absolute() if (rules := env.get("CDC_SURVIVORSHIP_FILE")) else None,
        policy=_policy(env.get("CDC_POLICY") or "default"),
        bucket_limit=_number(env, "CDC_BUCKET_LIMIT", 100, 10_000),
        pool_size=_number(env, "CDC_POOL_SIZE", 8, 1_000),
        seal_seconds=_number(env, "CDC_SEAL_SECONDS", 10, 3600, least=0),
        import_workers=_number(env, "CDC_IMPORT_WORKERS", _spare_cores(), 64, least=0),
        import_jobs=_number(env, "CDC_IMPORT_JOBS", 4, 1_000),
        import_results_days=_number(env, "CDC_IMPORT_RESULTS_DAYS", 30, 3_650),
        rate_limits_url=env.get("CDC_RATE_LIMITS_URL") or None,
        refusal_milliseconds=_number(env, "CDC_REFUSAL_MILLISECONDS", 50, 10_000, least=0),
        source_failures=_number(env, "CDC_SOURCE_FAILURES", 300, 1_000_000, least=0),
        alert_rules_file=Path(rules).absolute() if (rules := env.get("CDC_ALERT_RULES_FILE")) else None,
        alerts_webhook=_web(env, "CDC_ALERTS_WEBHOOK_URL"),
        watch_seconds=_number(env, "CDC_WATCH_SECONDS", 30, 3600, least=0),
        checkpoint_publish=_place(env, "CDC_CHECKPOINT_PUBLISH_URL"),
        console_idle_minutes=_number(env, "CDC_CONSOLE_IDLE_MINUTES", 15, 480),
        identity_provider=_identity_provider(env),
        erasure_files=_erasure_files(env, data_dir),
    )


def _identity_provider(env: Mapping[str, str]) -> IdentityProviderSettings | None:
    """OpenID Connect, where an issuer is named. It is taken as it is written, since it is compared."""
    issuer = env.get("CDC_OIDC_ISSUER")
    if not issuer:
        return None
    _url(env, "CDC_OIDC_ISSUER", "")
    client_id, secret = env.get("CDC_OIDC_CLIENT_ID"), env.get("CDC_OIDC_CLIENT_SECRET")
    if file := env.get("CDC_OIDC_CLIENT_SECRET_FILE"):
        try:
            secret = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise InvalidSetting("CDC_OIDC_CLIENT_SECRET_FILE cannot be read") from None
    if not client_id or not secret:
        raise InvalidSetting("CDC_OIDC_ISSUER needs CDC_OIDC_CLIENT_ID and CDC_OIDC_CLIENT_SECRET")
    pairs = (env.get("CDC_OIDC_ROLES") or " ".join(f"{role}={role}" for role in _ROLES)).split()
    roles = tuple((group, role) for group, _, role in (pair.rpartition("=") for pair in pairs))
    if not all(group and role in _ROLES for group, role in roles):
        raise InvalidSetting(f"CDC_OIDC_ROLES must be pairs GROUP=ROLE; roles are {', '.join(_ROLES)}")
    name, groups = env.get("CDC_OIDC_NAME_CLAIM") or "sub", env.get("CDC_OIDC_ROLE_CLAIM") or "roles"
    return IdentityProviderSettings(issuer, client_id, secret, name, groups, roles)


def _policy(text: str) -> str | Path:
    """The name of a shipped policy set, or the path of a file."""
    return text if text in ("default", "strict") else Path(text).absolute()


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    """The URL, with the password of its user from a file where one is named."""
    url = env.get("CDC_DATABASE_URL") or f"sqlite+aiosqlite:///{data_dir / 'cdc.db'}"
    file = env.get("CDC_DATABASE_PASSWORD_FILE")
    if not file:
        return url
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    if not user or ":" in user:
        raise InvalidSetting(
            "CDC_DATABASE_PASSWORD_FILE needs a CDC_DATABASE_URL with a user and no password"
        )
    try:
        password = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InvalidSetting("CDC_DATABASE_PASSWORD_FILE cannot be read") from None
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()


def _erasure_files(env: Mapping[str, str], data_dir: Path) -> tuple[Path, ...]:
    """The erasure register, and its copy where one is wanted."""
    first = Path(env.get("CDC_ERASURE_FILE") or data_dir / "erasures.ndjson").absolute()
    copy = env.get("CDC_ERASURE_COPY")
    return (first, Path(copy).absolute()) if copy else (first,)


def _number(env: Mapping[str, str], name: str, default: int, most: int, least: int = 1) -> int:
    text = env.get(name) or str(default)
    digits = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not digits or not least <= int(text) <= most:
        raise InvalidSetting(f"{name} must be a whole number from {least} to {most}")
    return int(text)


def _spare_cores() -> int:
    """The cores beside the one that talks to the database; more than two of them it cannot keep busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, 2)


def _place(env: Mapping[str, str], name: str) -> str | Path | None:
    """An http or https URL, which may have a query, or the path of a file."""
    text = env.get(name)
    if not text:
        return None
    parts = _split(text)
    if parts.scheme in ("http", "https") and parts.netloc and not parts.fragment:
        return text
    if "://" not in text and Path(text).is_absolute():
        return Path(text)
    raise InvalidSetting(f"{name} must be an http or https URL, or the absolute path of a file")


def _web(env: Mapping[str, str], name: str) -> str | None:
    """An http or https URL, which may have a query."""
    text = env.get(name)
    if not text:
        return None
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        raise InvalidSetting(f"{name} must be an http or https URL without fragment")
    return text


def _split(url: str) -> SplitResult:
    """Empty where it is none at all, such as one with half an IPv6 address."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    url = (env.get(name) or default).rstrip("/")
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise InvalidSetting(f"{name} must be an absolute http or https URL without query or fragment")
    return url


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidSetting("CDC_TIMEZONE must be a name of the IANA time zone database") from None
