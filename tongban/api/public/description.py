"""The OpenAPI description: what every operation may answer beside its own, and the values that refer to themselves."""

from collections.abc import Iterator
from typing import Any, Final

from tongban.api.public.problems import MEDIA_TYPE, STATUSES
from tongban.api.public.shapes.values import PLAIN, PLAIN_OBJECT, REFERS
from tongban.base.words import say

METHODS: Final = frozenset({"get", "post", "put", "delete"})
PROBLEM: Final[dict[str, Any]] = {
    "description": "RFC 9457 problem; reason is the code to be relied on",
    "type": "object",
    "required": ["type", "title", "status", "detail", "reason"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string"},
        "head": {"type": "integer"},
        "changed": {"type": "string"},
        "retry_after": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "reason": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what each operation is called, the problems that it may answer, and the components the shapes refer to."""
    schemas = schema["components"].setdefault("schemas", {})
    for shape in schemas.values():
        _refer(shape)
    schemas |= {"Problem": PROBLEM, "Plain": PLAIN, "PlainObject": PLAIN_OBJECT}
    for operation in _operations(schema):
        operation["summary"] = say(f"operation.{operation['operationId']}")
        for parameter in operation["parameters"]:
            parameter["schema"] = _never_null(parameter["schema"])
        for status in _statuses(operation):
            operation["responses"][status] = _problem(status)
    return schema


def _refer(shape: dict[str, Any]) -> None:
    for name, member in shape.get("properties", {}).items():
        if member.items() >= REFERS.items():
            shape["properties"][name] = {"$ref": "#/components/schemas/PlainObject"}


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; it has no way to be null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **kinds[0]} if kinds else schema


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            if method in METHODS:
                yield operation


def _statuses(operation: dict[str, Any]) -> list[int]:
    found = {404, 422, 503}
    if operation.get("security") or operation["operationId"] == "log_in":
        found |= {401, 403}
    if operation["operationId"] == "log_in":
        found |= {429}
    if "requestBody" in operation:
        found |= {400, 409, 413, 415}
    return sorted(found & ({*STATUSES.values(), 409, 503}) | {409})


def _problem(status: int) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": say(f"problem.{status}"), "content": {MEDIA_TYPE: {"schema": reference}}}
