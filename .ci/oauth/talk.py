"""Serves a center from a scratch folder and has clients from npm talk to it: see clients.js."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

BIN = Path(sys.executable).parent
KEY_ID = "keyed-1"


def talk(folder: Path) -> int:
    """The exit status of the clients' tests; prints their report only if one failed."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))}
    places = {"CDC_DATA_DIR": str(folder), "CDC_PORT": str(free_port()), "HDC_PORT": str(free_port())}
    environment = {**given, **places}
    run(environment, "init")
    private_key = make_key(folder)
    partner = ("--scopes", "customer:match customer:read", "--source-systems", "all")
    known = {
        "issuer": f"http://127.0.0.1:{places['CDC_PORT']}",
        "hdc": f"http://127.0.0.1:{places['HDC_PORT']}",
        "partner": client(environment, "partner", *partner),
        "keyed": client(environment, "keyed", *partner, "--jwks", str(folder / "jwks.json")),
        "server": client(environment, "hdc", "--scopes", "token:introspect token:exchange"),
        "privateKey": private_key,
        "keyId": KEY_ID,
    }
    with serving(environment, known["issuer"], folder / "cdc.log"):
        done = subprocess.run(
            ["node", "--test-reporter=spec", Path(__file__).with_name("clients.js")],  # noqa: S607
            input=json.dumps(known),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
    passed = next((line for line in done.stdout.splitlines() if line.startswith("ℹ pass ")), "ℹ pass 0")
    if done.returncode or passed == "ℹ pass 0":
        print(done.stdout)
        return 1
    print(f"{passed.removeprefix('ℹ pass ')} conversations with openid-client and oauth4webapi: as agreed")
    return 0


def make_key(folder: Path) -> str:
    """Writes `jwks.json`; the private key to it as PKCS #8 in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = {**ECKey.import_key(pem).as_dict(private=False), "kid": KEY_ID}
    (folder / "jwks.json").write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    return pem.decode()


def client(environment: Mapping[str, str], client_id: str, *options: str) -> dict[str, str]:
    """Registers a client; its ID and, unless it has keys, its secret."""
    made = run(environment, "client", "create", "--client-id", client_id, *options, "--json")
    found: dict[str, str] = json.loads(made)
    return found


def run(environment: Mapping[str, str], *command: str) -> str:
    """The output of a `cdc` command."""
    return subprocess.run(
        [BIN / "cdc", *command], env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=60
    ).stdout


@contextmanager
def serving(environment: Mapping[str, str], url: str, log: Path) -> Iterator[None]:
    """The center, from ready to stopped."""
    with log.open("wb") as out:
        service = subprocess.Popen([BIN / "cdc", "serve"], env=environment, stdout=out, stderr=out)
    try:
        wait_until_ready(url, service, log)
        yield
    finally:
        service.terminate()
        service.wait(30)


def wait_until_ready(url: str, service: "subprocess.Popen[bytes]", log: Path) -> None:
    """Returns once it answers; ends everything, with its log, if it never does."""
    for _ in range(300):
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        if service.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(log.read_text())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(talk(Path(scratch)))
