"""Who looked at the case of the examples: the question of Anhui and what Shanghai tells."""

from collections.abc import Iterator
from typing import Any

from tongban.base.canonical import canonical_json, digest
from tongban.exchange.tests.scenes import CASE, NOW, OPENING

Example = dict[str, Any]

NUMBER = OPENING["applicant"]["id_number"]
SALT = "5a17" * 8
QUESTION = {
    "cases": [{"after": None, "case": CASE}],
    "person": digest(canonical_json({"id_number": NUMBER, "salt": SALT})),
    "salt": SALT,
}
LOOK = {
    "at": "2026-11-23T02:10:00.000Z",
    "id": "48",
    "officer": "3F9A2C10",
    "organ": "浦东新区市场监督管理局（示例）",
    "purpose": "审查本办件",
    "role": "officer",
    "what": "dossier",
}
ANSWER = {"at": NOW, "cases": [{"after": "48", "case": CASE, "looks": [LOOK], "more": False}]}
REFUSED = {"at": NOW, "cases": [{"case": CASE, "refused": "may_not_ask"}]}


def looks(says: str, **more: Any) -> Example:
    """peer: who asks. follow: home and followers of the case. applies: the number under which the person applied."""
    example = {"says": says, "shape": "looks", "valid": True, "reason": None, "peer": "34", "follow": ["31", "34"]}
    return example | {"applies": NUMBER, "question": QUESTION, "answer": ANSWER} | more


def all_looks() -> Iterator[tuple[str, Example]]:
    yield "looks", looks("Who looked at the case at Shanghai: the question and the answer.")
    bad: dict[str, Any] = {"valid": False, "reason": "may_not_ask", "answer": REFUSED}
    yield "looks-x-stranger", looks("Asked by a node that does not follow the case.", peer="32", **bad)
    other = {**QUESTION, "person": digest(canonical_json({"id_number": "999934198001010011", "salt": SALT}))}
    yield "looks-x-person", looks("A question for somebody who does not apply there.", question=other, **bad)
    short = {name: value for name, value in LOOK.items() if name != "purpose"}
    answer = {"at": NOW, "cases": [{"after": None, "case": CASE, "looks": [short], "more": False}]}
    said = "An answer that leaves out what a look was for."
    yield "looks-x-form", looks(said, valid=False, reason="malformed", answer=answer)
