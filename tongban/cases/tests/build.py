"""Cases for tests: an item made to measure, the people and organs around it, and a case opened by them."""

from dataclasses import replace
from datetime import date

from tongban.base.actor import Actor, Role, Via
from tongban.base.canonical import canonical_json, digest
from tongban.base.identifiers import demo_identity_number, demo_phone
from tongban.base.uuid7 import uuid7
from tongban.calendar.actions import shift_clock
from tongban.calendar.queries import now
from tongban.cases.actions import open_case, take
from tongban.cases.actions.opening import name_parties
from tongban.cases.models import Case, Step
from tongban.cases.rules.opening import Lead, Opening, Receiving
from tongban.cases.rules.table import Act
from tongban.catalogue.models import Agreement, BaseItem, ItemVersion
from tongban.catalogue.queries import shipped_standard
from tongban.catalogue.rules import definition_of
from tongban.catalogue.rules.agreements import agreement_of
from tongban.catalogue.rules.definition import Definition
from tongban.orgs.tests.build import OPERATOR, some_organs
from tongban.orgs.tests.build import an_officer as officer

FEIXI = "340123000000"
XUHUI = "310104000000"
ITEM = "kstb-1-37"
WANG = demo_identity_number(node="34", birth_date=date(1986, 3, 12), running=102)


def item_content(key: str = ITEM, /, **changes) -> dict:
    """The content of a real item with some members changed."""
    content = shipped_standard(key)
    content["authority"] = {**content["authority"], "organ": "public_security"}
    return {**content, "outcomes": [], **changes}


def item(**changes) -> Definition:
    return definition_of(item_content(**changes))


def stage(key="review", **changes) -> dict:
    return {
        "key": key,
        "name": f"环节{key}",
        "kind": "review",
        "place": "home",
        "organ": "public_security",
        "limit": "5 working",
        "source": "示例",
        **changes,
    }


def publish(key: str = ITEM, /, *, province: str = "34", number: int = 1, **changes) -> ItemVersion:
    """The item as a version of a province, without the ceremony of publishing."""
    _, batch, place = key.split("-")
    named = {"batch": batch, "number": place, "name": key, "scenario": "", "lead_unit": "示例"}
    base, _ = BaseItem.objects.get_or_create(key=key, defaults=named)
    stored = canonical_json(item_content(key, **changes))
    return ItemVersion.objects.create(
        item=base,
        province=province,
        version=number,
        status="published",
        content=stored,
        digest=digest(stored),
        effective_from=date(2020, 1, 1),
        published_at=now(),
    )


def in_force(content: dict) -> None:
    """An agreement as this node keeps it once all its parties have signed."""
    stored = canonical_json(content)
    Agreement.objects.create(
        key=content["key"],
        version=1,
        name=content["name"],
        content=stored,
        digest=digest(stored),
        starts=content["starts"],
        signatures=[{"node": node, "letter": str(uuid7())} for node in agreement_of(content).signers],
        heard_at=now(),
    )


def an_opening(**changes) -> Opening:
    opening = Opening(
        case_id=uuid7(),
        item=ITEM,
        version=1,
        standard="34",
        place=FEIXI,
        mode="online",
        applicant={
            "kind": "natural",
            "name": "示例王芳",
            "id_type": "identity_card",
            "id_number": WANG,
            "phone": demo_phone(node="34", running=1),
        },
        answers={"operation": "personal", "business_place": FEIXI, "trade_name": "示例小店"},
        materials=[],
        receiving=Receiving(node="34", place=FEIXI, organ="", number="S1", at=now(), channel="portal"),
    )
    return replace(opening, **changes)


def received_by(node: str, **changes) -> Receiving:
    place = {"31": XUHUI, "34": FEIXI}[node]
    return replace(Receiving(node=node, place=place, organ="", number="S1", at=now(), channel="portal"), **changes)


def lead_of(case: Case, part: str) -> Lead:
    return Lead(case.id, "34", part)


def a_case(*, opening: Opening | None = None, **item_changes) -> Case:
    """A case just opened at this node by its applicant."""
    if not ItemVersion.objects.filter(item=ITEM).exists():
        some_organs()
        publish(**item_changes)
    opening = opening or an_opening()
    open_case(Actor(role=Role.APPLICANT, node="34"), opening)
    return Case.objects.get(id=opening.case_id)


def the_applicant(case: Case) -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=case.applicant)


def another_applicant() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=uuid7())


def an_officer(*acts: str, region: str = "34") -> Actor:
    """An officer of this node who may do these acts, all when none is named."""
    return officer(username=f"officer-{uuid7()}", acts=list(acts) or ["*"], region=region)


def a_clerk(organ: str) -> Actor:
    return Actor(role=Role.CLERK, node="34", person=uuid7(), organ=organ, via=Via.COUNTER)


def do(actor: Actor, case: Case, act: Act, **content) -> Step:
    """Do the act with the case as it stands before the actor."""
    seen = Case.objects.get(id=case.id).head
    step = take(actor, case.id, act, seen=seen, content=content)
    case.refresh_from_db()
    return step


def copies_of(case: Case, count: int) -> None:
    """As many more cases of the same person, like this one."""
    values = {field.attname: getattr(case, field.attname) for field in Case._meta.fields}
    made = Case.objects.bulk_create(Case(**{**values, "id": uuid7()}) for _ in range(count))
    for entry in made:
        name_parties(entry.id, [entry.applicant], received_at=entry.received_at)


def later(days: int) -> None:
    """Let so many days pass on this node's clock."""
    shift_clock(OPERATOR, days=days)
