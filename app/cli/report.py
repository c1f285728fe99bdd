"""`cdc audit report`."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from app.bootstrap.ground import open_ground
from app.bootstrap.reports import reporting_access
from app.cli.failures import explained
from app.services.register_customer import OPERATOR
from app.settings import read_settings


class Language(StrEnum):
    """Of the page."""

    ZH = "zh"
    EN = "en"


def report(
    customer_id: Annotated[str, typer.Argument(help="A master customer ID.")],
    language: Annotated[Language, typer.Option(help="Of the page.")] = Language.ZH,
    since: Annotated[datetime | None, typer.Option("--from", help="UTC, inclusive.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="UTC, exclusive.")] = None,
) -> None:
    """Who looked at this customer, when and why: a page to print, on standard output."""
    with explained():
        page = asyncio.run(_report(customer_id, _utc(since), _utc(until), language))
    typer.echo(page, nl=False)


async def _report(customer_id: str, since: datetime | None, until: datetime | None, language: str) -> str:
    async with open_ground(read_settings()) as ground:
        reports = reporting_access(ground)
        made = await reports.make.for_operator(customer_id, since, until, OPERATOR.client_id)
        return reports.write(made, language)


def _utc(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=UTC) if given else None
