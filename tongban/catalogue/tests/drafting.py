"""A province's offices that draft a standard together, and what they do with it."""

from typing import Any

from tongban.base.actor import Actor, Role
from tongban.calendar.actions import shift_clock
from tongban.catalogue import actions, queries
from tongban.catalogue.models import Draft, DraftStep
from tongban.catalogue.rules.drafting import Act, Given
from tongban.catalogue.rules.writing import text_of
from tongban.catalogue.tests.build import a_content, load_base_items
from tongban.orgs.actions import grant, make_demo_officer, make_demo_organs
from tongban.orgs.models import Organ
from tongban.orgs.queries import organ_kinds
from tongban.orgs.tests.build import ANHUI, NODE, places, some_divisions

ITEM, LEAD, UNIT = "kstb-1-34", "market_regulation", "commerce"
"""外资企业及分支机构设立登记: the market regulator leads, the department of commerce co-operates."""
ALONE = "kstb-1-37"
"""An item that has no co-operating unit."""
MANY = "kstb-2-45"
"""An item with six of them, one of which has no organ in the province."""


def offices() -> None:
    some_divisions()
    make_demo_organs(NODE, kinds=organ_kinds(), places=places())
    load_base_items()


def an_officer(username: str, kind: str, *acts: str, item: str = "*", region: str = "34") -> Actor:
    organ = Organ.objects.get(kind=kind, division_id=ANHUI)
    officer = make_demo_officer(NODE, username=username, name="示例", organ=organ.code, acts=["accept"], region="34")
    grant(NODE, officer=officer.id, acts=acts, item=item, region=region)
    return Actor(role=Role.OFFICER, node="34", person=officer.id, organ=organ.code)


def a_drafter(username: str = "drafter", kind: str = "data_bureau") -> Actor:
    return an_officer(username, kind, "item_draft")


def a_reviewer(username: str = "reviewer", kind: str = LEAD) -> Actor:
    return an_officer(username, kind, "item_review")


def a_unit(username: str = "unit", kind: str = UNIT) -> Actor:
    return an_officer(username, kind, "item_opinion")


def a_text(item: str = ITEM, /, **changes: Any) -> str:
    return text_of(a_content(item, **{"topics": ["新的主题"], **changes}))


def begun(item: str = ITEM, /, **changes: Any) -> Draft:
    """A draft with a text that may be sent."""
    draft = actions.begin_draft(a_drafter(), item=item)
    return write(draft, a_text(item, **changes))


def write(draft: Draft, text: str) -> Draft:
    newest = queries.versions(draft.item_id, "34").first()
    base = newest.version if newest else 0
    return actions.save_text(a_drafter(), draft.id, seen=seen(draft), base=base, text=text)


def do(actor: Actor, draft: Draft, act: Act, **given: Any) -> DraftStep:
    """As somebody does who has just opened the page."""
    return actions.take_step(actor, draft.id, act=act, seen=seen(draft), given=Given(**given))


def seen(draft: Draft) -> int:
    return Draft.objects.get(id=draft.id).revision


def now_of(draft: Draft) -> Draft:
    return Draft.objects.get(id=draft.id)


def sent(item: str = ITEM, /) -> Draft:
    draft = begun(item)
    do(a_drafter(), draft, Act.SEND, said="按新规定精简材料")
    return draft


def consulted(item: str = ITEM, /) -> Draft:
    draft = sent(item)
    do(a_reviewer(), draft, Act.CONSULT, days=5)
    return draft


def later(days: int) -> None:
    """Let so many days pass on this node's clock."""
    shift_clock(NODE, days=days)
