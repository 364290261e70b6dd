"""Flattened JWS (RFC 7515) signed with Ed25519 (RFC 8037), read from the bytes and never written again."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Unreadable(Exception):
    """The text is not in the form that the protocol demands."""


@dataclass(frozen=True, slots=True)
class Seal:
    """protected, payload and signature as raw bytes; header and content are the first two, parsed."""

    protected: bytes
    payload: bytes
    signature: bytes
    header: dict[str, Any]
    content: dict[str, Any]

    @property
    def digest(self) -> str:
        return sha256(self.payload)

    @property
    def kid(self) -> str:
        return str(self.header.get("kid", ""))

    @property
    def typ(self) -> str:
        return str(self.header.get("typ", ""))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def from_b64url(text: object) -> bytes:
    """Raises Unreadable on anything but unpadded base64url in its only spelling."""
    if not isinstance(text, str):
        raise Unreadable("base64url expected")
    try:
        content = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Unreadable("not base64url") from error
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != text:
        raise Unreadable("base64url with loose bits")
    return content


def read_object(content: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8 in which no key stands twice. Raises Unreadable."""
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable("a JSON object expected")
    return value


def read_seal(value: object) -> Seal:
    """Raises Unreadable on anything but a flattened JWS with alg EdDSA over a JSON object."""
    if not isinstance(value, dict) or set(value) != {"payload", "protected", "signature"}:
        raise Unreadable("a flattened JWS has payload, protected and signature")
    protected = from_b64url(value["protected"])
    payload = from_b64url(value["payload"])
    header = read_object(protected)
    if header.get("alg") != "EdDSA" or "crit" in header:
        raise Unreadable("the protected header needs alg EdDSA and no crit")
    return Seal(
        protected=protected,
        payload=payload,
        signature=from_b64url(value["signature"]),
        header=header,
        content=read_object(payload),
    )


def is_genuine(seal: Seal, public: bytes) -> bool:
    signed = _b64url(seal.protected) + b"." + _b64url(seal.payload)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(seal.signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _b64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(literal: str) -> Any:
    raise ValueError(f"{literal} is not JSON")
