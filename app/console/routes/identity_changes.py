"""Merge and split with a preview: what the golden record will be, and what moves."""

from uuid import UUID

from starlette.responses import Response

from app.console.review_query import identifier
from app.console.routes.consents import HOME
from app.console.routes.customers import golden_values, people
from app.console.routes.reviews import Comparison
from app.console.side_by_side import Person, side_by_side
from app.console.visit import Visit
from app.console.waterfall import waterfall
from app.core.index.customer import SourceRecord
from app.services.preview_change import MergePreview

_LONGEST = 500


async def preview_merge(visit: Visit) -> Response:
    """`with` is who would be retired."""
    return await _show_merge(visit, disclose=False)


async def disclose_merge(visit: Visit) -> Response:
    """The same in clear."""
    return await _show_merge(visit, disclose=True)


async def merge(visit: Visit) -> Response:
    """Does it."""
    form = await visit.request.form()
    survivor, retired = visit.request.path_params["customer_id"], str(form.get("retired") or "").strip()
    reason = str(form.get("reason") or "").strip()[:_LONGEST]
    done = await visit.services.merge_customers.merge(survivor, retired, reason, visit.caller)
    return visit.go(f"{HOME}/{survivor}?merge={done.merge_id}")


async def preview_split(visit: Visit) -> Response:
    """`record` names each record that would leave."""
    return await _show_split(visit, disclose=False)


async def disclose_split(visit: Visit) -> Response:
    """The same in clear."""
    return await _show_split(visit, disclose=True)


async def split(visit: Visit) -> Response:
    """Does it."""
    form = await visit.request.form()
    customer_id = visit.request.path_params["customer_id"]
    chosen = {found for text in form.getlist("record") if (found := identifier(text)) is not None}
    preview = await visit.services.preview_change.split(customer_id, chosen, visit.caller, disclose=False)
    reason = str(form.get("reason") or "").strip()[:_LONGEST]
    leaving = [record.local for record in preview.leaving]
    done = await visit.services.split_customer(customer_id, leaving, reason, visit.caller)
    return visit.go(f"{HOME}/{customer_id}?split={done.new_id}")


async def _show_merge(visit: Visit, *, disclose: bool) -> Response:
    survivor = visit.request.path_params["customer_id"]
    retired = visit.request.query_params.get("with", "").strip()
    preview = await visit.services.preview_change.merge(survivor, retired, visit.caller, disclose=disclose)
    return visit.show(
        "merge.html",
        here="customers",
        preview=preview,
        pair=_pair(visit, preview, clear=disclose),
        after=golden_values(visit, preview.after, clear=disclose),
        moving=people(visit, preview.moving, clear=disclose),
        clear=disclose,
    )


async def _show_split(visit: Visit, *, disclose: bool) -> Response:
    customer_id = visit.request.path_params["customer_id"]
    chosen = _chosen(visit)
    preview = await visit.services.preview_change.split(customer_id, chosen, visit.caller, disclose=disclose)
    return visit.show(
        "split.html",
        here="customers",
        preview=preview,
        stays=golden_values(visit, preview.stays, clear=disclose),
        leaves=golden_values(visit, preview.leaves, clear=disclose),
        leaving=people(visit, preview.leaving, clear=disclose),
        query="&".join(f"record={record.record_id}" for record in preview.leaving),
        clear=disclose,
    )


def _chosen(visit: Visit) -> set[UUID]:
    asked = visit.request.query_params.getlist("record")
    return {found for text in asked if (found := identifier(text)) is not None}


def _pair(visit: Visit, preview: MergePreview, *, clear: bool) -> Comparison:
    best = preview.comparison.record.given
    right = next(record for record in preview.staying if record.given == best)
    left = preview.moving[0]
    lines = side_by_side(_person(visit, left), _person(visit, right), clear=clear)
    return Comparison(left, right, lines, waterfall(preview.comparison))


def _person(visit: Visit, record: SourceRecord) -> Person:
    return Person(record.given, visit.services.understand(record.given))
