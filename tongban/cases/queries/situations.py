"""What an act would find: the case with what the home's rows say of it; for the act, and for buttons before it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.calendar.queries import days, today
from tongban.cases import vault
from tongban.cases.models import Ask, Case, Dossier, Money
from tongban.cases.rules import clocks
from tongban.cases.rules.guards import hindrance
from tongban.cases.rules.parts import Parts
from tongban.cases.rules.signatures import unsigned
from tongban.cases.rules.situation import Situation
from tongban.cases.rules.state import from_json
from tongban.cases.rules.table import OPEN_STATUSES, Act, Status
from tongban.cases.rules.validity import Needed, needed, needed_for
from tongban.catalogue.queries import get_definition, local_standard
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.flow import Stage
from tongban.catalogue.rules.kinds import Pattern
from tongban.catalogue.rules.taking_part import persons, signers
from tongban.files.queries import wanted


def definition_of(case: Case) -> Definition:
    """The version that the case follows, with the limits of its mode, or shorter ones that its home promised then."""
    definition = get_definition(case.item, case.standard, version=case.version)[1].under(case.mode)
    if not case.is_home or case.standard != case.place[:2]:
        return definition
    promised = local_standard(definition, case.place, on=legal_date(case.received_at)).definition
    return replace(definition, limits=promised.limits)


def situation_of(
    case: Case, definition: Definition, *, by_system: bool, by_authority: bool = True, by_counter: bool = False
) -> Situation:
    day, pattern, state = today(), Pattern(case.pattern), from_json(case.state)
    money = Money.objects.filter(case=case).order_by("-id").first() if pattern is Pattern.MONEY else None
    return Situation(
        state=state,
        definition=definition,
        pattern=pattern,
        today=day,
        received_on=legal_date(case.received_at),
        by_system=by_system,
        by_authority=by_authority,
        files_missing=_files_missing(case) if state.status is Status.SUBMITTED else 0,
        wait_over=clocks.waits_over(state, definition, days(), day),
        drawn=f"{Decimal(money.drawn):.2f}" if money else None,
        by_counter=by_counter,
        lapsed=by_system and clocks.has_lapsed(state, definition, days(), day),
        days=days(),
        stage=assist_stage(case, definition),
        lead_parts=lead_parts(case),
        successor_refused=state.successor is not None and _was_refused(state.successor),
        **_parties(case, definition, state.status),
    )


def _parties(case: Case, definition: Definition, status: Status | None) -> dict[str, Any]:
    """What the rules want to know of signatures before acceptance, and of persons before the decision."""
    if (
        definition.parties is None
        or not case.is_home
        or (case.pattern == Pattern.ASSIST and not definition.parties.persons)
    ):
        return {}
    if status is Status.ACCEPTED and definition.parties.persons:
        return {"persons": tuple(person.path for person in persons(definition, _dossier(case)["answers"]))}
    if status is Status.SUBMITTED and case.pattern != Pattern.ASSIST:
        dossier = _dossier(case)
        wanted = signers(definition, dossier["answers"], on=legal_date(case.received_at))
        given = dossier.get("parties") or []
        return {"signatures_missing": len(unsigned(wanted, dossier["applicant"], given, dossier.get("signed", "")))}
    return {}


def _dossier(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = vault.unlock_json(Dossier.objects.get(case=case).content, place="dossier")
    return content


def assist_stage(case: Case, definition: Definition) -> Stage | None:
    """The stage of the lead's flow that an assist case decides."""
    name = case.lead_part.partition("@")[0]
    return next((stage for stage in definition.stages if stage.key == name), None) if case.lead else None


def papers_needed(case: Case, definition: Definition) -> tuple[Needed, ...]:
    """Documents with a last day on which what is still to be done rests; what ends first comes first.

    Of an assist case they are its lead's, as far as that is known here.
    """
    state = from_json(case.state)
    stage = assist_stage(case, definition)
    if stage is not None:
        return needed_for(stage, lead_parts(case), definition) if state.status in OPEN_STATUSES else ()
    return needed(state.parts, definition) if state.status is Status.ACCEPTED else ()


def lead_parts(case: Case) -> Parts:
    """As far as the lead is known here: at its home, or once its first steps have come."""
    lead = Case.objects.filter(id=case.lead).first() if case.lead else None
    return from_json(lead.state).parts if lead else ()


def _files_missing(case: Case) -> int:
    """Of the papers as they stand: one that was replaced since may be lost for ever and holds nothing up."""
    waited_for = wanted(case.id)
    if not waited_for:
        return 0
    return len(waited_for & {material.get("digest") for material in _dossier(case)["materials"]})


def _was_refused(successor: str) -> bool:
    return Ask.objects.filter(case_id=successor, act=Act.OPEN, outcome="rejected").exists()


def hindrances(case: Case, acts: tuple[Act, ...]) -> dict[Act, Rejected]:
    """Of the acts of an officer those that the home would refuse now, whatever they said, each with the reason."""
    if not acts:
        # Of a copy there is no dossier to ask, and nothing to do.
        return {}
    situation = situation_of(case, definition_of(case), by_system=False)
    found = {act: hindrance(act, situation) for act in acts}
    return {act: refusal for act, refusal in found.items() if refusal}
