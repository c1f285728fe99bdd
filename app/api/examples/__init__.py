"""Examples of the OpenAPI document, one module a tag. All people are invented."""

from app.api.examples import (
    alerts,
    audit,
    changes,
    clients,
    consents,
    emergencies,
    erasure,
    index,
    match,
    oauth,
    operations,
    policy,
    records,
    stewardship,
)
from app.api.examples.shared import Examples

_BY_TAG = (
    match,
    index,
    stewardship,
    changes,
    erasure,
    records,
    oauth,
    clients,
    consents,
    policy,
    audit,
    alerts,
    emergencies,
    operations,
)

EXAMPLES: Examples = {operation: found for tag in _BY_TAG for operation, found in tag.EXAMPLES.items()}
