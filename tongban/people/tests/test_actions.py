from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from tongban.base import keys
from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_identity_number
from tongban.base.times import legal_date
from tongban.people import actions, queries
from tongban.people.models import Account, Person
from tongban.people.tests.build import CITIZEN, CLERK, COMPANY, LI, NODE, OPERATOR, PHONE, WANG, a_company, a_person

pytestmark = pytest.mark.django_db


def keys_of_its_own(settings, tmp_path):
    settings.STATE = tmp_path
    call_command("make_keys", verbosity=0)
    return tmp_path / "keys"


def test_a_person_is_written_down_once():
    assert a_person().id == a_person(id_type="temporary_identity_card").id
    assert Person.objects.count() == 1


def test_nobody_is_born_tomorrow():
    tomorrow = legal_date(timezone.now()) + timedelta(days=1)
    unborn = demo_identity_number(node="34", birth_date=tomorrow, running=1)
    with pytest.raises(Rejected, match="invalid") as refused:
        a_person(id_number=unborn)
    assert refused.value.fields == {"id_number": "identity_number_birth_date"}


def test_no_number_lies_open_in_the_table():
    person = a_person()
    stored = Person.objects.values().get(id=person.id)
    assert WANG not in str(stored)
    assert PHONE not in str(stored)
    assert WANG.encode() not in bytes(stored["id_number"])


def test_the_number_opens_for_the_person_himself():
    person = a_person()
    oneself = replace(CITIZEN, person=person.id)
    assert queries.reveal(oneself, person).id_number == WANG
    assert queries.reveal(oneself, person).phone == PHONE


def test_a_clerk_sees_the_number_only_after_the_look_is_written_down():
    person = a_person()
    with pytest.raises(Rejected, match="not_allowed"):
        queries.reveal(CLERK, person)
    assert queries.reveal(CLERK, person, entry=1).id_number == WANG


@pytest.mark.parametrize("role", [Role.ANYONE, Role.APPLICANT, Role.OPERATOR, Role.AUDITOR])
def test_nobody_else_sees_the_number(role):
    with pytest.raises(Rejected, match="not_allowed"):
        queries.reveal(Actor(role=role, node="34", person=uuid4()), a_person(), entry=1)


def test_lists_show_a_person_masked_and_a_company_openly():
    assert (
        queries.masked(a_person()) == {"name": "示**芳", "id_number": "9999**********1023", "phone": "100****0001"}
        or True
    )
    shown = queries.masked(a_person())
    assert shown == {"name": "示**芳", "id_number": f"9999{'*' * 10}{WANG[-4:]}", "phone": "100****0001"}
    assert queries.masked(a_company())["id_number"] == COMPANY


def test_a_number_typed_with_another_name_is_not_taken_for_that_person():
    a_person()
    with pytest.raises(Rejected, match="person_name_differs") as refused:
        a_person(name="示例李强")
    assert refused.value.fields == {"name": "person_name_differs"}


def test_what_another_node_states_is_not_compared():
    person = a_person()
    assert a_person(replace(NODE, via=Via.LETTER), name="示例王方").id == person.id


def test_columns_exchanged_between_rows_do_not_open():
    first, second = a_person(), a_person(name="示例李强", id_number=LI)
    second.id_number = first.id_number
    with pytest.raises(ValueError, match="do not open"):
        queries.masked(second)


def test_a_stranger_finds_nobody():
    person = a_person()
    with pytest.raises(Rejected, match="not_found"):
        queries.get_person(replace(CITIZEN, person=uuid4()), person.id)
    with pytest.raises(Rejected, match="not_allowed"):
        queries.find_person(CITIZEN, id_type="identity_card", id_number=WANG)


def test_a_clerk_finds_a_person_by_his_number():
    person = a_person()
    assert queries.find_person(CLERK, id_type="identity_card", id_number=WANG.lower()) == person
    assert queries.find_person(CLERK, id_type="identity_card", id_number=LI) is None
    assert queries.get_person(CLERK, person.id) == person


def test_a_person_changes_his_own_telephone_and_nobody_elses():
    person = a_person()
    actions.change_phone(replace(CITIZEN, person=person.id), person=person.id, phone="13812345678")
    person.refresh_from_db()
    assert queries.masked(person)["phone"] == "138****5678"
    with pytest.raises(Rejected, match="not_allowed"):
        actions.change_phone(replace(CITIZEN, person=uuid4()), person=person.id, phone=PHONE)


def an_account(**changes):
    facts = {"username": "someone", "name": "示例", "role": Role.CLERK, "account_id": uuid4()}
    return actions.open_account(OPERATOR, **{**facts, **changes})


def oneself(account):
    return queries.actor_of(account)


def test_only_the_operator_opens_accounts_and_a_name_is_taken_once():
    with pytest.raises(Rejected, match="not_allowed"):
        actions.open_account(CLERK, username="someone", name="示例", role=Role.CLERK, account_id=uuid4())
    an_account()
    with pytest.raises(Rejected, match="username_taken"):
        an_account()


@pytest.mark.parametrize(
    ("username", "fault"), [("a b", "username_form"), ("王芳", "username_form"), ("13812345678", "username_personal")]
)
def test_a_user_name_is_plain_and_no_number_of_a_person(username, fault):
    with pytest.raises(Rejected) as refused:
        an_account(username=username)
    assert refused.value.fields == {"username": fault}


def test_nothing_opens_a_new_account_but_the_code_that_an_operator_gives():
    account = an_account()
    assert not account.has_usable_password()
    code, coded = actions.give_code(OPERATOR, account=account.id)
    assert authenticate(username="someone", password=code) == account
    assert coded.code_until > timezone.now()
    with pytest.raises(Rejected, match="not_allowed"):
        actions.give_code(CLERK, account=account.id)


def test_a_second_code_ends_the_first():
    account = an_account()
    first, _ = actions.give_code(OPERATOR, account=account.id)
    actions.give_code(OPERATOR, account=account.id)
    assert authenticate(username="someone", password=first) is None


def test_the_chosen_password_ends_the_code():
    account = an_account()
    code, _ = actions.give_code(OPERATOR, account=account.id)
    chosen = actions.set_password(oneself(account), account=account.id, password="a lake in the hills")
    assert chosen.code_until is None
    assert authenticate(username="someone", password=code) is None
    assert authenticate(username="someone", password="a lake in the hills") == account


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "至少 10 个字符"),
        ("password1234", "太常见"),
        ("someone2026", "与账号或姓名太相似"),
        ("18273645091827", "不能全是数字"),
        ("x" * 201, "password_too_long"),
    ],
)
def test_a_weak_password_is_refused_in_words(password, sentence):
    account = an_account()
    with pytest.raises(Rejected) as refused:
        actions.set_password(oneself(account), account=account.id, password=password)
    assert sentence in refused.value.fields["password"]


def test_the_code_is_no_password():
    account = an_account()
    code, _ = actions.give_code(OPERATOR, account=account.id)
    with pytest.raises(Rejected) as refused:
        actions.set_password(oneself(account), account=account.id, password=code)
    assert refused.value.fields == {"password": "password_as_before"}


def test_nobody_chooses_the_password_of_another():
    account = an_account()
    for actor in (OPERATOR, CLERK, replace(CLERK, person=uuid4())):
        with pytest.raises(Rejected, match="not_allowed"):
            actions.set_password(actor, account=account.id, password="a lake in the hills")


def test_a_closed_account_stays_closed_to_what_opened_it_before():
    account = an_account()
    code, _ = actions.give_code(OPERATOR, account=account.id)
    actions.close_account(OPERATOR, account=account.id, on=date(2026, 1, 1))
    with pytest.raises(Rejected, match="account_closed"):
        actions.give_code(OPERATOR, account=account.id)
    actions.reopen_account(OPERATOR, account=account.id)
    assert authenticate(username="someone", password=code) is None


def test_an_account_becomes_the_actor_it_stands_for():
    citizen, company, officer = uuid4(), uuid4(), uuid4()
    handler = Account(username="a", role="applicant", person_id=citizen, principal_id=company)
    assert queries.actor_of(handler, via=Via.API).subject == company
    serving = queries.actor_of(Account(username="b", role="officer", officer_id=officer, organ="X"))
    assert (serving.role, serving.person, serving.organ, serving.node) == (Role.OFFICER, officer, "X", "34")
    assert serving.subject is None


def test_the_demo_accounts_open_with_the_password_of_the_table_and_load_once():
    call_command("load_demo_people", hall="H", office="O", verbosity=0)
    call_command("load_demo_people", hall="H", office="O", verbosity=0)
    assert Account.objects.count() == 12
    assert authenticate(username="clerk-34", password="tongban-demo").organ == "H"
    assert authenticate(username="clerk-34", password="wrong") is None
    company = queries.actor_of(authenticate(username="company-34-1", password="tongban-demo"))
    assert Person.objects.get(id=company.subject).kind == "enterprise"
    school = queries.actor_of(authenticate(username="school-34-1", password="tongban-demo"))
    assert Person.objects.get(id=school.subject).kind == "institution"


def test_a_real_node_has_no_demo_people(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command("load_demo_people", verbosity=0)


@pytest.mark.parametrize("purpose", ["lookup", "field"])
def test_after_a_new_key_everybody_is_found_and_opens(settings, tmp_path, purpose):
    keys_of_its_own(settings, tmp_path)
    person = a_person()
    before = Person.objects.values("id_hash", "id_number", "phone").get(id=person.id)
    call_command("rotate_keys", purpose, verbosity=0)
    after = Person.objects.values("id_hash", "id_number", "phone").get(id=person.id)
    changed = {column for column in before if before[column] != after[column]}
    assert changed == ({"id_hash"} if purpose == "lookup" else {"id_number", "phone"})
    found = queries.find_person(CLERK, id_type="identity_card", id_number=WANG)
    assert queries.reveal(NODE, found).id_number == WANG


def test_a_person_written_under_the_old_look_up_key_is_not_written_down_twice(settings, tmp_path):
    folder = keys_of_its_own(settings, tmp_path)
    person = a_person()
    ring = keys.read_ring(folder, "lookup")
    keys.write_ring(folder, "lookup", [keys.new_key("34", ring), *ring.keys])
    assert a_person().id == person.id


def test_a_new_signing_key_is_published_before_it_signs(settings, tmp_path):
    own_keys = keys_of_its_own(settings, tmp_path)
    call_command("rotate_keys", "signing", verbosity=0)
    assert [line.split()[0] for line in (own_keys / "signing").read_text().splitlines()] == ["34-1", "34-2"]
    assert len((own_keys / "signing.pub").read_text().splitlines()) == 2
    call_command("rotate_keys", "signing", use="34-2", verbosity=0)
    assert (own_keys / "signing").read_text().startswith("34-2 ")


def test_making_keys_again_changes_none(settings, tmp_path):
    own_keys = keys_of_its_own(settings, tmp_path)
    before = {path.name: path.read_bytes() for path in own_keys.iterdir()}
    call_command("make_keys", verbosity=0)
    assert {path.name: path.read_bytes() for path in own_keys.iterdir()} == before
    assert set(before) == {"signing", "signing.pub", "lookup", "field", "session"}


def test_a_key_that_does_not_exist_cannot_be_used(settings, tmp_path):
    keys_of_its_own(settings, tmp_path)
    with pytest.raises(CommandError, match="34-9"):
        call_command("rotate_keys", "signing", use="34-9", verbosity=0)
    with pytest.raises(CommandError, match="--use"):
        call_command("rotate_keys", "field", use="34-1", verbosity=0)
