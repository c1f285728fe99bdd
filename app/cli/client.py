"""`cdc client`."""

import asyncio
import json
from typing import Annotated

import typer

from app.bootstrap import operator_services
from app.cli.failures import explained, fail
from app.settings import read_settings

app = typer.Typer(help="Partner systems and administrators' tools.", no_args_is_help=True)
