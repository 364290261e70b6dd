"""The directory of nodes: who can be reached where, and who holds which key since when (protocol, section 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import Rejected
from tongban.base.seal import Sealed, b64url, from_b64url, is_genuine
from tongban.base.times import moment, parse_moment

HUB = "00"
DIRECTORY_TYP = "tongban-directory+json"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class NodeKey:
    """A public Ed25519 key. until: exclusive; None while the key is in use."""

    kid: str
    public: bytes
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Node:
    """endpoint: address without a slash at its end. phone: whom a person calls about this node."""

    code: str
    name: str
    endpoint: str
    phone: str
    keys: tuple[NodeKey, ...]


@dataclass(frozen=True)
class Directory:
    version: int
    issued_at: datetime
    nodes: Mapping[str, Node]

    @cached_property
    def _holders(self) -> Mapping[str, tuple[Node, NodeKey]]:
        return {key.kid: (node, key) for node in self.nodes.values() for key in node.keys}

    def get_node(self, code: str) -> Node:
        """Raises Rejected("unknown_node")."""
        if code not in self.nodes:
            raise Rejected("unknown_node", node=code[:8])
        return self.nodes[code]

    def get_key(self, kid: str) -> tuple[Node, NodeKey]:
        """Who holds the key. Raises Rejected("unknown_key")."""
        found = self._holders.get(kid)
        if found is None:
            raise Rejected("unknown_key", kid=kid[:40])
        return found

    def is_revoked(self, kid: str) -> bool:
        found = self._holders.get(kid)
        return found is not None and found[1].revoked_at is not None

    def check_seal(self, sealed: Sealed, *, typ: str, known_since: datetime | None = None) -> tuple[Node, NodeKey]:
        """Who signed the text. known_since: when it is proved to have been taken before.

        Raises Rejected("malformed", "unknown_key", "key_revoked" or "wrong_signature").

        A revoked key proves nothing of what arrives after its revocation: a thief can write any time into a letter.
        """
        if sealed.typ != typ:
            raise Rejected("malformed", why=f"typ is {typ}")
        node, key = self.get_key(sealed.kid)
        if key.revoked_at is not None and (known_since is None or known_since >= key.revoked_at):
            raise Rejected("key_revoked", kid=key.kid)
        if not is_genuine(sealed, key.public):
            raise Rejected("wrong_signature", kid=key.kid)
        return node, key


def directory_payload(directory: Directory) -> bytes:
    """The bytes that the hub signs."""
    nodes = [
        {
            "code": node.code,
            "name": node.name,
            "endpoint": node.endpoint,
            "phone": node.phone,
            "keys": [_key_as_json(key) for key in node.keys],
        }
        for _, node in sorted(directory.nodes.items())
    ]
    return canonical_json({"version": directory.version, "issued_at": moment(directory.issued_at), "nodes": nodes})


def read_directory(sealed: Sealed, anchors: Mapping[str, bytes]) -> Directory:
    """Believe a directory that one of the trusted keys signed. anchors: kid -> public key of the hub.

    Raises Rejected("directory_untrusted" or "malformed").
    """
    public = anchors.get(sealed.kid)
    if sealed.typ != DIRECTORY_TYP or public is None or not is_genuine(sealed, public):
        raise Rejected("directory_untrusted", kid=sealed.kid[:40])
    value = parse_json(sealed.payload, most_bytes=MOST_BYTES)
    try:
        nodes = [_node(entry) for entry in value["nodes"]]
        directory = Directory(
            version=int(value["version"]),
            issued_at=parse_moment(value["issued_at"]),
            nodes={node.code: node for node in nodes},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected("malformed", why=f"directory: {error}"[:200]) from error
    kids = [key.kid for node in nodes for key in node.keys]
    if len(directory.nodes) != len(nodes) or len(set(kids)) != len(kids):
        raise Rejected("malformed", why="directory: a node or a kid stands twice")
    return directory


def next_directory(
    before: Directory | None, present: Sequence[tuple[Node, datetime]], *, now: datetime, revoke: Sequence[str] = ()
) -> Directory:
    """The directory after `before`: each node with the keys it has now, the one in use first, and those it had.

    present: node, and the moment since which a key that is not known yet holds. A key that is older than the one in use
    gets its end, a newer one is announced; a revoked one is marked; none is ever dropped.
    """
    known = dict(before.nodes) if before else {}
    for node, since in present:
        held = known[node.code].keys if node.code in known else ()
        known[node.code] = replace(node, keys=_merged(held, node.keys, since=since, now=now))
    marked = {
        code: replace(
            node,
            keys=tuple(
                replace(key, revoked_at=key.revoked_at or now, until=key.until or now) if key.kid in revoke else key
                for key in node.keys
            ),
        )
        for code, node in known.items()
    }
    return Directory(version=(before.version if before else 0) + 1, issued_at=now, nodes=marked)


def _merged(
    held: Sequence[NodeKey], present: Sequence[NodeKey], *, since: datetime, now: datetime
) -> tuple[NodeKey, ...]:
    before = {key.kid: key for key in held}
    merged = [before.get(key.kid) or replace(key, since=since) for key in present]
    merged += [key for key in held if key.kid not in {key.kid for key in present}]
    in_use = _number(present[0])
    return tuple(replace(key, until=key.until or now) if _number(key) < in_use else key for key in merged)


def _number(key: NodeKey) -> int:
    """The running number in the name that a node of ours gives its keys: "34-2" is newer than "34-1"."""
    digits = key.kid.rsplit("-", 1)[-1]
    return int(digits) if digits.isdigit() else 0


def _key_as_json(key: NodeKey) -> dict[str, str | None]:
    return {
        "kid": key.kid,
        "x": b64url(key.public),
        "from": moment(key.since),
        "until": None if key.until is None else moment(key.until),
        "revoked_at": None if key.revoked_at is None else moment(key.revoked_at),
    }


def _node(entry: Mapping[str, Any]) -> Node:
    return Node(
        code=str(entry["code"]),
        name=str(entry["name"]),
        endpoint=str(entry["endpoint"]).rstrip("/"),
        phone=str(entry["phone"]),
        keys=tuple(_key(key) for key in entry["keys"]),
    )


def _key(entry: Mapping[str, Any]) -> NodeKey:
    until, revoked_at = entry["until"], entry["revoked_at"]
    return NodeKey(
        kid=str(entry["kid"]),
        public=from_b64url(entry["x"]),
        since=parse_moment(entry["from"]),
        until=None if until is None else parse_moment(until),
        revoked_at=None if revoked_at is None else parse_moment(revoked_at),
    )
