from uuid import UUID

from tongban.base.actor import Actor, Role, system
from tongban.base.identifiers import demo_uuid
from tongban.orgs.actions import load_divisions, make_demo_officer, make_demo_organs
from tongban.orgs.models import Organ
from tongban.orgs.rules import OrganKind, Place, parse_kinds, parse_places

NODE = system("34")
OPERATOR = Actor(role=Role.OPERATOR, node="34")

DIVISIONS = """code,name,level,first_listed,no_longer_listed,successor
340000,安徽省,province,,,
340100,合肥市,city,,,
340102,瑶海区,county,2002-12,,
340103,庐阳区,county,2002-12,,
340123,肥西县,county,,,
340200,芜湖市,city,,,
340203,弋江区,county,2006-12,2020-12,340209
340209,弋江区,county,2020-12,,
340221,芜湖县,county,,2020-12,340210
340210,湾沚区,county,2020-12,,
342600,巢湖地区,city,,2000-12,
342622,庐江县,county,,2000-12,
310000,上海市,province,,,
310104,徐汇区,county,,,
"""
VILLAGES = "code,name,level\n340123100000,上派镇,township\n340123100001,青年社区居民委员会,village\n"
KINDS = """key,number,province,city,county,nature,registered
service_hall,1,政务服务中心,政务服务中心,政务服务中心,3,12
public_security,4,公安厅,公安局,公安局,1,11
postal,21,邮政管理局,邮政管理局,,1,11
"""

FEIXI = "340123000000"
HEFEI = "340100000000"
ANHUI = "340000000000"
VILLAGE = "340123100001"


def places() -> list[Place]:
    return parse_places(DIVISIONS) + parse_places(VILLAGES)


def kinds() -> list[OrganKind]:
    return parse_kinds(KINDS)


def some_divisions() -> None:
    load_divisions(NODE, places=places())


def some_organs() -> None:
    some_divisions()
    make_demo_organs(NODE, kinds=kinds(), places=places())


def an_officer(**changes) -> Actor:
    """An officer of Hefei's police; acts and region as granted."""
    organ = Organ.objects.get(kind="public_security", division_id=HEFEI)
    facts = {"username": "someone", "name": "示例", "organ": organ.code, "acts": ["accept"], "region": "3401"}
    officer = make_demo_officer(NODE, **{**facts, **changes})
    return Actor(role=Role.OFFICER, node="34", person=officer.id, organ=organ.code)


def stranger() -> UUID:
    return demo_uuid("officer", "nobody")
