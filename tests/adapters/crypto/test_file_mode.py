"""Keys that others can read are said, keys that others can change are refused."""

from pathlib import Path

import pytest

from app.adapters.crypto.file_mode import check_key_file
from app.adapters.crypto.keys import InvalidKeys


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_text("{}", "utf-8")
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440])
def test_a_file_of_its_owner_or_group_is_fine(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert check_key_file(file) is None


@pytest.mark.parametrize("mode", [0o644, 0o444, 0o604])
def test_a_file_that_everybody_can_read_is_said(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert "chmod 600" in (check_key_file(file) or "")


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602])
def test_a_file_that_others_can_change_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(InvalidKeys, match="can be changed by others"):
        check_key_file(file)


def test_a_read_only_mount_is_how_containers_get_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Sealed:
        f_flag = 1

    file.chmod(0o666)
    monkeypatch.setattr("os.statvfs", lambda _: Sealed)
    assert check_key_file(file) is None


def test_a_file_that_is_not_there_is_somebody_elses_to_say(tmp_path: Path) -> None:
    assert check_key_file(tmp_path / "missing") is None
