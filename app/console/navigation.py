"""Which address shows which page, and who may open it."""

from starlette.routing import Route

from app.console.guard import open_to_all, signed_in
from app.console.rendering import assets
from app.console.routes import overview, preferences, sign_in

ROUTES = (
    Route("/static/{name}", assets().serve),
    Route("/preferences", open_to_all(preferences.choose), methods=["POST"]),
    Route("/sign-in", open_to_all(sign_in.form)),
    Route("/sign-in", open_to_all(sign_in.enter), methods=["POST"]),
    Route("/sign-out", signed_in(sign_in.leave, with_one_time_password=True), methods=["POST"]),
    Route("/password", signed_in(sign_in.password_form, with_one_time_password=True)),
    Route("/password", signed_in(sign_in.change, with_one_time_password=True), methods=["POST"]),
    Route("/overview", signed_in(overview.show)),
)
