"""A file's content as its bytes come in, plain or gzip. Nothing is held but what one step unpacks."""

import zlib
from collections.abc import Iterator

_AT_ONCE = 1024 * 1024
MOST_UNPACKED = 16 * 1024**3
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31


class DamagedFile(Exception):  # noqa: N818 - a state of the file
    """The file ends or breaks in the middle; says how."""


class Unpacking:
    """gzip, where the file begins as gzip does: any number of members, never much unpacked at once."""

    def __init__(self) -> None:
        self._head = b""
        self._packed: bool | None = None
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._given = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What this piece holds, unpacked where the file is packed. Raises `DamagedFile`."""
        if self._packed is None:
            self._head += piece
            if len(self._head) < len(_GZIP):
                return
            piece, self._head = self._head, b""
            self._packed = piece.startswith(_GZIP)
        if not self._packed:
            yield piece
            return
        try:
            yield from self._unpacked(piece)
        except zlib.error:
            raise DamagedFile("the gzip stream is damaged or ends early") from None

    def finish(self) -> None:
        """The end of the file. Raises `DamagedFile` where the stream is not at its end."""
        if self._packed and not self._member.eof:
            raise DamagedFile("the gzip stream is damaged or ends early")

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._member.eof:
                if not piece.strip(b"\0"):  # what tapes and disks fill up with
                    return
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            before = self._member.copy()
            try:
                content = self._member.decompress(piece, _AT_ONCE)
            except zlib.error:
                yield _up_to_the_damage(before, piece)
                raise
            self._given += len(content)
            if self._given > MOST_UNPACKED:
                raise DamagedFile(f"the gzip stream holds more than {MOST_UNPACKED} bytes")
            yield content
            piece = self._member.unconsumed_tail or self._member.unused_data


def _up_to_the_damage(member: "zlib._Decompress", piece: bytes) -> bytes:
    """What can still be unpacked: zlib gives nothing of a piece that has damage anywhere in it."""
    content = bytearray()
    for start in range(len(piece)):
        try:
            content += member.decompress(piece[start : start + 1])
        except zlib.error:
            break
    return bytes(content)
