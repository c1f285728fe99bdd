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
