"""Where checkpoints are shown."""

from pathlib import Path

import httpx
import pytest

from app.adapters.checkpoints.file_place import FilePlace
from app.adapters.checkpoints.http_place import HttpPlace
from app.adapters.crypto.checkpoint_signer import NoteSigner, verifier_keys
from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import key_ring
from app.log_verifier.note import open_note, read_key
from app.services.log_ports import CheckpointNotPublished

SIGNER = NoteSigner(key_ring(generate_keys()).checkpoint)


def note(size: int, root: bytes = b"\1" * 32) -> str:
    return SIGNER.sign(size, root)


async def test_the_newest_checkpoint_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "made" / "checkpoint"
    place = FilePlace(path)
    for size in (1, 2, 2):
        await place.publish(note(size))
        assert path.read_text(encoding="utf-8") == note(size)
    assert [found.name for found in path.parent.iterdir()] == ["checkpoint"]


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (note(3), "3 events"),
        (note(2, b"\2" * 32), "another root"),
        (note(2).replace(SIGNER.origin, "another"), "another log"),
        ("something else", "no checkpoint"),
    ],
)
async def test_evidence_is_never_overwritten(tmp_path: Path, there: str, why: str) -> None:
    path = tmp_path / "checkpoint"
    path.write_text(there, encoding="utf-8")
    with pytest.raises(CheckpointNotPublished, match=why):
        await FilePlace(path).publish(note(2))
    assert path.read_text(encoding="utf-8") == there


async def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointNotPublished, match="cannot write"):
        await FilePlace(tmp_path / "file" / "checkpoint").publish(note(1))


@pytest.mark.parametrize("status", [200, 201, 204, 302, 403, 500])
async def test_a_web_server_is_sent_the_note(status: int) -> None:
    seen: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        place = HttpPlace(http, "https://witness.example/log?secret=geheim")
        if status < 300:
            await place.publish(note(7))
        else:
            with pytest.raises(CheckpointNotPublished, match=str(status)) as refused:
                await place.publish(note(7))
            assert "geheim" not in str(refused.value)
    assert "geheim" not in repr(place)
    assert (seen[0].method, seen[0].content.decode()) == ("PUT", note(7))


async def test_a_web_server_that_is_away() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("geheim")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        with pytest.raises(CheckpointNotPublished, match="ConnectError"):
            await HttpPlace(http, "https://witness.example").publish(note(7))


def test_the_note_is_one_that_the_verifier_takes() -> None:
    (key,) = key_ring(generate_keys()).checkpoint
    (vkey,) = verifier_keys([key])
    head = open_note(NoteSigner([key]).sign(5, b"\3" * 32), [read_key(vkey)])
    assert (head.size, head.root) == (5, b"\3" * 32)
