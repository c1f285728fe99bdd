"""What a reader of the contracts may rely on."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

OPEN = {
    "jwks", "authorization_server_metadata", "healthz", "readyz", "metrics",
    "issue_token", "introspect_token", "revoke_token",
}  # fmt: skip
PROBLEM = "application/problem+json"


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def test_it_is_openapi_3_1_with_a_licence(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert document["servers"]


def test_operation_ids_are_unique_and_named_like_functions(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z_]*", found) for found in ids)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(document)))
    assert references
    assert all(name in document["components"][kind] for kind, name in references)


def test_every_operation_says_who_may_call_it(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"].keys()
    for operation in operations(document):
        needed = {scheme for requirement in operation["security"] for scheme in requirement}
        assert needed <= schemes
        assert needed or operation["operationId"] in OPEN, operation["operationId"]
        if "client_token" in needed:
            assert operation["x-required-scopes"], operation["operationId"]


def test_every_guarded_operation_declares_401_and_403(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if {} not in operation["security"] and operation["security"]:
            assert {"401", "403"} <= operation["responses"].keys(), operation["operationId"]


def test_every_body_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    for operation in operations(document):
        contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        contents += [response.get("content", {}) for response in operation["responses"].values()]
        for media_type, media in (item for content in contents for item in content.items()):
            assert media.get("examples") or media_type == "text/plain", operation["operationId"]


def test_problems_are_defined_once(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            assert PROBLEM not in response.get("content", {}), (operation["operationId"], status)
    for response in document["components"]["responses"].values():
        media = response["content"][PROBLEM]
        assert media["schema"] == {"$ref": "#/components/schemas/ProblemOut"}
        assert all(example["value"]["code"] == name for name, example in media["examples"].items())


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    shared = list(document["components"]["responses"].values())
    for operation in operations(document):
        for place in (operation.get("requestBody", {}), *operation["responses"].values(), *shared):
            for media in place.get("content", {}).values():
                schema = {**media.get("schema", {}), "components": document["components"]}
                validator = jsonschema_rs.Draft202012Validator(schema)
                for name, example in media.get("examples", {}).items():
                    faults = [fault.message for fault in validator.iter_errors(example["value"])]
                    assert not faults, (operation["operationId"], name, faults)
