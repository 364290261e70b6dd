"""What a client sees of a case: GET /api/v1/cases/{id}.

{"case_id", "item", "pattern", "mode", "home", "status", "head", "allowed_acts": [act],
 "timeline": [{"no", "act", "status", "legal_date", "recorded_at", "by": {"role", "organ", "node"},
               "facts": {}, "said": {}, "documents": [{"kind", "number", "digest"}], "digest"}],
 "state": {"parts": [{"id", "stage", "status", "opened_on", "decided_on", "co_case", "node",
                       "valid_until", "answer_by", "answered_on"}], …},
 "asks": [{"ask", "act", "outcome", "reason"}]}
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One look at a case by one client."""

    body: Json

    @property
    def status(self) -> str:
        return str(self.body["status"])

    @property
    def head(self) -> int:
        return int(self.body["head"])

    @property
    def home(self) -> str:
        return str(self.body["home"])

    @property
    def allowed(self) -> frozenset[str]:
        return frozenset(str(act["act"] if isinstance(act, dict) else act) for act in self.body["allowed_acts"])

    @property
    def steps(self) -> list[Json]:
        return list(self.body["timeline"])

    @property
    def acts(self) -> list[str]:
        return [str(step["act"]) for step in self.steps]

    @property
    def parts(self) -> list[Json]:
        return list((self.body.get("state") or {}).get("parts", ()))

    @property
    def current_parts(self) -> list[Json]:
        """The parts whose turn it is: the undecided ones of the first stage that is not decided.

        None of a stage that comes after one about which the person is asked.
        """
        waiting = [part for part in self.parts if part["status"] == "waiting"]
        questions = {part["stage"] for part in self.asked}
        if questions and waiting and waiting[0]["stage"] not in questions:
            return []
        return [part for part in waiting if part["stage"] == waiting[0]["stage"]]

    @property
    def asked(self) -> list[Json]:
        """The refused parts about which the person is asked."""
        return [part for part in self.parts if part.get("answer_by") and not part.get("answered_on")]

    @property
    def waiting_asks(self) -> list[Json]:
        return [ask for ask in self.body.get("asks", ()) if ask.get("outcome") == "waiting"]

    def step_of(self, act: str) -> Json:
        """The last step with this act. Raises LookupError."""
        found = [step for step in self.steps if step["act"] == act]
        if not found:
            raise LookupError(f"no step {act} among {', '.join(self.acts)}")
        return found[-1]

    def last_event(self) -> str:
        """The event that the last step records; empty when it is no record of an event."""
        return str((self.steps[-1].get("facts") or {}).get("event") or "")

    def said(self, act: str, name: str) -> Any:
        """What the last step with this act said under the name, in its facts or in a body that the viewer may read."""
        step = self.step_of(act)
        for place in ("facts", "said"):
            if name in (step.get(place) or {}):
                return step[place][name]
        return None
