"""What one node holds, as its auditor may read it.

GET /api/v1/audit/cases            {"items": [{"case_id"}], "next"}
GET /api/v1/audit/cases/{id}       {"steps": [{"letter": JWS, "bodies": {audience: base64url}}],
                                    "receipts": [JWS], "files": [digest], "erased_at": moment or null,
                                    "lost": [{"no", "audience"}]}
GET /api/v1/audit/letters          {"items": [{"direction": "sent", "receiver", "letter": JWS, "receipt": JWS or null},
                                              {"direction": "heard", "letter": JWS, "receipt": JWS}], "next"}
GET /api/v1/audit/files/{digest}   the bytes
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from verify.seals import Seal, Unreadable, from_b64url, read_object, read_seal, sha256

LETTER = "application/cloudevents+json"
RECEIPT = "tongban-receipt+json"
NODE_URN = "urn:tongban:node:"
KIND = "tongban."


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed CloudEvents event between two nodes."""

    seal: Seal

    @property
    def id(self) -> str:
        return str(self.seal.content.get("id", ""))

    @property
    def kind(self) -> str:
        return str(self.seal.content.get("type", "")).removeprefix(KIND)

    @property
    def sender(self) -> str:
        return str(self.seal.content.get("source", "")).removeprefix(NODE_URN)

    @property
    def subject(self) -> str:
        return str(self.seal.content.get("subject", ""))

    @property
    def time(self) -> str:
        return str(self.seal.content.get("time", ""))

    @property
    def data(self) -> dict[str, Any]:
        data = self.seal.content.get("data")
        return data if isinstance(data, dict) else {}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's counter-signature under a letter."""

    seal: Seal

    def says(self, name: str) -> str:
        value = self.seal.content.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Step:
    """letter: the signed header; bodies: audience -> the bytes that this node holds."""

    letter: Letter
    bodies: dict[str, bytes]

    @property
    def header(self) -> dict[str, Any]:
        return self.letter.data

    @property
    def no(self) -> int:
        number = self.header.get("no")
        return number if isinstance(number, int) else 0

    @property
    def followers(self) -> tuple[str, ...]:
        return tuple(str(code) for code in self.header.get("followers") or ())

    @property
    def removed(self) -> frozenset[str]:
        """Of the followers those for whom this step is the last."""
        return frozenset(str(code) for code in self.header.get("removed") or ())

    @property
    def called(self) -> frozenset[str]:
        """Nodes at which an assist case is asked for with this step: they follow as soon as they have opened it."""
        facts = self.header.get("facts")
        links = (facts.get("links") if isinstance(facts, dict) else None) or ()
        return frozenset(str(link.get("node")) for link in links if isinstance(link, dict))

    @property
    def documents_made(self) -> frozenset[str]:
        """Digests of the documents that the step made."""
        return frozenset(str(document.get("digest")) for document in self.header.get("documents") or ())

    @property
    def document_carried(self) -> tuple[str, str] | None:
        """The assist case whose document the step carries, and the document's digest."""
        facts = self.header.get("facts") or {}
        document = facts.get("co_document")
        return (str(facts.get("co_case")), str(document.get("digest"))) if isinstance(document, dict) else None

    def documents(self) -> list[str]:
        """Digests of the pages that the bodies carry: members "document" and "co_document" with "html"."""
        bodies = [read_object(content) for content in self.bodies.values()]
        documents = [body.get(name) for body in bodies for name in ("document", "co_document")]
        pages = [document.get("html") for document in documents if isinstance(document, dict)]
        return [sha256(page.encode()) for page in pages if isinstance(page, str)]


@dataclass(frozen=True, slots=True)
class Copy:
    """One case as one node holds it; at the home it is the original. erased: the node has erased its contents.

    lost: number of a step and audience of what a restore has taken from the node, as it says itself.
    """

    case: str
    steps: tuple[Step, ...]
    receipts: tuple[Receipt, ...] = ()
    files: frozenset[str] = frozenset()
    erased: bool = False
    lost: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Sent:
    letter: Letter
    receiver: str
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Heard:
    letter: Letter
    receipt: Receipt


@dataclass(slots=True)
class Holdings:
    """Everything of one node. contents: digest asked for -> digest of what came, None when nothing came."""

    node: str
    cases: dict[str, Copy] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    contents: dict[str, str | None] = field(default_factory=dict)


def read_copy(case: str, value: Mapping[str, Any]) -> Copy:
    """Raises Unreadable."""
    try:
        return Copy(
            case=case,
            steps=tuple(_step(entry) for entry in value["steps"]),
            receipts=tuple(Receipt(read_seal(entry)) for entry in value["receipts"]),
            files=frozenset(str(digest) for digest in value["files"]),
            erased=value.get("erased_at") is not None,
            lost=frozenset((int(entry["no"]), str(entry["audience"])) for entry in value.get("lost", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"the case lacks {error}") from error


def read_correspondence(entry: Mapping[str, Any]) -> Sent | Heard:
    """Raises Unreadable."""
    try:
        letter = Letter(read_seal(entry["letter"]))
        receipt = Receipt(read_seal(entry["receipt"])) if entry["receipt"] is not None else None
        if entry["direction"] == "sent":
            return Sent(letter=letter, receiver=str(entry["receiver"]), receipt=receipt)
    except (KeyError, TypeError) as error:
        raise Unreadable(f"the letter lacks {error}") from error
    if receipt is None:
        raise Unreadable("a heard letter without a receipt")
    return Heard(letter=letter, receipt=receipt)


def _step(entry: Mapping[str, Any]) -> Step:
    bodies = {str(audience): from_b64url(text) for audience, text in entry["bodies"].items()}
    for content in bodies.values():
        read_object(content)
    return Step(letter=Letter(read_seal(entry["letter"])), bodies=bodies)
