"""The use cases around erasures, which the service and the command line share."""

from app.adapters.erasures.file_register import FileRegister
from app.bootstrap.ground import Ground
from app.bootstrap.index import stewarding
from app.services.erase_customer import EraseCustomer
from app.services.keep_erased import Erasures, KeepErased
from app.services.reapply_erasures import ReapplyErasures
from app.services.stewardship import Stewardship


def erasing(ground: Ground, stewardship: Stewardship) -> Erasures:
    """Erases customers, enters them into the register, and applies it for as long as a worker serves."""
    register = FileRegister(ground.settings.erasure_files)
    return Erasures(EraseCustomer(stewardship, register), keeping_erased(ground, stewardship))


def reapplying(ground: Ground, stewardship: Stewardship | None = None) -> ReapplyErasures:
    """Applies the register to the database. `stewardship`: the service's, if one is at work here."""
    whose = stewarding(ground) if stewardship is None else stewardship
    return ReapplyErasures(whose, FileRegister(ground.settings.erasure_files))


def keeping_erased(ground: Ground, stewardship: Stewardship) -> KeepErased:
    """Applies it for as long as a worker serves."""
    return KeepErased(reapplying(ground, stewardship), ground.database.ping)
