"""What docs/storage.md says of the database is so."""

import re
from pathlib import Path

from app.adapters.db.tables import metadata

PAGE = Path(__file__).parents[2] / "docs" / "storage.md"


def test_every_table_is_described_and_no_other() -> None:
    described = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(metadata.tables)
