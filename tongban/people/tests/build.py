from datetime import date

from tongban.base.actor import Actor, Role, Via, system
from tongban.base.identifiers import demo_credit_code, demo_identity_number, demo_phone
from tongban.people.actions import find_or_create_person
from tongban.people.models import Person

NODE = system("34")
CITIZEN = Actor(role=Role.APPLICANT, node="34")
CLERK = Actor(role=Role.CLERK, node="34", via=Via.COUNTER)
OPERATOR = Actor(role=Role.OPERATOR, node="34")
WANG = demo_identity_number(node="34", birth_date=date(1986, 3, 12), running=102)
LI = demo_identity_number(node="34", birth_date=date(1979, 11, 5), running=215)
COMPANY = demo_credit_code(node="34", kind="91", running=1)
PHONE = demo_phone(node="34", running=1)


def a_person(actor=CLERK, **changes) -> Person:
    facts = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG, "phone": PHONE}
    return find_or_create_person(actor, **{**facts, **changes})


def a_company(actor=CLERK, **changes) -> Person:
    return a_person(
        actor, **{"kind": "enterprise", "name": "示例公司", "id_type": "credit_code", "id_number": COMPANY, **changes}
    )
