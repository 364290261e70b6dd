"""Signed requests between nodes: RFC 9421 with Ed25519, valid for one minute (protocol, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from tongban.base.errors import Rejected
from tongban.base.seal import Signer
from tongban.exchange.rules import Directory

LABEL = "tongban"
AGE_SECONDS = 60
AHEAD_SECONDS = 30
COVERED = ("@method", "@target-uri")
COVERED_WITH_BODY = (*COVERED, "content-digest")


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class _OurKey(HTTPSignatureKeyResolver):
    def __init__(self, signer: Signer) -> None:
        self.signer = signer

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002
        return self.signer.key


class _DirectoryKeys(HTTPSignatureKeyResolver):
    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        _, key = self.directory.get_key(key_id)
        return Ed25519PublicKey.from_public_bytes(key.public)


class _Verifier(HTTPMessageVerifier):
    """Judges age by the given moment: at most one minute old, at most half a minute ahead."""

    def __init__(self, directory: Directory, now: datetime) -> None:
        super().__init__(signature_algorithm=algorithms.ED25519, key_resolver=_DirectoryKeys(directory))
        self.now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        now = self.now.timestamp()
        if created is None or not now - AGE_SECONDS <= created <= now + AHEAD_SECONDS:
            raise InvalidSignature("created is not within the last minute")
        if expires is not None and expires < now:
            raise InvalidSignature("the signature has expired")


def sign_request(
    signer: Signer, *, method: str, url: str, body: bytes | None = None, created: datetime | None = None
) -> dict[str, str]:
    """The headers that make a request ours. body: None for a request without one. created: now unless given."""
    message = _Message(method, url)
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OurKey(signer)).sign(
        message,
        key_id=signer.kid,
        label=LABEL,
        created=created,
        covered_component_ids=COVERED if body is None else COVERED_WITH_BODY,
        body=body,
        use_existing_digest=False,
    )
    return message.headers


def check_request(
    directory: Directory, *, method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """Code of the node that signed the request in the last minute.

    url: the address under which the directory lists this node, so that a proxy in front changes nothing.
    Raises Rejected("unsigned", "unknown_key", "key_revoked", "key_expired" or "wrong_signature").
    """
    if "Signature" not in headers or "Signature-Input" not in headers:
        raise Rejected("unsigned")
    message = _Message(method, url, dict(headers.items()))
    verifier = _Verifier(directory, now)
    try:
        (result,) = verifier.verify(message, require_components=COVERED_WITH_BODY if body else COVERED, body=body)
    except HTTPMessageSignaturesException as error:
        if isinstance(error.__cause__, Rejected):
            raise error.__cause__ from None
        raise Rejected("wrong_request_signature", why=str(error)[:200]) from error
    node, key = directory.get_key(str(result.parameters["keyid"]))
    if key.revoked_at is not None:
        raise Rejected("key_revoked", kid=key.kid)
    if key.until is not None and key.until <= now:
        raise Rejected("key_expired", kid=key.kid)
    return node.code
