"""A follower that was removed holds what was for it and nothing else; how it went stands in the chain."""

import json
from typing import Any

import pytest

from verify.tests.build import CASE, HOME, ORIGIN, World, letter, payload_of, receipt

GONE = {2: (True, True), 3: (False, False), 4: (False, False)}
BACK = {2: (True, True), 3: (False, False)}


def faults(world: World) -> set[tuple[str, str]]:
    return {(fault.code, fault.node) for fault in world.report().faults}


def held_by_origin(world: World) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = world.cases[ORIGIN][CASE]["steps"]
    return steps


def hand_over(world: World, number: int) -> None:
    """The home sends a step to the node that was removed before it."""
    step = world.cases[HOME][CASE]["steps"][number - 1]
    answer = receipt(step["letter"], to=ORIGIN, second=40 + number)
    world.cases[HOME][CASE]["receipts"].append(answer)
    world.deliver(HOME, ORIGIN, step["letter"], answer)
    held_by_origin(world).append({"letter": dict(step["letter"]), "bodies": {}})


def test_a_removed_follower_ends_with_the_step_that_removed_it():
    world = World(GONE)
    report = world.report()
    assert len(held_by_origin(world)) == 2
    assert report.faults == ()
    assert (report.passed, report.removed, report.as_json()["removed"]) == (True, 1, 1)


def test_a_follower_that_was_added_again_has_what_it_missed():
    world = World(BACK)
    assert len(held_by_origin(world)) == 4
    assert world.report().faults == ()


def test_a_follower_that_was_added_again_without_what_it_missed_is_found():
    world = World(BACK)
    held_by_origin(world).pop(2)
    assert ("copy_short", ORIGIN) in faults(world)


def test_a_removed_follower_that_lacks_its_last_step_is_found():
    world = World(GONE)
    held_by_origin(world).pop()
    assert faults(world) == {("copy_short", ORIGIN)}


def test_a_step_that_goes_to_a_removed_node_is_found():
    world = World(GONE)
    hand_over(world, 3)
    assert faults(world) == {("copy_beyond", ORIGIN)}


def test_a_node_called_to_assist_since_its_removal_may_have_all_steps_so_far():
    world = World(GONE)
    call_to_assist(world)
    assert faults(world) == set()
    hand_over(world, 3)
    hand_over(world, 4)
    assert faults(world) == set()


def call_to_assist(world: World) -> None:
    """The last step asks for an assist case at the node that was removed before."""
    step = world.cases[HOME][CASE]["steps"][3]
    header = json.loads(payload_of(step["letter"]))["data"]
    link = {"part": "there@340000000000", "co_case": CASE[:-1] + "9", "node": ORIGIN}
    step["letter"] = letter(HOME, "step", 14, {**header, "facts": {"links": [link]}})


@pytest.mark.parametrize(
    "following",
    [{3: (False, False), 4: (False, False)}, {4: (False, True)}],
    ids=["not named any more", "removed by a step that it does not get"],
)
def test_a_follower_that_is_lost_without_a_last_step_is_found(following):
    assert ("follower_lost", HOME) in faults(World(following))


def test_a_copy_of_a_case_that_nobody_sent_there_is_found():
    world = World()
    world.cases["00"][CASE] = {**world.cases[ORIGIN][CASE], "files": []}
    assert ("copy_beyond", "00") in faults(world)


def test_a_removed_follower_may_erase_while_the_case_goes_on():
    world = World(GONE)
    copy = world.cases[ORIGIN][CASE]
    copy["steps"] = [{**step, "bodies": {}} for step in copy["steps"]]
    copy |= {"files": [], "erased_at": "2027-06-01T00:00:00.000Z"}
    assert faults(world) == set()


def test_a_follower_that_was_not_removed_may_not():
    world = World(GONE)
    copy = world.cases[ORIGIN][CASE]
    copy["steps"].pop()
    copy["erased_at"] = "2027-06-01T00:00:00.000Z"
    assert ("erased_early", ORIGIN) in faults(world)
