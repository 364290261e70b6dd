"""The directory of nodes: who holds which key since when. It is a JWS signed by the hub."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify.seals import Seal, Unreadable, from_b64url, is_genuine, read_object, read_seal

HUB = "00"


@dataclass(frozen=True, slots=True)
class Key:
    kid: str
    public: bytes
    since: datetime | None
    until: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Peer:
    code: str
    name: str
    endpoint: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    version: int
    peers: dict[str, Peer]

    def fault_of(self, seal: Seal, *, node: str, at: str, typ: str) -> str | None:
        """Why the seal does not prove that the node signed it at that moment; None when it does."""
        if seal.typ != typ:
            return f"typ {seal.typ!r} instead of {typ!r}"
        peer = self.peers.get(node)
        if peer is None:
            return f"node {node!r} is not in the directory"
        key = next((key for key in peer.keys if key.kid == seal.kid), None)
        if key is None:
            return f"key {seal.kid!r} is not one of node {node}"
        moment = read_moment(at)
        if moment is None:
            return f"no moment: {at!r}"
        if not _in_force(key, moment):
            return f"key {seal.kid!r} was not in force at {at}"
        if not is_genuine(seal, key.public):
            return "the signature does not fit the bytes"
        return None


def read_directory(text: bytes, *, hub_key: bytes | None = None) -> Directory:
    """Read and check the signed file.

    hub_key: the hub's 32-byte public key if known from elsewhere; otherwise the hub's own key in the file must have
    signed it. Raises Unreadable.
    """
    seal = read_seal(read_object(text))
    try:
        peers = {str(entry["code"]): _peer(entry) for entry in seal.content["nodes"]}
        version = int(seal.content["version"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"the directory lacks {error}") from error
    known = [key.public for key in peers[HUB].keys if key.kid == seal.kid] if HUB in peers else []
    trusted = [hub_key] if hub_key is not None else known
    if not any(is_genuine(seal, public) for public in trusted):
        raise Unreadable("the directory is not signed by the hub")
    return Directory(version=version, peers=peers)


def read_moment(text: object) -> datetime | None:
    """RFC 3339 with an offset; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _peer(entry: dict[str, Any]) -> Peer:
    return Peer(
        code=str(entry["code"]),
        name=str(entry.get("name", "")),
        endpoint=str(entry["endpoint"]).rstrip("/"),
        keys=tuple(_key(key) for key in entry["keys"]),
    )


def _key(entry: dict[str, Any]) -> Key:
    return Key(
        kid=str(entry["kid"]),
        public=from_b64url(entry["x"]),
        since=read_moment(entry.get("from")),
        until=read_moment(entry.get("until")),
        revoked_at=read_moment(entry.get("revoked_at")),
    )


def _in_force(key: Key, moment: datetime) -> bool:
    ends = [end for end in (key.until, key.revoked_at) if end is not None]
    return (key.since is None or key.since <= moment) and all(moment < end for end in ends)
