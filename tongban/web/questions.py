"""What a page says of a question that was put to the person, and of documents that hold for a time only."""

from dataclasses import dataclass
from datetime import date

from tongban.calendar.queries import today
from tongban.cases.models import Case
from tongban.cases.queries import View, papers_needed
from tongban.cases.rules.parts import Part, PartStatus, stage_of
from tongban.cases.rules.table import Act
from tongban.cases.rules.validity import Hold, Needed
from tongban.catalogue.rules import Definition
from tongban.orgs.queries import place_names


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part that did not pass. place: name of the other place, empty at the home. why: empty where it is unknown."""

    stage: str
    place: str
    why: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """until: last day for the answer; over: it has passed. beside: other places of the stage that are still at work."""

    refusals: tuple[Refusal, ...]
    since: date
    until: date
    over: bool
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A document with a last day that is still needed. days: natural days left. issuer: the stage that put it out."""

    name: str
    until: date
    days: int
    hold: Hold
    stage: str
    issuer: str


def question_of(view: View, definition: Definition) -> Question | None:
    """None when nothing is asked."""
    asked = view.state.asked
    if not asked:
        return None
    places = place_names({part.place for part in view.state.parts if part.place})
    stages = {part.stage for part in asked}
    at_work = [part for part in view.state.parts if part.stage in stages and part.status is PartStatus.WAITING]
    until = max(part.answer_by for part in asked if part.answer_by)
    return Question(
        refusals=tuple(_refusal(part, view, definition, places.get(part.place, "")) for part in asked),
        since=min(part.decided_on for part in asked if part.decided_on),
        until=until,
        over=today() > until,
        beside=tuple(places[part.place] for part in at_work if part.place),
    )


def _refusal(part: Part, view: View, definition: Definition, place: str) -> Refusal:
    steps = [entry for entry in view.timeline if entry.act == Act.PART_DECIDED and entry.facts.get("part") == part.id]
    said = steps[-1].said if steps else {}
    why = str(said.get("reason") or said.get("text") or "")
    return Refusal(stage_of(definition, part).name, place, why, part.decided_on)


def paper_notes(case: Case, definition: Definition) -> list[PaperNote]:
    day = today()
    return [_note(paper, day) for paper in papers_needed(case, definition)]


def _note(paper: Needed, day: date) -> PaperNote:
    left = (paper.until - day).days
    return PaperNote(paper.name, paper.until, left, paper.hold(day), paper.stage.name, paper.issuer.name)
