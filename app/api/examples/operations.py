"""Examples: probes."""

from app.api.examples.shared import Examples

EXAMPLES: Examples = {
    "healthz": {"200": {"alive": {"status": "ok"}}},
    "readyz": {"200": {"ready": {"status": "ready"}}},
}
