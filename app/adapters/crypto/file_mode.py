"""Who besides us may read or change a file of keys."""

import os
from pathlib import Path

from app.adapters.crypto.keys import InvalidKeys


def check_key_file(path: Path) -> str | None:
    """What is wrong with the file's mode, where everybody can read it: to be said, and mended.

    On a read-only mount there is nothing to mend: so do containers get their secrets, as a rule with mode
    0444, and nobody else lives there. Raises `InvalidKeys` where others may change the file: whoever can put
    keys of their own there signs tokens.
    """
    try:
        mode = path.stat().st_mode
        sealed = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return None  # reading it will say more
    if sealed:
        return None
    if mode & 0o022:
        raise InvalidKeys(
            f"the key file {path} can be changed by others than its owner; run: chmod 600 {path}"
        )
    if mode & 0o004:
        return f"the key file {path} can be read by everybody on this machine; run: chmod 600 {path}"
    return None
