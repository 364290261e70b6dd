"""Keys that lie in files outside the database.

One file per purpose in the node's folder `keys/`, readable by its owner only (0600). Each line is a key: its name,
a space, and 32 bytes in unpadded base64url. The first line is the key in use; those below are older and only read with.

Purposes: "signing" (Ed25519 seeds), "lookup" (keyed hashes), "field" (AES-256 for columns).
"""

import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongban.base.seal import Signer, b64url, from_b64url, public_bytes

PURPOSES = ("signing", "lookup", "field")
KEY_BYTES = 32
NONCE_BYTES = 12
FORM = 1


@dataclass(frozen=True, slots=True)
class Key:
    """name: "<node>-<running number>", also the kid of a signing key. secret: 32 bytes."""

    name: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one purpose, the one in use first."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        return self.keys[0]

    def named(self, name: str) -> Key:
        """Raises LookupError when the ring never had a key of this name, or has dropped it."""
        for key in self.keys:
            if key.name == name:
                return key
        raise LookupError(f"no key is named {name}")


def read_ring(folder: Path, purpose: str) -> Ring:
    """The keys of one purpose. Raises RuntimeError with a sentence for the operator."""
    path = folder / purpose
    try:
        lines = path.read_text("ascii").splitlines()
    except (FileNotFoundError, PermissionError) as error:
        raise RuntimeError(f"No {purpose} key can be read at {path}. Run `manage.py make_keys` once.") from error
    keys = tuple(_parse(line) for line in lines if line.strip())
    if not keys:
        raise RuntimeError(f"The key file {path} is empty. Restore it from the backup of the keys.")
    return Ring(keys)


def node_ring(folder: Path, purpose: str, *, node: str, mode: str) -> Ring:
    """The ring a running node uses: read again when the file changes; in test mode a missing file is no obstacle."""
    path = folder / purpose
    if mode == "test" and not path.exists():
        return ring_for_tests(node, purpose)
    return _read_once(folder, purpose, path.stat().st_mtime_ns if path.exists() else 0)


@functools.lru_cache(maxsize=16)
def _read_once(folder: Path, purpose: str, changed: int) -> Ring:  # noqa: ARG001
    return read_ring(folder, purpose)


def keyed_hash(key: Key, purpose: str, text: str) -> str:
    """HMAC-SHA-256 as 64 hex digits; the same text hashes differently for each purpose."""
    return hmac.new(key.secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def encrypt(ring: Ring, content: bytes, place: str) -> bytes:
    """AES-256-GCM under the key in use. place: what the bytes belong to; moved elsewhere they do not open."""
    name = ring.current.name.encode("ascii")
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = bytes([FORM, len(name)]) + name + nonce
    return head + AESGCM(ring.current.secret).encrypt(nonce, content, place.encode())


def decrypt(ring: Ring, stored: bytes, place: str) -> bytes:
    """The inverse, under whichever key of the ring was used. Raises ValueError on anything that was not stored here."""
    start = 2 + stored[1] if len(stored) > 2 and stored[0] == FORM else 0
    if not start or len(stored) < start + NONCE_BYTES:
        raise ValueError("these bytes were not encrypted here")
    try:
        secret = ring.named(stored[2:start].decode("ascii")).secret
        nonce, content = stored[start : start + NONCE_BYTES], stored[start + NONCE_BYTES :]
        return AESGCM(secret).decrypt(nonce, content, place.encode())
    except (LookupError, InvalidTag, UnicodeDecodeError) as error:
        raise ValueError("these bytes do not open here") from error


def encrypt_again(ring: Ring, stored: bytes, place: str) -> bytes | None:
    """The same content under the key in use; None when it lies under it already. Raises ValueError like `decrypt`."""
    return None if is_current(ring, stored) else encrypt(ring, decrypt(ring, stored, place), place)


def is_current(ring: Ring, stored: bytes) -> bool:
    """Whether the bytes were encrypted under the key in use."""
    return stored[2 : 2 + stored[1]] == ring.current.name.encode("ascii")


def write_ring(folder: Path, purpose: str, keys: Sequence[Key]) -> None:
    """Replace the file in one move, so that a reader sees the old or the new ring and never half of one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f".{purpose}.new"
    text = "".join(f"{key.name} {b64url(key.secret)}\n" for key in keys)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / purpose)


def write_public(folder: Path, keys: Sequence[Key]) -> None:
    """`signing.pub`: the public halves in the same form, for the directory of nodes."""
    halves = [f"{key.name} {b64url(public_bytes(_private(key)))}\n" for key in keys]
    (folder / "signing.pub").write_text("".join(halves), "ascii")


def read_public(folder: Path, name: str = "signing.pub") -> tuple[tuple[str, bytes], ...]:
    """kid and 32-byte Ed25519 public key of each signing key, the one in use first."""
    lines = (folder / name).read_text("ascii").splitlines()
    return tuple((key.name, key.secret) for key in map(_parse, lines))


def new_key(node: str, ring: Ring | None) -> Key:
    """A fresh key, named one above the highest number of the ring."""
    highest = max((int(key.name.rsplit("-", 1)[1]) for key in ring.keys), default=0) if ring else 0
    return Key(f"{node}-{highest + 1}", secrets.token_bytes(KEY_BYTES))


def ring_for_tests(node: str, purpose: str) -> Ring:
    """A ring that anybody can compute: for tests without a folder, never for a node that serves."""
    return Ring((Key(f"{node}-1", hashlib.sha256(f"tests {node} {purpose}".encode()).digest()),))


def signer(ring: Ring) -> Signer:
    """The node's signing key in use."""
    return Signer(kid=ring.current.name, key=_private(ring.current))


def _private(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.secret)


def _parse(line: str) -> Key:
    name, _, text = line.strip().partition(" ")
    secret = from_b64url(text)
    if len(secret) != KEY_BYTES:
        raise RuntimeError(f"the key {name} is not {KEY_BYTES} bytes long")
    return Key(name, secret)
