"""What an item is: the frozen form of a definition file, the same on every node that holds the version.

Every fact of it names its source: a law or document listed under `[sources]`, or 示例 for what is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tongban.base.limits import Limit
from tongban.catalogue.rules.flow import Phase, Stage
from tongban.catalogue.rules.form import Condition, Example, Field, Material, Situation, Source
from tongban.catalogue.rules.kinds import Closing, EffectFrom, Mode, Pattern
from tongban.catalogue.rules.parties import Parties

APPLICANT_PLACE = "applicant_place"


@dataclass(frozen=True, slots=True)
class HomeRule:
    """Which answer names the home. fan_out: one case for each of several homes, their answers merged."""

    field: str
    explains: str
    source: Source
    fan_out: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """The kind of organ that decides at the home. level: 行使层级 of GB/T 39046 A.2, 1 (state) to 6 (village)."""

    organ: str
    label: str
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class Limits:
    """statutory ≥ promised: from acceptance to decision; notice: for the one correction notice, from receipt.

    silence_accepts: no word within `notice` means accepted from the day of receipt.
    """

    statutory: Limit
    promised: Limit
    notice: Limit
    silence_accepts: bool
    source: Source
    promised_source: Source
    silence_source: Source | None = None
    extension: Limit | None = None
    extension_source: Source | None = None


@dataclass(frozen=True, slots=True)
class ModeLimits:
    """Other limits where a case came by this mode: a counter elsewhere may have its own days to enter and to tell."""

    mode: Mode
    statutory: Limit
    promised: Limit
    source: Source
    notice: Limit | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """特别程序: time that the law does not count, or a hearing, test, review of its own. kind: of `cases` pauses."""

    name: str
    kind: str
    source: Source
    limit: Limit | None = None
    explains: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which applications are taken; without windows an item is open all year.

    opens, closes: "MM-DD", every year (a window may run over the new year), or "YYYY-MM-DD", once.
    places: how the codes of the authorities' places begin; none means everywhere that no other window names.
    """

    opens: str
    closes: str
    source: Source
    places: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The ordinary way, before 跨省通办: with what the guide compares (减时间、减环节、减材料、减跑动).

    visits: journeys to the place of the authority; materials, phases: how many.
    """

    visits: int
    materials: int
    phases: int
    limit: Limit
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """charged: whether the person pays; payer: who does. amount: yuan as a string, per case; standard: the tariff."""

    charged: bool
    source: Source
    amount: str = "0"
    standard: str = ""
    payer: str = ""
    online_payment: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What the person holds in the end. kind: certificate, document, record or payment."""

    kind: str
    name: str
    source: Source
    validity: Limit | None = None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """ways: online, counter (at the receiving counter), home_counter, post. limit: after the decision."""

    ways: tuple[str, ...]
    limit: Limit
    postage: str
    source: Source


@dataclass(frozen=True, slots=True)
class Visits:
    """到现场次数 in the most favourable allowed mode, and why it cannot be none."""

    count: int
    source: Source
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence with its source: an acceptance condition, an exclusion, a right."""

    text: str
    source: Source
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Question:
    ask: str
    answer: str
    source: Source


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where the matter is really done when the platform only shows the way and records the hand-off."""

    to: str
    channels: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Contact:
    """consult and complain: telephone numbers with area code, or national short numbers."""

    consult: str
    complain: str
    hours: str
    source: Source


@dataclass(frozen=True, slots=True)
class Definition:
    """An item of one version. base_code: the official code, empty until sourced. topics: subject words for the search.

    informs: fields of places whose authorities get a copy of the case without having to act (抄告).
    outcomes: a narrower choice than the pattern allows, usually empty.
    """

    key: str
    name: str
    pattern: Pattern
    modes: tuple[Mode, ...]
    modes_source: Source
    home: HomeRule
    authority: Authority
    item_type: str
    case_type: str
    served: tuple[str, ...]
    topics: tuple[str, ...]
    base_code: str
    basis: tuple[Source, ...]
    summary: str
    conditions: tuple[Fact, ...]
    exclusions: tuple[Fact, ...]
    situations: tuple[Situation, ...]
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]
    stages: tuple[Stage, ...]
    informs: tuple[str, ...]
    phases: tuple[Phase, ...]
    limits: Limits
    fee: Fee
    result: Result
    delivery: Delivery
    closing: Closing
    closing_source: Source
    effect_from: EffectFrom
    effect_source: Source
    visits: Visits
    remedies: tuple[Fact, ...]
    contact: Contact
    questions: tuple[Question, ...]
    handoff: Handoff | None
    ministry_system: str
    examples: tuple[Example, ...]
    outcomes: tuple[str, ...]
    sources: Mapping[str, str]
    mode_limits: tuple[ModeLimits, ...] = ()
    specials: tuple[Special, ...] = ()
    windows: tuple[Window, ...] = ()
    before: Before | None = None
    parties: Parties | None = None

    def field(self, name: str) -> Field | None:
        return next((entry for entry in self.fields if entry.name == name), None)

    def under(self, mode: str) -> "Definition":
        """The item as a case that came by this mode meets it: with the limits of the mode, where it has its own."""
        own = next((entry for entry in self.mode_limits if entry.mode == mode), None)
        if own is None:
            return self
        limits = replace(
            self.limits,
            statutory=own.statutory,
            promised=own.promised,
            notice=own.notice or self.limits.notice,
            source=own.source,
            promised_source=own.source,
        )
        return replace(self, limits=limits)
