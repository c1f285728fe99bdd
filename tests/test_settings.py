"""Settings of the Customer Data Center: passwords from files, and errors that never hold a value."""

from pathlib import Path

import pytest

from app.settings import InvalidSetting, read_settings

URL = "postgresql+asyncpg://cdc_service@db:5432/cdc?sslmode=require"


def test_the_password_of_the_database_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret/@:?#\n", encoding="utf-8")
    settings = read_settings({"CDC_DATABASE_URL": URL, "CDC_DATABASE_PASSWORD_FILE": str(file)})
    quoted = "s3cret%2F%40%3A%3F%23"
    assert settings.database_url == f"postgresql+asyncpg://cdc_service:{quoted}@db:5432/cdc?sslmode=require"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "url", ["", "sqlite:////tmp/cdc.db", "postgresql://db/cdc", "postgresql://user:own-secret@db/cdc"]
)
def test_a_password_file_needs_a_url_with_a_user_alone(tmp_path: Path, url: str) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret", encoding="utf-8")
    with pytest.raises(InvalidSetting, match="CDC_DATABASE_PASSWORD_FILE") as caught:
        read_settings({"CDC_DATABASE_URL": url, "CDC_DATABASE_PASSWORD_FILE": str(file)})
    assert "secret" not in str(caught.value)


def test_a_password_file_that_is_not_there(tmp_path: Path) -> None:
    given = {"CDC_DATABASE_URL": URL, "CDC_DATABASE_PASSWORD_FILE": str(tmp_path / "missing")}
    with pytest.raises(InvalidSetting, match="CDC_DATABASE_PASSWORD_FILE cannot be read"):
        read_settings(given)


@pytest.mark.parametrize("number", ["9" * 5000, "70000", "-1", "1e3", "٣"])
def test_a_number_that_cannot_be_is_named_and_never_repeated(number: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^CDC_PORT must be a whole number from 1 to 65535$"):
        read_settings({"CDC_PORT": number})


def test_sealing_is_on_unless_it_is_switched_off() -> None:
    assert read_settings({}).seal_seconds == 10
    assert read_settings({"CDC_SEAL_SECONDS": "0"}).seal_seconds == 0
    for wrong in ("-1", "3601", "1.5", "often"):
        with pytest.raises(InvalidSetting, match=r"^CDC_SEAL_SECONDS must be a whole number from 0 to 3600$"):
            read_settings({"CDC_SEAL_SECONDS": wrong})


@pytest.mark.parametrize("place", ["https://witness.example/add?log=1", "http://10.0.0.1:8080/"])
def test_checkpoints_are_published_to_a_url(place: str) -> None:
    assert read_settings({"CDC_CHECKPOINT_PUBLISH_URL": place}).checkpoint_publish == place


def test_checkpoints_are_published_to_a_file_or_nowhere() -> None:
    place = "/mnt/worm/checkpoint"
    assert read_settings({"CDC_CHECKPOINT_PUBLISH_URL": place}).checkpoint_publish == Path(place)
    for none in ({}, {"CDC_CHECKPOINT_PUBLISH_URL": ""}):
        assert read_settings(none).checkpoint_publish is None


@pytest.mark.parametrize(
    "place", ["ftp://host/x", "checkpoint", "https://", "https://host/#part", "file:///x"]
)
def test_a_place_that_takes_no_checkpoint_is_named_and_never_repeated(place: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^CDC_CHECKPOINT_PUBLISH_URL must be") as refused:
        read_settings({"CDC_CHECKPOINT_PUBLISH_URL": place})
    assert place not in str(refused.value)


def test_an_identity_provider_is_taken_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    given = {"CDC_OIDC_ISSUER": "https://id.example/", "CDC_OIDC_CLIENT_ID": "c"}
    with pytest.raises(InvalidSetting, match="needs CDC_OIDC_CLIENT_ID and CDC_OIDC_CLIENT_SECRET"):
        read_settings(given)
    given["CDC_OIDC_CLIENT_SECRET_FILE"] = str(tmp_path / "secret")
    found = read_settings(given).identity_provider
    assert found is not None
    assert (found.issuer, found.client_secret) == ("https://id.example/", "s3cret")
    assert ("auditor", "auditor") in found.roles
    assert "s3cret" not in repr(found)
    for roles in ("auditor", "x=king", "=auditor"):
        with pytest.raises(InvalidSetting, match="CDC_OIDC_ROLES"):
            read_settings({**given, "CDC_OIDC_ROLES": roles})
    assert read_settings({}).identity_provider is None
