"""What the clients wrote down while they sent it; the verifier counts the nodes' chains against it."""

import json
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

AnswerKind = Literal["step", "ask", "refused"]


@dataclass
class CaseEntry:
    """node: where it was handed in; status: the last one that the clients saw."""

    case: str
    item: str
    node: str
    home: str
    status: str = ""
    materials: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ActEntry:
    """id: digest of the step or id of the ask, as the client was told; empty when it was told neither."""

    case: str
    node: str
    role: str
    act: str
    answer: AnswerKind
    id: str


class Ledger:
    def __init__(self) -> None:
        self._cases: dict[str, CaseEntry] = {}
        self._acts: list[ActEntry] = []
        self._door = threading.Lock()

    def opened(self, entry: CaseEntry) -> None:
        with self._door:
            self._cases[entry.case] = entry

    def supplied(self, case: str, digests: list[str]) -> None:
        with self._door:
            self._cases[case].materials += digests

    def stood(self, case: str, status: str) -> None:
        with self._door:
            self._cases[case].status = status

    def acted(self, entry: ActEntry) -> None:
        with self._door:
            self._acts.append(entry)

    def write(self, path: Path) -> None:
        with self._door:
            content = {
                "cases": [asdict(entry) for entry in self._cases.values()],
                "acts": [asdict(entry) for entry in self._acts],
            }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
