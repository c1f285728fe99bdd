"""Scripts, styles and pictures, held in memory under names that change with their contents."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: its content, compressed too, and its media type."""

    content: bytes
    compressed: bytes
    media_type: str


class Assets:
    """Every file of `static/`. `names` gives the address of each by its file name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for file in resources.files("app.console").joinpath("static").iterdir():
            stem, _, ending = file.name.rpartition(".")
            if ending in MEDIA_TYPES:
                content = file.read_bytes()
                name = f"{stem}.{sha256(content).hexdigest()[:12]}.{ending}"
                self.names[file.name] = f"/console/static/{name}"
                self._assets[name] = Asset(content, gzip.compress(content, mtime=0), MEDIA_TYPES[ending])

    async def serve(self, request: Request) -> Response:
        """Answers `/static/{name}`; what a name stands for never changes."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            return Response(status_code=404)
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(asset.compressed, headers=headers, media_type=asset.media_type)
        return Response(asset.content, headers=headers, media_type=asset.media_type)
