"""The main job with real processes: a small sample under chaos, and damage that must not stay unnoticed."""

import io
import json
from contextlib import redirect_stdout

import pytest

from journey.__main__ import main

pytestmark = pytest.mark.journey


def journey(*arguments: str) -> tuple[int, dict]:
    out = io.StringIO()
    with redirect_stdout(out):
        code = main([*arguments, "--json"])
    return code, json.loads(out.getvalue())


def test_a_sample_under_chaos_loses_and_doubles_nothing():
    code, result = journey(
        "--chaos", "--seed=7", "--items=kstb-1-07,kstb-1-37,kstb-2-45", "--outcomes=granted,withdrawn,corrected_granted"
    )
    assert result["failed"] == []
    assert result["verified"]["faults"] == []
    assert result["verified"]["equal"] == result["verified"]["cases"] >= 12
    assert code == 0


@pytest.mark.parametrize("damage", ["byte", "row"])
def test_damage_behind_the_nodes_back_makes_the_journey_fail(damage):
    code, result = journey(f"--sabotage={damage}", "--items=kstb-1-37", "--outcomes=granted")
    assert result["sabotaged"] == {damage: True}
    assert result["verified"]["passed"] is False
    assert code == 1


def test_followers_come_and_go_by_steps_and_none_holds_more_than_was_for_it():
    """抄告 ends with a case that comes to nothing and begins again with its reopening; a predecessor sees the end."""
    code, result = journey("--items=kstb-1-29,kstb-1-37", "--outcomes=reopened,withdrawn,transferred")
    assert result["failed"] == []
    assert result["verified"]["faults"] == []
    assert result["verified"]["removed"] >= 2
    assert code == 0


def test_several_sign_one_withdraws_alone_and_one_of_many_is_denied():
    """Marriage before a clerk, a family's shop at three log-ins, a school's roster over three provinces."""
    code, result = journey(
        "--items=kstb-1-37,kstb-2-04,kstb-3-03", "--outcomes=signed_again,withdrawn_by_one,partly_granted"
    )
    assert result["failed"] == []
    assert result["verified"]["faults"] == []
    assert sum(row["cases"] for row in result["patterns"]) >= 5
    assert code == 0


def test_one_event_is_handed_in_once_and_every_part_decided_by_its_own_home():
    """One part takes the day of another, one is completed when its turn comes, one waits for a signature."""
    code, result = journey("--bundles=unemployed,disability,marriage", "--nodes=00,34,31")
    assert result["failed"] == []
    assert result["verified"]["faults"] == []
    rows = {row["bundle"]: row for row in result["bundles"]}
    assert {key: (row["parts"], row["passed"]) for key, row in rows.items()} == {
        "disability": (2, 2),
        "marriage": (3, 3),
        "unemployed": (3, 3),
    }
    assert any(len(row["homes"]) == 2 for row in rows.values())
    assert code == 0
