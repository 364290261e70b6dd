"""The flow of an item: its stages in their order, and the phases as a guide tells them."""

from dataclasses import dataclass

from tongban.base.limits import Limit, Unit
from tongban.catalogue.rules.form import Condition, Source
from tongban.catalogue.rules.kinds import OnRefusal, StageKind

HOME = "home"
FIELD = "field:"
FIVE_WORKING_DAYS = Limit(5, Unit.WORKING)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the flow. place: "home" or "field:<name>"; a field that holds several places fans out.

    organ: kind of the organ that does it. counts: its days are part of the limit of the whole.
    document, validity: what it puts out, and for how long that holds. relies_on: keys of earlier stages whose documents
    have to hold still while this one is decided. answer_within: how long the person may think about what a refusal
    means for him (`on_refusal` ask_applicant). notice_to_applicant: the document of another place is shown to him.
    lapses: the rule by which the application counts as withdrawn (视为撤回) when nobody has come within the limit.
    """

    key: str
    name: str
    kind: StageKind
    place: str
    organ: str
    limit: Limit
    source: Source
    counts: bool = True
    document: str | None = None
    validity: Limit | None = None
    when: Condition | None = None
    on_refusal: OnRefusal = OnRefusal.FAIL
    notice_to_applicant: bool = False
    relies_on: tuple[str, ...] = ()
    answer_within: Limit = FIVE_WORKING_DAYS
    lapses: Source | None = None

    @property
    def place_field(self) -> str | None:
        return self.place.removeprefix(FIELD) if self.place.startswith(FIELD) else None


@dataclass(frozen=True, slots=True)
class Phase:
    """环节 of the guide: what is done, by whom, within which limit (None: not part of the promised limit)."""

    name: str
    by: str
    limit: Limit | None
    source: Source
