from datetime import date

import pytest

from tongban.base.errors import Rejected
from tongban.catalogue.rules.agreements import route
from tongban.catalogue.rules.windows import is_open, next_opening, read_day
from tongban.catalogue.tests.build import HERE, THERE, a_definition


def yearly(opens, closes, **changes):
    return {"opens": opens, "closes": closes, "source": "示例", **changes}


def an_item(*windows):
    return a_definition(windows=list(windows))


def test_an_item_without_windows_is_open_all_year():
    assert is_open(an_item(), THERE, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "open_"), [("03-31", False), ("04-01", True), ("06-30", True), ("07-01", False)], ids=str
)
def test_a_yearly_window_takes_its_first_and_last_day(day, open_):
    assert is_open(an_item(yearly("04-01", "06-30")), THERE, date.fromisoformat(f"2027-{day}")) is open_


@pytest.mark.parametrize(("day", "open_"), [("12-15", True), ("01-10", True), ("02-01", False)], ids=str)
def test_a_window_may_run_over_the_new_year(day, open_):
    assert is_open(an_item(yearly("12-01", "01-31")), THERE, date.fromisoformat(f"2027-{day}")) is open_


def test_a_place_with_a_window_of_its_own_does_not_have_the_common_one():
    item = an_item(yearly("03-01", "05-31"), yearly("08-01", "10-31", places=["31"]))
    assert is_open(item, HERE, date(2027, 4, 1))
    assert not is_open(item, THERE, date(2027, 4, 1))
    assert is_open(item, THERE, date(2027, 9, 1))


def test_a_place_that_no_window_names_is_closed():
    item = an_item(yearly("08-01", "10-31", places=["31"]))
    assert next_opening(item, HERE, date(2027, 4, 1)) is None


def test_a_window_of_one_year_never_opens_again():
    item = an_item(yearly("2026-10-08", "2026-11-08"))
    assert is_open(item, THERE, date(2026, 10, 8))
    assert next_opening(item, THERE, date(2026, 11, 9)) is None


def test_who_comes_too_early_is_told_when_it_opens():
    found = route(
        [], place=THERE, authority_place=THERE, definition=an_item(yearly("04-01", "06-30")), on=date(2026, 11, 24)
    )
    assert (found.allowed, found.why, found.facts["opens"]) == (False, "window_closed", "2027-04-01")


def test_a_day_that_is_none_is_a_fault():
    assert read_day("02-30") is None
    with pytest.raises(Rejected) as caught:
        an_item(yearly("13-01", "06-30"))
    assert "windows.0.opens" in caught.value.fields
