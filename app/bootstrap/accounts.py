"""The accounts of the console, as the command line manages them."""

from app.adapters.crypto.passwords import Argon2Passwords
from app.bootstrap.ground import Ground
from app.services.manage_accounts import ManageAccounts


def managing_accounts(ground: Ground) -> ManageAccounts:
    """Makes, renews and disables accounts."""
    return ManageAccounts(ground.units, Argon2Passwords(), ground.operator_log)
