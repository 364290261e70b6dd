"""The table of who follows a case until when."""

import pytest

from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.following import TERMS, ended, removed
from tongban.cases.rules.parts import Part, PartStatus
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Status
from tongban.cases.tests.build import XUHUI


def test_every_reason_to_follow_has_an_end_that_is_said():
    assert set(TERMS) == set(Follows)
    assert all(term.until and term.because for term in TERMS.values())


@pytest.mark.parametrize("status", Status)
def test_the_receiving_node_never_goes(status):
    assert not ended([("31", Follows.RECEIVING)], State(status=status, outcome="recalled", delivered=True))


@pytest.mark.parametrize(
    ("role", "state", "goes"),
    [
        (Follows.INFORMED, State(status=Status.SUBMITTED), False),
        (Follows.INFORMED, State(status=Status.ANSWERED, outcome="answered"), False),
        (Follows.INFORMED, State(status=Status.CLOSED, outcome="granted"), False),
        (Follows.INFORMED, State(status=Status.WITHDRAWN, outcome="recalled"), True),
        (Follows.INFORMED, State(status=Status.DENIED, outcome="denied"), True),
        (Follows.INFORMED, State(status=Status.CLOSED, outcome="revoked"), True),
        (Follows.LEAD, State(status=Status.CLOSED, outcome="denied"), False),
        (Follows.LEAD, State(status=Status.SENT_BACK, outcome="sent_back"), True),
        (Follows.LEAD, State(status=Status.WITHDRAWN, outcome="withdrawn"), True),
        (Follows.PREDECESSOR, State(status=Status.GRANTED, outcome="granted"), False),
        (Follows.PREDECESSOR, State(status=Status.CLOSED, outcome="granted"), True),
        (Follows.DELIVERING, State(status=Status.GRANTED, outcome="granted"), False),
        (Follows.DELIVERING, State(status=Status.GRANTED, outcome="granted", delivered=True), True),
    ],
)
def test_a_reason_ends_when_its_row_says_so(role, state, goes):
    assert bool(ended([("31", role)], state)) is goes


@pytest.mark.parametrize(
    ("parts", "status", "goes"),
    [
        ([PartStatus.WAITING], Status.ACCEPTED, False),
        ([PartStatus.WAITING], Status.DENIED, True),
        ([PartStatus.REFUSED], Status.ACCEPTED, True),
        ([PartStatus.REFUSED, PartStatus.WAITING], Status.ACCEPTED, False),
        ([PartStatus.DONE], Status.CLOSED, False),
        ([PartStatus.PARTIAL, PartStatus.REFUSED], Status.DENIED, False),
        ([PartStatus.DONE], Status.WITHDRAWN, True),
    ],
)
def test_who_assists_stays_while_he_is_waited_for_or_has_contributed(parts, status, goes):
    held = tuple(Part(f"s{n}@{XUHUI}", f"s{n}", found, node="31") for n, found in enumerate(parts))
    other = Part("s@320000000000", "s", PartStatus.DONE, node="32")
    state = State(status=status, parts=(*held, other))
    assert bool(ended([("31", Follows.CO_HANDLING)], state)) is goes


def test_a_node_goes_with_its_last_reason():
    state = State(status=Status.CLOSED, outcome="granted")
    both = [("31", Follows.PREDECESSOR), ("31", Follows.RECEIVING), ("32", Follows.PREDECESSOR)]
    assert ended(both, state) == {("31", Follows.PREDECESSOR), ("32", Follows.PREDECESSOR)}
    assert removed(both, state) == {"32"}
