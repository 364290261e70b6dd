from datetime import date

import pytest
from django.db import ProgrammingError

from tongban.base.actor import Actor, Role
from tongban.base.errors import NotYet, Rejected
from tongban.catalogue import actions, letters, queries
from tongban.catalogue.models import BaseItem, ItemChange
from tongban.catalogue.rules.bodies import BaseItemBody
from tongban.catalogue.tests.build import HERE, OPERATOR, a_content, heard, load_base_items, publish

pytestmark = pytest.mark.django_db

HUB = Actor(role=Role.OPERATOR, node="00")
DAY = date(2030, 3, 1)


def log(**of):
    return [(row.what, row.version, row.why) for row in queries.item_changes(**of)]


def way(on=None):
    return queries.find_route(item="kstb-1-37", place=HERE, authority_place=HERE, on=on)


def test_every_change_leaves_a_line_with_its_reason():
    publish()
    actions.publish(OPERATOR, content=a_content(topics=["开店"]), why="增加主题词")
    actions.suspend(OPERATOR, item="kstb-1-37", version=2, why="系统升级")
    actions.resume(OPERATOR, item="kstb-1-37", version=2, why="升级完成")
    actions.withdraw(OPERATOR, item="kstb-1-37", version=2, why="改由新办法规定")
    assert log(item="kstb-1-37") == [
        ("withdrawn", 2, "改由新办法规定"),
        ("resumed", 2, "升级完成"),
        ("suspended", 2, "系统升级"),
        ("published", 2, "增加主题词"),
        ("published", 1, ""),
    ]


def test_the_log_is_never_rewritten():
    publish()
    with pytest.raises(ProgrammingError):
        ItemChange.objects.update(why="另一个")


def test_while_suspended_nothing_new_is_taken_and_the_last_day_is_told():
    publish()
    actions.suspend(OPERATOR, item="kstb-1-37", version=1, since=DAY, until=date(2030, 3, 31), why="系统升级")
    assert way(date(2030, 2, 28)).allowed
    assert (way(DAY).why, way(DAY).facts["until"]) == ("suspended_until", "2030-03-31")
    assert way(date(2030, 4, 1)).allowed


def test_a_suspension_without_an_end_lasts_until_it_is_resumed():
    publish()
    actions.suspend(OPERATOR, item="kstb-1-37", version=1, why="法律修改")
    assert way().why == "suspended"
    actions.resume(OPERATOR, item="kstb-1-37", version=1)
    assert way().allowed
    with pytest.raises(Rejected, match="standard_not_suspended"):
        actions.resume(OPERATOR, item="kstb-1-37", version=1)


@pytest.mark.parametrize("wrong", [{"why": " "}, {"why": "x", "since": DAY, "until": date(2030, 2, 1)}])
def test_a_suspension_needs_a_reason_and_an_end_after_its_beginning(wrong):
    publish()
    with pytest.raises(Rejected, match="invalid"):
        actions.suspend(OPERATOR, item="kstb-1-37", version=1, **wrong)


def test_what_another_province_does_is_logged_when_it_is_heard(settings):
    load_base_items()
    settings.NODE = "31"
    actions.publish(Actor(role=Role.OPERATOR, node="31"), content=a_content())
    actions.suspend(Actor(role=Role.OPERATOR, node="31"), item="kstb-1-37", version=1, why="系统升级")
    told = [row.letter for row in ItemChange.objects.order_by("id")]
    assert len(set(told)) == 2
    assert log(provinces=["31"]) == [("suspended", 1, "系统升级"), ("published", 1, "")]


def merged(**changes):
    return BaseItemBody(
        **{
            "item": "kstb-1-21",
            "state": "merged",
            "successor": "kstb-2-27",
            "state_from": DAY,
            "why": "扩大到全国",
            **changes,
        }
    )


def test_the_hub_merges_an_item_into_its_successor_from_a_day_on(settings):
    load_base_items()
    settings.NODE = "00"
    actions.change_base_item(HUB, item="kstb-1-21", state="merged", successor="kstb-2-27", since=DAY, why="扩大到全国")
    settings.NODE = "34"
    assert not queries.is_over(queries.get_base_item("kstb-1-21"), date(2030, 2, 28))
    assert queries.is_over(queries.get_base_item("kstb-1-21"), DAY)
    assert log(item="kstb-1-21") == [("merged", None, "扩大到全国")]


def test_what_the_hub_has_said_outlives_the_next_loading_of_the_list():
    load_base_items()
    actions.keep_base_item(merged(), letter=heard("x", "x", {}).id)
    load_base_items()
    row = BaseItem.objects.get(key="kstb-1-21")
    assert (row.state, row.successor_id, row.state_from) == ("merged", "kstb-2-27", DAY)


def test_every_node_hears_it_from_the_hub_alone():
    load_base_items()
    data = merged().as_json()
    letters.hear_base_item(heard("base_item", "base-kstb-1-21", data, sender="00"))
    assert queries.get_base_item("kstb-1-21").state == "merged"
    with pytest.raises(Rejected, match="item_not_theirs"):
        letters.hear_base_item(heard("base_item", "base-kstb-1-21", data, sender="31"))


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"successor": None}])
def test_a_malformed_word_of_the_hub_is_refused(changes):
    load_base_items()
    with pytest.raises(Rejected, match="malformed"):
        letters.hear_base_item(heard("base_item", "base-kstb-1-21", merged(**changes).as_json(), sender="00"))


def test_an_item_that_is_not_known_here_yet_waits():
    with pytest.raises(NotYet, match="item_unknown_yet"):
        letters.hear_base_item(heard("base_item", "base-kstb-1-21", merged().as_json(), sender="00"))


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"why": ""}, {"why"}),
        ({"state": "lost"}, {"state"}),
        ({"state": "merged", "successor": None}, {"successor"}),
        ({"state": "merged", "successor": "kstb-1-21"}, {"successor"}),
    ],
)
def test_the_hub_gives_a_state_and_a_reason(settings, wrong, fields):
    load_base_items()
    settings.NODE = "00"
    with pytest.raises(Rejected) as caught:
        actions.change_base_item(HUB, **{"item": "kstb-1-21", "state": "ended", "why": "x", **wrong})
    assert set(caught.value.fields) == fields


def test_a_province_does_not_change_the_list():
    load_base_items()
    with pytest.raises(Rejected, match="not_allowed"):
        actions.change_base_item(OPERATOR, item="kstb-1-21", state="ended", why="x")


def test_the_list_says_what_holds_today(django_assert_num_queries):
    publish()
    actions.suspend(OPERATOR, item="kstb-1-37", version=1, since=DAY, why="系统升级")
    with django_assert_num_queries(2):
        today = {entry.item.key: entry.standing for entry in queries.the_list("34", on=date(2030, 1, 1))}
    then = {entry.item.key: entry.standing for entry in queries.the_list("34", on=DAY)}
    assert (today["kstb-1-37"], then["kstb-1-37"]) == ("open", "suspended")
    assert (today["kstb-2-50"], today["kstb-2-49"]) == ("over", "undefined")
    assert len(today) == 140
