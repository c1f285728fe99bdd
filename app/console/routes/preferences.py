"""Language and colours: everybody's own, kept in the browser."""

from starlette.responses import Response

from app.console.catalogue import LANGUAGES
from app.console.cookies import LANGUAGE, THEME, THEMES, give_preference
from app.console.local_path import local_path
from app.console.visit import Visit


async def choose(visit: Visit) -> Response:
    """Keeps what was chosen, and leads back."""
    form = await visit.request.form()
    response = visit.go(local_path(form.get("next")))
    for name, field, choices in ((LANGUAGE, "language", LANGUAGES), (THEME, "theme", THEMES)):
        value = form.get(field)
        if isinstance(value, str) and value in choices:
            give_preference(response, name, value, visit.services.secure)
    return response
