"""What the services refuse, as a page: one table from error to status."""

from starlette.responses import Response

from app.console.visit import Visit
from app.services import errors
from app.services.errors import Refusal
from app.services.ports import Conflict, StorageUnavailable
from app.services.tree_reader import LogDamaged

_STATUS: dict[type[Exception], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.AlreadyExists: (409, "already_exists"),
    errors.NotPossible: (409, "not_possible"),
    errors.CustomerMoved: (409, "not_possible"),
    errors.CustomerErased: (410, "customer_erased"),
    errors.VersionMismatch: (409, "changed_meanwhile"),
    errors.SourceSystemNotAllowed: (403, "insufficient_scope"),
    errors.OwnAccess: (403, "own_access"),
    errors.OperatorOnly: (403, "operator_only"),
    errors.SecondClientNeeded: (403, "second_person_needed"),
    errors.InvalidRequest: (422, "invalid_input"),
    Conflict: (409, "changed_meanwhile"),
    LogDamaged: (500, "log_damaged"),
    StorageUnavailable: (503, "storage_unavailable"),
}


def refused(visit: Visit, error: Refusal | StorageUnavailable | Conflict | LogDamaged) -> Response:
    """A page that says what to do; what a service says of it stands below in its own words."""
    status, code = _STATUS.get(type(error), (400, "refused"))
    detail = error.detail if isinstance(error, Refusal) else None
    return visit.show("error.html", status, code=code, detail=detail, previous=visit.came_from)
