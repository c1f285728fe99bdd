"""Pages to print: everything in them, no script, nothing to fetch."""

from base64 import b64encode
from hashlib import sha256

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #111; background: #fff; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-size: 13px }
caption { text-align: left; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #ccc }
thead { display: table-header-group }
tr { break-inside: avoid }
h2 { font-size: 15px; margin: 1.4rem 0 .4rem }
.number { text-align: right; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dl > div { display: contents }
dd { margin: 0 }
@page { size: A4 landscape; margin: 14mm }
@media print { body { margin: 0; max-width: none; padding: 0 } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy under which the page shows as it should."""
