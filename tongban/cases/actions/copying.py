"""A follower's copy of a case, grown step by step as they are heard."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.base.errors import NotYet
from tongban.base.times import parse_moment
from tongban.calendar.queries import now
from tongban.cases.actions.opening import name_parties
from tongban.cases.actions.projecting import project_assists
from tongban.cases.actions.stepping import keep_bodies
from tongban.cases.models import Ask, Case, Link, Party, Step
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.state import State, apply, from_json
from tongban.exchange.rules import Heard


def take_over(heard: Heard, header: Mapping[str, Any], *, taken_before: bool = False) -> Case:
    """Add a heard step to the copy. The same step again changes nothing.

    taken_before: this node took it before it was restored from a backup, whatever announced the case then.
    Raises NotYet: unexpected_case (nothing here announced it yet), gap (an earlier step is missing and is pulled), fork
    (the chain differs from what was taken before: the subject stands still and a person is told).
    """
    case = Case.objects.select_for_update().filter(id=UUID(heard.subject)).first()
    if case is None:
        if header["no"] != 1:
            raise NotYet("gap", have=0)
        case = _announced(heard, header, taken_before)
        case.save(force_insert=True)
        _name_parties(case)
    if case.is_home or case.home != heard.sender:
        raise NotYet("fork", no=header["no"])
    if header["no"] <= case.head:
        if Step.objects.filter(case=case, no=header["no"], digest=heard.digest).exists():
            return case
        raise NotYet("fork", no=header["no"])
    if header["no"] > case.head + 1:
        raise NotYet("gap", have=case.head)
    if header["prev"] != (case.head_digest or None):
        raise NotYet("fork", no=header["no"])
    _grow(case, heard, header)
    return case


def _grow(case: Case, heard: Heard, header: Mapping[str, Any]) -> None:
    step = Step.objects.create(
        case=case,
        no=header["no"],
        act=header["act"],
        letter=heard.id,
        digest=heard.digest,
        header=dict(header),
        recorded_at=parse_moment(header["recorded_at"]),
    )
    known = {audience.value: audience for audience in Audience}
    keep_bodies(step, {known[part.audience]: part.content for part in heard.parts if part.audience in known})
    if header.get("answers"):
        Ask.objects.filter(letter=header["answers"], case_id=case.id).update(step_no=step.no)
    case.state = apply(from_json(case.state), header).as_json()
    case.head, case.head_digest = step.no, step.digest
    case.status, case.changed_at, case.erased_at, case.left_at = header["status"], now(), None, None
    if settings.NODE in header.get("removed", ()):
        case.left_at = case.changed_at
        case.notice_due = case.decision_due = case.statutory_due = None
    case.save()
    project_assists(case)


def _name_parties(case: Case) -> None:
    """Whoever applied here is named since he did; a successor has those of the case before."""
    if case.applicant is None:
        return
    before = Party.objects.filter(case=case.predecessor) if case.predecessor else Party.objects.none()
    people = list(before.order_by("no").values_list("person", flat=True))
    name_parties(case.id, people or [case.applicant], received_at=case.received_at)


def _announced(heard: Heard, header: Mapping[str, Any], taken_before: bool) -> Case:
    """A copy begins only for a case that something here waits for (an ask, a link, a lead, a predecessor), or of which
    the home informs this place (抄告)."""
    ask = Ask.objects.filter(case_id=UUID(heard.subject), act="open", home=heard.sender).first()
    old = header.get("predecessor") or {}
    expected = (
        taken_before
        or ask is not None
        or Link.objects.filter(co_case=UUID(heard.subject), node=heard.sender).exists()
        or Case.objects.filter(lead=UUID(heard.subject), lead_node=heard.sender).exists()
        or settings.NODE in (header.get("informed") or [])
        or (bool(old) and Case.objects.filter(id=old["case"], state__successor=heard.subject).exists())
    )
    if not expected:
        raise NotYet("unexpected_case")
    before = Case.objects.filter(id=old["case"]).first() if old else None
    # The ask for a successor was an organ's; the person is that of the case before.
    return _begun(heard, header, before or ask)


def _begun(heard: Heard, header: Mapping[str, Any], source: Case | Ask | None) -> Case:
    """The row of a copy before its first step. source: the case or ask that names the person here."""
    received, lead = header.get("received") or {}, header.get("lead") or {}
    old = header.get("predecessor") or {}
    ours = received.get("node") == settings.NODE and not lead
    return Case(
        id=UUID(heard.subject),
        home=heard.sender,
        is_home=False,
        item=header["item"],
        version=header["version"],
        standard=header["standard"],
        pattern=header["pattern"],
        mode=header["mode"],
        place=header["place"],
        organ=header["organ"],
        status="",
        state=State().as_json(),
        head=0,
        head_digest="",
        number=header["number"],
        applicant=source.applicant if ours and source else None,
        receiving_node=received.get("node", ""),
        receiving_organ=received.get("organ", "") if ours else "",
        is_informed=settings.NODE in (header.get("informed") or []),
        lead=UUID(lead["case"]) if lead else None,
        lead_node=lead.get("node", ""),
        lead_part=lead.get("part", ""),
        predecessor=UUID(old["case"]) if old else None,
        received_at=parse_moment(received["at"]),
        changed_at=now(),
    )
