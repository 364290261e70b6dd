"""Lists are read in their order, and a page costs what a page holds."""

import pytest
from django.db import connection

from tongban.cases.queries import work_list
from tongban.cases.rules.table import Status
from tongban.cases.tests.build import a_case, an_officer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [None, Status.SUBMITTED, Status.CLOSED])
def test_the_work_list_comes_in_its_order_from_an_index_however_many_cases_there_are(status):
    case = a_case()
    officer = an_officer()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
    for after in (None, (case.received_at, case.id)):
        plan = work_list(officer, after=after, status=status)[:20].explain()
        assert "Index Scan using cases_work" in plan
        assert "Sort" not in plan
