"""Templates: everything is escaped, and a name that is not there is an error, not an empty place."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.console.assets import Assets


@cache
def assets() -> Assets:
    """The files that pages refer to."""
    return Assets()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets().names
    return environment


def page(template: str, **values: Any) -> str:
    """A template, filled in."""
    return _environment().get_template(template).render(**values)
