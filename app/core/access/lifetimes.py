"""How long tokens live."""

from datetime import timedelta

from app.core.access.scope import Purpose

CLIENT_TOKEN = timedelta(seconds=900)
CUSTOMER_TOKEN = timedelta(seconds=300)
EMERGENCY_TOKEN = timedelta(seconds=120)
LONGEST = timedelta(hours=1)
"""No token of ours lives longer: whatever claims to is not ours."""

CLOCK_LEEWAY = timedelta(seconds=60)
"""How far the clocks of two of our hosts may differ: a token may be issued that far in the future."""


def customer_token_lifetime(purpose: Purpose) -> timedelta:
    """The life of a customer-bound token: an emergency's is shorter."""
    return EMERGENCY_TOKEN if purpose is Purpose.ETREAT else CUSTOMER_TOKEN
