"""Settings: defaults, derived URLs, and errors that name the variable and never its value."""

from pathlib import Path

import pytest

from app.health_data_center.settings import SettingsError, load

BASE = {"HDC_CLIENT_SECRET": "top-secret"}


def test_defaults_follow_from_the_ports() -> None:
    settings = load(BASE | {"CDC_PORT": "9000", "HDC_PORT": "9100"})
    assert settings.cdc_url == settings.issuer == "http://127.0.0.1:9000"
    assert settings.records_audience == "http://127.0.0.1:9000/records"
    assert settings.public_url == "http://127.0.0.1:9100"
    assert settings.client_id == "hdc"
    assert settings.storage.database_url.drivername == "sqlite+aiosqlite"
    assert settings.storage.keys_file == Path("var/hdc-keys.json")


def test_urls_lose_their_slash() -> None:
    settings = load(
        BASE
        | {
            "HDC_CDC_URL": "http://cdc:8000/",
            "CDC_PUBLIC_URL": "https://id.example/",
            "CDC_HDC_URL": "https://h/",
        }
    )
    assert (settings.cdc_url, settings.issuer) == ("http://cdc:8000", "https://id.example")
    assert settings.public_url == "https://h"
    assert load(BASE | {"HDC_PUBLIC_URL": "https://p", "CDC_HDC_URL": "https://h"}).public_url == "https://p"


def test_postgresql_gets_its_driver() -> None:
    storage = load(BASE | {"HDC_DATABASE_URL": "postgresql://u:pw@db/hdc"}).storage
    assert storage.database_url.drivername == "postgresql+asyncpg"
    assert not storage.embedded


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from-file\n")
    assert load({"HDC_CLIENT_SECRET_FILE": str(path)}).client_secret == "from-file"


def test_no_secret_in_a_repr() -> None:
    assert "top-secret" not in repr(load(BASE))
    assert "topkey" not in repr(load(BASE | {"HDC_KEYS": "topkey"}))


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "HDC_CLIENT_SECRET"),
        ({"HDC_CLIENT_SECRET_FILE": "/nonexistent"}, "HDC_CLIENT_SECRET_FILE"),
        (BASE | {"HDC_PORT": "zzz"}, "HDC_PORT"),
        (BASE | {"HDC_PORT": "70000"}, "HDC_PORT"),
        (BASE | {"CDC_PORT": "-zzz"}, "CDC_PORT"),
        (BASE | {"HDC_CDC_URL": "ftp://zzz"}, "HDC_CDC_URL"),
        (BASE | {"HDC_CDC_URL": "http://zzz:99999"}, "HDC_CDC_URL"),
        (BASE | {"HDC_PUBLIC_URL": "zzz"}, "HDC_PUBLIC_URL"),
        (BASE | {"CDC_HDC_URL": "http://zzz/?a=b"}, "CDC_HDC_URL"),
        (BASE | {"CDC_PUBLIC_URL": "http://user:zzz@host"}, "CDC_PUBLIC_URL"),
        (BASE | {"HDC_TRUSTED_PROXIES": "10.0.0.1, zzz"}, "HDC_TRUSTED_PROXIES"),
        (BASE | {"HDC_TRUSTED_PROXIES": "*"}, "HDC_TRUSTED_PROXIES"),
        (BASE | {"HDC_DATABASE_URL": "zzz"}, "HDC_DATABASE_URL"),
        (BASE | {"HDC_DATABASE_URL": "mysql://u:zzz@db/x"}, "HDC_DATABASE_URL"),
    ],
)
def test_errors_name_the_variable(environ: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=name) as failed:
        load(environ)
    assert "zzz" not in str(failed.value)


def test_the_password_of_the_database_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret/@:\n", encoding="utf-8")
    given = {"HDC_DATABASE_URL": "postgresql://hdc_service@db/hdc", "HDC_DATABASE_PASSWORD_FILE": str(file)}
    settings = load(BASE | given)
    assert settings.storage.database_url.password == "s3cret/@:"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("url", ["sqlite:////tmp/hdc.db", "postgresql://db/hdc", "postgresql://u:own@db/hdc"])
def test_a_password_file_needs_a_url_with_a_user_alone(tmp_path: Path, url: str) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret", encoding="utf-8")
    with pytest.raises(SettingsError, match="HDC_DATABASE_PASSWORD_FILE needs"):
        load(BASE | {"HDC_DATABASE_URL": url, "HDC_DATABASE_PASSWORD_FILE": str(file)})


def test_proxies_are_trusted_by_name_alone() -> None:
    assert load(BASE).trusted_proxies == ()
    named = load(BASE | {"HDC_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16,::1"})
    assert named.trusted_proxies == ("10.0.0.1", "10.1.0.0/16", "::1")
