"""Reads an export, line by line."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

from app.log_verifier.note import PublicKey
from app.log_verifier.verify import Report, Verification


def verify_file(path: Path, keys: Sequence[PublicKey], outside: Sequence[str] = ()) -> Report:
    """Verifies an export, plain or gzip. Raises `NotVerified` (a checkpoint from outside), `OSError`."""
    verification = Verification(keys, outside)
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            verification.take(record)
            if verification.failure is not None:
                break
    return verification.finish()
