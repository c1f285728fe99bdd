"""Where a page may lead on to: nowhere but the console."""

import re

HOME = "/console/overview"
_LOCAL = re.compile(r"/console/[A-Za-z0-9/_-]*(?:\?[A-Za-z0-9=&%._:+-]*)?")


def local_path(wanted: object) -> str:
    """The address if it is one of the console, else its first page."""
    return wanted if isinstance(wanted, str) and _LOCAL.fullmatch(wanted) else HOME
