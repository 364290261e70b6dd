"""Speaking to other nodes: signed requests to the addresses in the directory, and nowhere else."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import requests

from tongban.base.canonical import canonical_json, parse_json
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import Sealed, parse_sealed, sealed_from_text
from tongban.base.times import moment
from tongban.exchange import queries
from tongban.exchange.rules import MOST_REQUEST_BYTES, Part, letter_as_json, letter_of
from tongban.exchange.signatures import sign_request

TIMEOUT = (2.0, 10.0)
MOST_FILE_BYTES = 25_000_000
MOST_REMEMBERED_BYTES = 100_000_000
CHUNK, SMALL_CHUNK = 1 << 16, 1 << 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said to one letter: a receipt, or a refusal with its HTTP status and reason."""

    receipt: Sealed | None = None
    status: int = 200
    reason: str = ""
    retry_after: float | None = None


def unreachable(trouble: str) -> NotYet:
    """The peer did not answer, or not as a node answers."""
    return NotYet("unreachable", trouble=trouble)


def session() -> requests.Session:
    """A kept-alive connection that takes nothing from the environment. One per thread."""
    made = requests.Session()
    made.trust_env = False
    made.headers.clear()
    made.headers.update({"User-Agent": "tongban/1.0", "Accept": "application/json", "Accept-Encoding": "identity"})
    return made


def post_letter(connection: requests.Session, peer: str, sealed: Sealed, parts: Sequence[Part]) -> Answer:
    """Bring one letter. Raises NotYet("unreachable")."""
    body = canonical_json(letter_as_json(sealed, parts))
    status, headers, content = _request(connection, peer, "POST", "/nodes/v1/letters", body=body)
    return _answer(status, _object(content), headers.get("Retry-After"))


def post_batch(
    connection: requests.Session, peer: str, letters: Sequence[tuple[Sealed, Sequence[Part]]]
) -> list[Answer]:
    """Bring several letters in one request; one answer for each, in their order. Raises NotYet("unreachable")."""
    body = canonical_json({"letters": [letter_as_json(sealed, parts) for sealed, parts in letters]})
    status, headers, content = _request(connection, peer, "POST", "/nodes/v1/letters/batch", body=body)
    value = _object(content)
    if status != 200:
        return [_answer(status, value, headers.get("Retry-After"))] * len(letters)
    answers = value.get("answers")
    if not isinstance(answers, list) or len(answers) != len(letters):
        raise unreachable("an answer for each letter is expected")
    return [_batch_answer(entry) for entry in answers]


def pull_letters(
    connection: requests.Session, peer: str, subject: str, *, after: UUID | None
) -> tuple[list[tuple[Sealed, tuple[Part, ...]]], bool]:
    """What the peer has written to us about a subject after a letter, and whether there is more.

    Raises NotYet("unreachable").
    """
    query = {"subject": subject} | ({"after": str(after)} if after else {})
    status, _, content = _request(connection, peer, "GET", "/nodes/v1/letters?" + urlencode(query, quote_via=quote))
    value = _object(content)
    if status != 200 or not isinstance(value.get("letters"), list):
        raise unreachable(f"{status} {value.get('reason', '')}")
    try:
        return [letter_of(entry) for entry in value["letters"]], value.get("more") is True
    except Rejected as refusal:
        raise unreachable(f"malformed {refusal.facts.get('why')}") from refusal


def remembered(
    connection: requests.Session, peer: str, what: str, *, since: datetime, after: UUID | None
) -> tuple[list[tuple[Sealed, tuple[Part, ...], Sealed]], bool]:
    """One page of the letters between the peer and us that were answered since a moment, with their receipts.

    what: "written" by the peer, or "taken" by it. after: the last letter known already. Also whether there is more.
    Raises NotYet("unreachable") or Rejected("malformed").
    """
    query = {"since": moment(since)} | ({"after": str(after)} if after else {})
    path = f"/nodes/v1/letters/{what}?" + urlencode(query, quote_via=quote)
    status, _, content = _request(connection, peer, "GET", path, most=MOST_REMEMBERED_BYTES)
    value = _object(content)
    if status != 200 or not isinstance(value.get("letters"), list):
        raise unreachable(f"{status} {value.get('reason', '')}")
    entries: list[object] = value["letters"]
    return [_remembered(entry) for entry in entries], value.get("more") is True


def _remembered(entry: object) -> tuple[Sealed, tuple[Part, ...], Sealed]:
    sealed, parts = letter_of(entry)
    return sealed, parts, parse_sealed(entry.get("receipt") if isinstance(entry, dict) else None)


def fetch(peer: str, path: str, *, connection: requests.Session | None = None) -> bytes:
    """GET a path of a peer. Raises Rejected or NotYet with the peer's reason, or NotYet("unreachable")."""
    with connection or session() as speaking:
        status, _, content = _request(speaking, peer, "GET", path, most=MOST_FILE_BYTES)
    if status == 200:
        return content
    reason = str(_object(content).get("reason", "not_found"))
    raise NotYet(reason) if status >= 500 else Rejected(reason)


def fetch_file(peer: str, digest: str, *, case: UUID) -> bytes:
    """A file that a case names, from the node that keeps it; its digest is still to be checked by who keeps it."""
    return fetch(peer, f"/nodes/v1/files/{digest}?case={case}")


def fetch_checkpoint(peer: str, day: str, *, subjects: bool = False) -> dict[str, Any]:
    """The digest of a day's letters between us, with those of its subjects when asked. Raises as `fetch` does."""
    value = _object(fetch(peer, f"/nodes/v1/checkpoints/{day}" + ("?subjects=1" if subjects else "")))
    if not isinstance(value.get("digest"), str) or not isinstance(value.get("subjects", {}), dict):
        raise unreachable("a checkpoint has a digest")
    return value


def ask(peer: str, path: str, question: Mapping[str, Any], *, seconds: float, most: int) -> dict[str, Any]:
    """POST a question to a peer and give its answer, if all of it comes within so many seconds.

    Raises Rejected or NotYet with the peer's reason, or NotYet("unreachable").
    """
    with session() as connection:
        body = canonical_json(dict(question))
        status, _, content = _request(connection, peer, "POST", path, body=body, most=most, seconds=seconds)
    value = _object(content)
    if status == 200:
        return value
    reason = str(value.get("reason", "not_found"))[:60]
    raise NotYet(reason) if status >= 500 else Rejected(reason)


def fetch_directory(endpoint: str) -> Sealed:
    """The hub's directory; it proves itself by its signature. Raises NotYet("unreachable") or Rejected("malformed")."""
    with session() as connection:
        status, _, content = _send(connection, "GET", endpoint + "/nodes/v1/directory", {}, None, MOST_REQUEST_BYTES)
    if status != 200:
        raise unreachable(str(status))
    try:
        return sealed_from_text(content.decode("utf-8"))
    except ValueError as error:
        raise unreachable("not JSON") from error


def _request(
    connection: requests.Session,
    peer: str,
    method: str,
    path: str,
    *,
    body: bytes | None = None,
    most: int = MOST_REQUEST_BYTES,
    seconds: float | None = None,
) -> tuple[int, Any, bytes]:
    try:
        url = queries.directory().get_node(peer).endpoint + path
    except (Rejected, NotYet) as refusal:
        raise unreachable(refusal.reason) from refusal
    headers = sign_request(queries.signer(), method=method, url=url, body=body)
    if body is not None:
        headers["Content-Type"] = "application/json"
    return _send(connection, method, url, headers, body, most, seconds)


def _send(
    connection: requests.Session,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None,
    most: int,
    seconds: float | None = None,
) -> tuple[int, Any, bytes]:
    """seconds: until when the whole answer must have come; without it only silence in between is limited."""
    end = time.monotonic() + seconds if seconds is not None else math.inf
    timeout = (min(TIMEOUT[0], seconds), min(TIMEOUT[1], seconds)) if seconds is not None else TIMEOUT
    try:
        with connection.request(
            method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            content = bytearray()
            for chunk in response.iter_content(CHUNK if seconds is None else SMALL_CHUNK):
                content += chunk
                if len(content) > most:
                    raise unreachable("the answer is too large")
                if time.monotonic() > end:
                    raise unreachable("the answer took too long")
            return response.status_code, response.headers, bytes(content)
    except requests.RequestException as error:
        raise unreachable(type(error).__name__) from error


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = parse_json(content, most_bytes=MOST_REMEMBERED_BYTES)
    except Rejected as refusal:
        raise unreachable("not JSON") from refusal
    if not isinstance(value, dict):
        raise unreachable("not a JSON object")
    return value


def _answer(status: int, value: dict[str, Any], retry_after: object) -> Answer:
    if status == 200:
        try:
            return Answer(receipt=parse_sealed(value.get("receipt")))
        except Rejected:
            return Answer(status=502, reason="wrong_receipt")
    seconds = float(str(retry_after)) if str(retry_after or "").isdigit() else None
    return Answer(status=status, reason=str(value.get("reason", ""))[:60], retry_after=seconds)


def _batch_answer(entry: object) -> Answer:
    if not isinstance(entry, dict):
        raise unreachable("an answer is an object")
    problem = entry.get("problem")
    if not isinstance(problem, dict):
        return _answer(200, entry, None)
    status = problem.get("status")
    if not isinstance(status, int):
        raise unreachable("a problem has a status")
    return _answer(status, problem, problem.get("retry_after"))
