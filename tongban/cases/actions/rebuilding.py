"""A case of this home that a restore took away, or the end of it: rebuilt from its own signed steps."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from tongban.base.errors import NotYet, Rejected
from tongban.base.times import parse_moment
from tongban.cases import vault
from tongban.cases.actions.completing import complete
from tongban.cases.actions.consequences import follow_up
from tongban.cases.actions.following import let_go
from tongban.cases.actions.stepping import keep_bodies
from tongban.cases.models import Body, Case, Follower, Link, Money, Step
from tongban.cases.queries.situations import definition_of
from tongban.cases.rules.bodies import AUDIENCES_OF, Follows
from tongban.cases.rules.memory import ToldStep, content_of, opening_in, roles_in
from tongban.cases.rules.opening import Opening
from tongban.cases.rules.parts import stage_of
from tongban.cases.rules.state import State, apply, from_json
from tongban.cases.rules.table import Act
from tongban.exchange.actions import forward, found_again, note_loss
from tongban.exchange.models import Delivery
from tongban.exchange.queries import unheard
from tongban.exchange.rules import Part


def rebuild_home(case_id: UUID, steps: Sequence[ToldStep], *, asked: Opening | None = None) -> Case:
    """Bring the case to where the last step that anybody has seen left it. The same steps again change nothing.

    asked: what the case was asked for with, where its asker has told it. Raises Rejected("fork") where another step
    stands here under a number, ("gap") where one is missing between.
    """
    case = Case.objects.select_for_update().filter(id=case_id).first()
    for step in steps:
        if case is None:
            case = _begin(case_id, step)
        if not case.is_home:
            raise Rejected("fork", letter=step.letter, no="")
        if step.no <= case.head:
            _check_same(case, step)
        else:
            _add(case, step, asked)
        _keep_what_is_new(case, step)
    if case is None:
        raise Rejected("not_found")
    send_missing(case)
    return case


def _begin(case_id: UUID, step: ToldStep) -> Case:
    first = step.header
    if step.no != 1:
        raise NotYet("gap", have=0)
    received, lead, before = first["received"], first.get("lead") or {}, first.get("predecessor") or {}
    case = Case(
        id=case_id,
        home=settings.NODE,
        is_home=True,
        item=first["item"],
        version=first["version"],
        standard=first["standard"],
        pattern=first["pattern"],
        mode=first["mode"],
        place=first["place"],
        organ=first["organ"],
        status="",
        state=State().as_json(),
        head=0,
        head_digest="",
        number=first["number"],
        receiving_node=received["node"],
        receiving_organ=received["organ"],
        lead=UUID(lead["case"]) if lead else None,
        lead_node=lead.get("node", ""),
        lead_part=lead.get("part", ""),
        predecessor=UUID(before["case"]) if before else None,
        received_at=parse_moment(received["at"]),
        changed_at=parse_moment(first["recorded_at"]),
    )
    case.save(force_insert=True)
    return case


def _check_same(case: Case, step: ToldStep) -> None:
    if not Step.objects.filter(case=case, no=step.no, digest=step.digest).exists():
        raise Rejected("fork", letter=step.letter, no=step.no)


def _add(case: Case, step: ToldStep, asked: Opening | None) -> None:
    header = step.header
    if step.no > case.head + 1:
        raise NotYet("gap", have=case.head)
    if header["prev"] != (case.head_digest or None):
        raise Rejected("fork", letter=step.letter, no=step.no)
    Step.objects.create(
        case=case,
        no=step.no,
        act=header["act"],
        letter=step.letter,
        digest=step.digest,
        header=dict(header),
        recorded_at=parse_moment(header["recorded_at"]),
    )
    _follow(case, header)
    _link(case, header)
    state = apply(from_json(case.state), header)
    let_go(case, list(Follower.objects.filter(case=case)), state)
    case.state = state.as_json()
    case.head, case.head_digest, case.status = step.no, step.digest, header["status"]
    case.changed_at, case.erased_at = parse_moment(header["recorded_at"]), None
    case.save()
    if step.no == 1:
        opening = opening_in(case.id, header, step.bodies) or asked
        if opening is None:
            note_loss("dossier", subject=str(case.id), detail=case.number)
        else:
            complete(case, opening)
    else:
        _carry_out(case, step)


def _follow(case: Case, header: Mapping[str, Any]) -> None:
    """Who follows from this step on: those of the beginning by their roles, whoever joined since to handle a part."""
    first: Mapping[str, Any] = Step.objects.get(case=case, no=1).header
    known = roles_in(first)
    for node in header.get("followers") or ():
        roles = {role for follower, role in known if follower == node} or {Follows.CO_HANDLING}
        if not Follower.objects.filter(case=case, node=node).exists():
            Follower.objects.bulk_create(
                Follower(case=case, node=node, role=role, since=max(case.head, 1)) for role in roles
            )


def _link(case: Case, header: Mapping[str, Any]) -> None:
    links = header.get("facts", {}).get("links") or ()
    if not links:
        return
    definition = definition_of(case)
    parts = {part.id: part for part in apply(from_json(case.state), header).parts}
    for link in links:
        Link.objects.get_or_create(
            co_case=UUID(link["co_case"]),
            defaults={
                "case": case,
                "node": link["node"],
                "needs": link["part"],
                "on_refusal": stage_of(definition, parts[link["part"]]).on_refusal,
            },
        )


def _carry_out(case: Case, step: ToldStep) -> None:
    """The rows beside the chain; what the step asked of other cases is looked at when all is rebuilt."""
    header = step.header
    try:
        with transaction.atomic():
            follow_up(case, Act(header["act"]), content_of(step.bodies), header.get("facts", {}))
    except (Rejected, NotYet, LookupError, ValueError, ObjectDoesNotExist):
        note_loss("consequence", subject=str(case.id), detail=f"{step.no} {header['act']}")
        return
    at = parse_moment(header["recorded_at"])
    money = Money.objects.filter(case=case).order_by("-id").first()
    if money is not None and header["act"] == Act.DELIVER and money.settled_at:
        Money.objects.filter(id=money.id).update(settled_at=at)
    elif money is not None and header["act"] in (Act.GRANT, Act.SUPPLY):
        Money.objects.filter(id=money.id).update(ordered_at=at)


def _keep_what_is_new(case: Case, step: ToldStep) -> None:
    """Bodies that come back, now or by a peer that tells later; what does not is named."""
    row = Step.objects.get(case=case, no=step.no)
    held = set(Body.objects.filter(step=row).values_list("audience", flat=True))
    fresh = {audience: content for audience, content in step.bodies.items() if audience not in held}
    keep_bodies(row, fresh)
    for audience in step.lost:
        if audience not in held and case.erased_at is None:
            note_loss("body", subject=str(case.id), detail=f"{step.no} {audience}")
    for audience in fresh:
        found_again("body", subject=str(case.id), detail=f"{step.no} {audience}")


def send_missing(case: Case, *, strict: bool = False) -> None:
    """Bring every step to those followers that had not got it, in order, with the bodies for them that are here.

    strict: raises NotYet("recovering") where one of them has still to tell what it holds; else it is passed over.
    """
    following = set(Follower.objects.filter(case=case).values_list("node", flat=True))
    steps = list(Step.objects.filter(case=case).order_by("no"))
    sent = set(Delivery.objects.filter(letter__in=[step.letter for step in steps]).values_list("letter", "receiver"))
    silent = frozenset() if strict else unheard()
    for step in steps:
        for node in sorted({*following, *step.header.get("followers", ())} - silent):
            if (step.letter, node) not in sent:
                forward(step.letter, receiver=node, parts=_parts_for(steps[0].header, step, node))


def _parts_for(first: Mapping[str, Any], step: Step, node: str) -> list[Part]:
    if node not in step.header.get("followers", ()):
        return []
    wanted = {audience for other, role in roles_in(first) if other == node for audience in AUDIENCES_OF[role]}
    rows = Body.objects.filter(step=step, audience__in=sorted(wanted)).order_by("audience")
    return [Part(row.audience, vault.unlock(row.content, place="body")) for row in rows]
