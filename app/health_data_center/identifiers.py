"""New identifiers: time-ordered UUIDs (RFC 9562, version 7), so that rows are appended and not scattered."""

import secrets
import time
import uuid


def uuid7() -> str:
    """48 bits of Unix time in milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
