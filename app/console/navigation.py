"""Which address shows which page, and who may open it."""

from starlette.routing import Route

from app.console.guard import open_to_all, signed_in
from app.console.rendering import assets
from app.console.routes import (
    consents,
    customers,
    emergencies,
    erasures,
    identity_changes,
    log,
    overview,
    partners,
    policy,
    preferences,
    reports,
    reviews,
    sign_in,
)
from app.core.access.scope import Scope

STEWARD = Scope.CUSTOMER_STEWARD
CONSENTS = Scope.CONSENT_WRITE

CLIENTS = Scope.CLIENT_ADMIN
LOG = (Scope.AUDIT_READ,)
JUDGES = Scope.POLICY_ADMIN
ERASE = Scope.DATA_ERASE
REPORT = (Scope.AUDIT_READ, STEWARD)

ROUTES = (
    Route("/static/{name}", assets().serve),
    Route("/preferences", open_to_all(preferences.choose), methods=["POST"]),
    Route("/sign-in", open_to_all(sign_in.form)),
    Route("/sign-in", open_to_all(sign_in.enter), methods=["POST"]),
    Route("/sign-in/elsewhere", open_to_all(sign_in.go_elsewhere)),
    Route("/sign-in/return", open_to_all(sign_in.come_back)),
    Route("/sign-out", signed_in(sign_in.leave, with_one_time_password=True), methods=["POST"]),
    Route("/password", signed_in(sign_in.password_form, with_one_time_password=True)),
    Route("/password", signed_in(sign_in.change, with_one_time_password=True), methods=["POST"]),
    Route("/overview", signed_in(overview.show)),
    Route("/reviews", signed_in(reviews.queue, STEWARD)),
    Route("/reviews/{review_id}", signed_in(reviews.case, STEWARD)),
    Route("/reviews/{review_id}/disclosure", signed_in(reviews.masked_again, STEWARD)),
    Route("/reviews/{review_id}/disclosure", signed_in(reviews.disclose, STEWARD), methods=["POST"]),
    Route("/reviews/{review_id}/decision", signed_in(reviews.decide, STEWARD), methods=["POST"]),
    Route("/reviews/{review_id}/reopening", signed_in(reviews.reopen, STEWARD), methods=["POST"]),
    Route("/reviews/{review_id}/assignment", signed_in(reviews.assign, STEWARD), methods=["POST"]),
    Route("/alerts/{alert_id}", signed_in(overview.acknowledge, *LOG), methods=["POST"]),
    Route("/overview/check", signed_in(overview.check, *LOG), methods=["POST"]),
    Route("/partners", signed_in(partners.table, CLIENTS)),
    Route("/new-partner", signed_in(partners.form, CLIENTS)),
    Route("/new-partner", signed_in(partners.create, CLIENTS), methods=["POST"]),
    Route("/partners/{client_id}", signed_in(partners.detail, CLIENTS)),
    Route("/partners/{client_id}/secret", signed_in(partners.rotate, CLIENTS), methods=["POST"]),
    Route("/partners/{client_id}/keys", signed_in(partners.replace_keys, CLIENTS), methods=["POST"]),
    Route("/partners/{client_id}/suspend", signed_in(partners.suspend, CLIENTS), methods=["POST"]),
    Route("/partners/{client_id}/activate", signed_in(partners.activate, CLIENTS), methods=["POST"]),
    Route("/policy", signed_in(policy.show)),
    Route("/log", signed_in(log.table, *LOG)),
    Route("/log/follow", signed_in(log.follow, *LOG, by_itself=True)),
    Route("/log/export", signed_in(log.export, *LOG)),
    Route("/log/clients/{client_id}", signed_in(log.activity, *LOG)),
    Route("/log/{event_id}", signed_in(log.detail, *LOG)),
    Route("/log/{event_id}", signed_in(log.disclose, *LOG), methods=["POST"]),
    Route("/emergencies", signed_in(emergencies.table, *LOG)),
    Route("/emergencies/{event_id}", signed_in(emergencies.detail, *LOG)),
    Route("/emergencies/{event_id}", signed_in(emergencies.disclose, *LOG), methods=["POST"]),
    Route("/emergencies/{event_id}/verdict", signed_in(emergencies.judge, JUDGES), methods=["POST"]),
    Route("/erasures", signed_in(erasures.table, ERASE)),
    Route("/erasures", signed_in(erasures.request, ERASE), methods=["POST"]),
    Route("/erasures/{erasure_id}", signed_in(erasures.detail, ERASE, STEWARD)),
    Route("/erasures/{erasure_id}/confirmation", signed_in(erasures.confirm, ERASE), methods=["POST"]),
    Route("/customers", signed_in(customers.search, STEWARD)),
    Route("/customers", signed_in(customers.find, STEWARD), methods=["POST"]),
    Route("/customers/look-up", signed_in(customers.look_up, STEWARD), methods=["POST"]),
    Route("/customers/{customer_id}", signed_in(customers.customer, STEWARD)),
    Route("/customers/{customer_id}/disclosure", signed_in(customers.masked_again, STEWARD)),
    Route("/customers/{customer_id}/disclosure", signed_in(customers.disclose, STEWARD), methods=["POST"]),
    Route("/customers/{customer_id}/merge", signed_in(identity_changes.preview_merge, STEWARD)),
    Route("/customers/{customer_id}/merge", signed_in(identity_changes.merge, STEWARD), methods=["POST"]),
    Route(
        "/customers/{customer_id}/merge/disclosure",
        signed_in(identity_changes.disclose_merge, STEWARD),
        methods=["POST"],
    ),
    Route("/customers/{customer_id}/merge/disclosure", signed_in(customers.masked_again, STEWARD)),
    Route("/customers/{customer_id}/split", signed_in(identity_changes.preview_split, STEWARD)),
    Route("/customers/{customer_id}/split", signed_in(identity_changes.split, STEWARD), methods=["POST"]),
    Route(
        "/customers/{customer_id}/split/disclosure",
        signed_in(identity_changes.disclose_split, STEWARD),
        methods=["POST"],
    ),
    Route("/customers/{customer_id}/split/disclosure", signed_in(customers.masked_again, STEWARD)),
    Route("/customers/{customer_id}/erasure", signed_in(erasures.request_of, STEWARD), methods=["POST"]),
    Route("/customers/{customer_id}/access-report", signed_in(reports.of_customer, *REPORT)),
    Route("/customers/{customer_id}/consents", signed_in(consents.record, CONSENTS), methods=["POST"]),
    Route(
        "/customers/{customer_id}/consents/{consent_id}/withdrawal",
        signed_in(consents.withdraw, CONSENTS),
        methods=["POST"],
    ),
    Route(
        "/customers/{customer_id}/merges/{merge_id}/undo",
        signed_in(customers.undo_merge, STEWARD),
        methods=["POST"],
    ),
)
