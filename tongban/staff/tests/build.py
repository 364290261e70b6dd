"""A bureau's sheets, and the people in them."""

from tongban.base.actor import Actor, Role
from tongban.base.identifiers import demo_credit_code
from tongban.base.uuid7 import uuid7
from tongban.catalogue.actions import load_base_items
from tongban.catalogue.queries import shipped_base_items
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import NODE, some_divisions
from tongban.people.models import Account
from tongban.staff import actions
from tongban.staff.rules import Sheet

OPERATOR = Actor(role=Role.OPERATOR, node="34", person=uuid7())
HALL, POLICE, OLD = (demo_credit_code(node="34", kind="11", running=90 + number) for number in range(3))

ORGANS = f"""统一社会信用代码,机构名称,机构类别,行政区划代码,实施主体性质,地址,电话,办公时间,值班联系人,撤销日期
{HALL},肥西县政务服务中心（示例）,service_hall,340123,3 受委托组织,示例路1号,0551-62345678,工作日,示例某某 12345,
{POLICE},安徽省公安厅（示例）,公安厅,340000,法定机关,,,,,
"""
STAFF = f"""账号,姓名,岗位,机构代码,离岗日期
hall1,示例窗口,窗口人员,{HALL},
police1,示例承办,承办人员,{POLICE},
ops1,示例运维,运维人员,,
"""
GRANTS = """账号,办理环节,事项,区域
police1,受理、告知补正、准予,个体工商户设立登记,340100
police1,全部,kstb-1-07,全部
"""


def ground(settings, tmp_path) -> None:
    a_federation(settings, tmp_path)
    some_divisions()
    load_base_items(NODE, rows=shipped_base_items())


def sheets(*, organs=ORGANS, staff=STAFF, grants=GRANTS) -> dict[Sheet, bytes]:
    return {Sheet.ORGANS: organs.encode(), Sheet.STAFF: staff.encode(), Sheet.GRANTS: grants.encode()}


def load(*, dry_run=False, **changed) -> actions.Report:
    return actions.load(OPERATOR, sheets=sheets(**changed), dry_run=dry_run)


def told(report: actions.Report) -> list[tuple[str, int, str]]:
    return [(str(fault.sheet), fault.row, fault.column) for fault in report.faults]


def loaded() -> None:
    assert load().faults == []


def account(username: str) -> Account:
    return Account.objects.get(username=username)
