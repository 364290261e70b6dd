"""Signatures: flattened JWS (RFC 7515) with Ed25519 (RFC 8037).

The payload is kept as the bytes that were signed or received; nothing is verified over something serialised again.
"""

import base64
import binascii
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongban.base.canonical import canonical_json, digest, parse_json
from tongban.base.errors import Rejected


@dataclass(frozen=True, slots=True)
class Signer:
    """A node's signing key. kid: "<node>-<running name>", the name under which the directory lists the public half."""

    kid: str
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed text: protected header, payload and signature, each the raw bytes."""

    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """Digest by which other texts name this one: over the payload bytes."""
        return digest(self.payload)

    @property
    def kid(self) -> str:
        return _header(self.protected)["kid"]

    @property
    def typ(self) -> str:
        """What kind of text was signed; empty when the header does not say."""
        return str(_header(self.protected).get("typ", ""))

    def as_json(self) -> dict[str, str]:
        return {
            "payload": b64url(self.payload),
            "protected": b64url(self.protected),
            "signature": b64url(self.signature),
        }


def b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """Raises Rejected("malformed") on anything but unpadded base64url."""
    try:
        if "=" in text:
            raise ValueError("padded")
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Rejected("malformed", why="not base64url") from error


def seal(payload: bytes, signer: Signer, *, typ: str) -> Sealed:
    protected = canonical_json({"alg": "EdDSA", "kid": signer.kid, "typ": typ})
    signature = signer.key.sign(_signing_input(protected, payload))
    return Sealed(protected=protected, payload=payload, signature=signature)


def parse_sealed(value: object) -> Sealed:
    """Read the flattened JSON serialisation. Raises Rejected("malformed")."""
    if not isinstance(value, dict) or set(value) != {"payload", "protected", "signature"}:
        raise Rejected("malformed", why="a flattened JWS has payload, protected and signature")
    if not all(isinstance(part, str) for part in value.values()):
        raise Rejected("malformed", why="the parts of a JWS are strings")
    sealed = Sealed(
        protected=from_b64url(value["protected"]),
        payload=from_b64url(value["payload"]),
        signature=from_b64url(value["signature"]),
    )
    _header(sealed.protected)
    return sealed


def is_genuine(sealed: Sealed, public: bytes) -> bool:
    """Whether the signature was made by the holder of the 32-byte Ed25519 public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(sealed.signature, _signing_input(sealed.protected, sealed.payload))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing_input(protected: bytes, payload: bytes) -> bytes:
    return f"{b64url(protected)}.{b64url(payload)}".encode("ascii")


def _header(protected: bytes) -> dict[str, str]:
    header = parse_json(protected, most_bytes=2_000, most_depth=2)
    if not isinstance(header, dict) or header.get("alg") != "EdDSA" or not isinstance(header.get("kid"), str):
        raise Rejected("malformed", why="protected header needs alg EdDSA and kid")
    if "crit" in header:
        raise Rejected("malformed", why="no critical extensions are known")
    return header


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 raw bytes of the public half, as the directory lists them (base64url)."""
    return key.public_key().public_bytes_raw()


def sealed_from_text(text: str) -> Sealed:
    """A flattened JWS in a file."""
    return parse_sealed(json.loads(text))
