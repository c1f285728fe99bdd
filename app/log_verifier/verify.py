"""Verifies an exported log record by record, in one pass and constant memory.

The records of an export, one JSON object a line (docs/audit.md has the format in full):

    {"type": "log", "format": 1, "size": N, "edge": [base64, …]}       first: where the export begins
    {"type": "leaf", "index": i, "event_id": "…", "hash": base64, "event": {…} or null}
    {"type": "checkpoint", "note": "…"}                                behind the last leaf it covers
"""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.log_verifier.note import Head, NotVerified, PublicKey, open_note
from app.log_verifier.retention import Retained
from app.log_verifier.tree import Tree

FORMAT = 1

_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


@dataclass(frozen=True, slots=True)
class Report:
    """`failure` is None where everything holds. Counts are of what was looked at until then.

    `retained_from`: the log itself says that `dropped` events from before this time were dropped, their
    retention over; of them the leaves alone are proved. `events` does not count them.
    """

    failure: str | None
    events: int
    dropped: int
    retained_from: datetime | None
    checkpoints: int
    size: int
    root: bytes


class Verification:
    """Takes the records in their order; `finish` reports. The first failure stays, and ends the checking."""

    def __init__(self, keys: Sequence[PublicKey], outside: Sequence[str] = ()) -> None:
        """`outside`: notes that were kept out of the log's owner's reach. Raises `NotVerified` for one that
        the keys did not sign."""
        self._keys = keys
        self._outside = sorted((open_note(note, keys) for note in outside), key=lambda head: head.size)
        self._tree: Tree | None = None
        self._proved = 0
        self._events = self._checkpoints = 0
        self._suspect: str | None = None
        self._retained = Retained()
        self.failure: str | None = None

    def take(self, record: Mapping[str, Any]) -> None:
        """The next record."""
        if self.failure is not None:
            return
        try:
            self._take(record)
        except NotVerified as found:
            self.failure = str(found)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.failure = f"the export is damaged behind {self._where()}: a record is not as documented"

    def finish(self) -> Report:
        """What was found."""
        tree = self._tree or Tree()
        if self.failure is None:
            self.failure = self._unfinished(tree)
        dropped, since = self._retained.dropped, self._retained.since
        return Report(self.failure, self._events, dropped, since, self._checkpoints, tree.size, tree.root())

    def _take(self, record: Mapping[str, Any]) -> None:
        kind = record["type"]
        if self._tree is None:
            if kind != "log" or record["format"] != FORMAT:
                raise NotVerified(f"not an export of format {FORMAT}")
            self._begin(Tree(record["size"], tuple(_hash(text) for text in record["edge"])))
        elif kind == "leaf":
            self._leaf(record, self._tree)
        elif kind == "checkpoint":
            self._checkpoint(open_note(record["note"], self._keys), self._tree)
        else:
            raise NotVerified(f"the export is damaged behind {self._where()}: a record of an unknown type")

    def _begin(self, tree: Tree) -> None:
        self._tree, self._proved = tree, tree.size
        if tree.size:
            # Nothing is known of the leaves before: the first checkpoint must vouch for them.
            self._proved = -1
        if self._outside and self._outside[0].size < tree.size:
            raise NotVerified(
                f"the checkpoint from outside has {self._outside[0].size} events, and the export begins"
                f" only behind {tree.size}: export from the beginning"
            )
        self._compare_with_outside(tree)

    def _leaf(self, record: Mapping[str, Any], tree: Tree) -> None:
        if record["index"] != tree.size:
            raise NotVerified(
                f"leaf {tree.size} is missing: leaf {record['index']} comes behind {self._where()}"
            )
        if self._proved < 0:
            raise NotVerified("the export begins without the checkpoint of its beginning")
        leaf, event = _hash(record["hash"]), record["event"]
        if event is None:
            self._retained.missing(record["event_id"], _named(record))
        else:
            self._events += 1
            if self._suspect is None:
                self._suspect = _fault(record, leaf, event)
            if event["kind"] == "retention":
                self._retained.declared(event)
        tree.add(leaf)
        self._compare_with_outside(tree)

    def _checkpoint(self, head: Head, tree: Tree) -> None:
        if head.size != tree.size:
            raise NotVerified(
                f"a checkpoint of {head.size} events stands behind {tree.size}: {self._interval(tree)}"
            )
        if head.root != tree.root():
            suspect = f"; {self._suspect}" if self._suspect else ""
            raise NotVerified(f"{self._interval(tree)} are not those that were signed{suspect}")
        if self._suspect is not None:
            raise NotVerified(
                f"{self._suspect} (its leaf hash is the one that was signed; {self._interval(tree)})"
            )
        self._retained.proved(self._interval(tree))
        self._proved = tree.size
        self._checkpoints += 1

    def _compare_with_outside(self, tree: Tree) -> None:
        while self._outside and self._outside[0].size == tree.size:
            if self._outside.pop(0).root != tree.root():
                raise NotVerified(
                    f"history was rewritten: the checkpoint from outside has another root at {tree.size}"
                )

    def _unfinished(self, tree: Tree) -> str | None:
        if self._tree is None:
            return "the export is empty"
        if tree.size != self._proved:
            return f"{self._interval(tree)} have no checkpoint: the end of the export is missing"
        if (unexplained := self._retained.unexplained()) is not None:
            return unexplained
        if self._outside:
            size = self._outside[-1].size
            return (
                f"the log was cut back: it ends at {tree.size} events, the checkpoint from outside has {size}"
            )
        return None

    def _interval(self, tree: Tree) -> str:
        return f"the leaves from {max(self._proved, 0)} to {tree.size - 1}"

    def _where(self) -> str:
        return f"leaf {self._tree.size - 1}" if self._tree else "the beginning"


def _named(record: Mapping[str, Any]) -> str:
    return f"event {record['event_id']} at leaf {record['index']}"


def _fault(record: Mapping[str, Any], leaf: bytes, event: Mapping[str, Any]) -> str | None:
    named = _named(record)
    if event["event_id"] != record["event_id"]:
        return f"{named} was exchanged for another"
    if sha256(b"\x00" + _canonical(event).encode()).digest() != leaf:
        return f"{named} was changed"
    return None


def _hash(text: str) -> bytes:
    found = b64decode(text, validate=True)
    if len(found) != 32:
        raise ValueError("a hash has 32 bytes")
    return found
