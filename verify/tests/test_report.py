"""An honest world passes; each kind of damage is found and named."""

import json

import pytest

from verify.directory import read_directory
from verify.seals import Unreadable, read_object, read_seal
from verify.tests.build import (
    CASE,
    HOME,
    NOTICE,
    ORIGIN,
    SCAN,
    World,
    b64url,
    change_byte,
    codes,
    directory_text,
    letter,
    payload_of,
    receipt,
    sha256,
    sign,
)


def test_an_honest_world_passes():
    report = World().report()
    assert report.faults == ()
    assert report.passed
    assert report.last_line == "cases 1, letters 5, digests equal 1/1"


def test_an_empty_world_does_not_pass():
    world = World()
    world.cases = {node: {} for node in world.cases}
    world.letters = {node: [] for node in world.letters}
    assert not world.report(counted=False).passed


def test_a_byte_changed_in_a_step_at_home_is_found():
    def spoil(world):
        sealed = world.cases[HOME][CASE]["steps"][2]["letter"]
        world.cases[HOME][CASE]["steps"][2]["letter"] = {
            **sealed,
            "payload": change_byte(sealed["payload"], find=b'"granted"', put=b'"granteD"'),
        }

    assert {"signature", "prev", "copy_differs", "receipt_missing"} <= codes(spoil)


def test_a_byte_changed_in_a_step_at_a_follower_is_found():
    def spoil(world):
        sealed = world.cases[ORIGIN][CASE]["steps"][1]["letter"]
        sealed["payload"] = change_byte(sealed["payload"], find=b'"accepted"', put=b'"Accepted"')

    assert {"signature", "copy_differs"} <= codes(spoil)


def test_a_step_lost_at_home_is_found():
    assert {"number", "prev", "copy_differs", "act_lost"} <= codes(
        lambda world: world.cases[HOME][CASE]["steps"].pop(1)
    )


def test_the_last_step_lost_at_a_follower_is_found():
    assert codes(lambda world: world.cases[ORIGIN][CASE]["steps"].pop()) == {"copy_short"}


def test_the_last_step_lost_at_home_is_found():
    assert {"copy_longer", "status"} <= codes(lambda world: world.cases[HOME][CASE]["steps"].pop())


def test_a_copy_that_is_gone_is_found():
    assert codes(lambda world: world.cases[ORIGIN].clear()) == {"copy_missing"}


def test_a_case_that_its_home_lost_is_found():
    assert {"home_lost_case", "case_lost"} <= codes(lambda world: world.cases[HOME].clear())


def test_a_receipt_that_is_gone_is_found():
    assert codes(lambda world: world.cases[HOME][CASE]["receipts"].pop(0)) == {"receipt_missing"}


def test_a_receipt_signed_by_somebody_else_is_found():
    def spoil(world):
        step = world.cases[HOME][CASE]["steps"][0]["letter"]
        world.cases[HOME][CASE]["receipts"][0] = receipt(step, to=ORIGIN, second=31, by=HOME)

    assert codes(spoil) == {"receipt"}


def test_steps_taken_out_of_order_are_found():
    def spoil(world):
        step = world.cases[HOME][CASE]["steps"][0]["letter"]
        world.cases[HOME][CASE]["receipts"][0] = receipt(step, to=ORIGIN, second=59)

    assert codes(spoil) == {"order"}


def test_a_changed_body_is_found():
    def spoil(world):
        bodies = world.cases[ORIGIN][CASE]["steps"][0]["bodies"]
        bodies["applicant"] = change_byte(bodies["applicant"], find=b"a1", put=b"b1")

    assert codes(spoil) == {"body_digest"}


def test_a_body_missing_at_home_is_found():
    assert codes(lambda world: world.cases[HOME][CASE]["steps"][0]["bodies"].pop("home")) == {"body_missing"}


def test_an_internal_body_that_left_the_home_is_found():
    def spoil(world):
        body = world.cases[HOME][CASE]["steps"][0]["bodies"]["home"]
        world.cases[ORIGIN][CASE]["steps"][0]["bodies"]["home"] = body

    assert codes(spoil) == {"body_leaked"}


def test_a_body_for_another_audience_than_the_follower_is_found():
    def spoil(world):
        body = world.cases[ORIGIN][CASE]["steps"][0]["bodies"].pop("applicant")
        world.cases[ORIGIN][CASE]["steps"][0]["bodies"]["deciding"] = body

    assert codes(spoil) == {"body_digest", "body_leaked"}


def test_a_changed_document_is_found():
    def spoil(world):
        body = json.dumps({"document": {"html": NOTICE + " "}}).encode()
        world.cases[ORIGIN][CASE]["steps"][1]["bodies"]["applicant"] = b64url(body)

    assert codes(spoil) == {"body_digest", "document_digest"}


def test_a_document_that_the_home_lost_is_found():
    def spoil(world):
        world.cases[HOME][CASE]["steps"][1]["bodies"].pop("applicant")

    assert codes(spoil) == {"body_missing", "document_missing"}


def test_a_changed_file_is_found():
    def spoil(world):
        world.contents[ORIGIN][sha256(SCAN)] = SCAN + b" "

    assert codes(spoil) == {"file_digest"}


def test_a_lost_material_is_found():
    assert {"material_lost"} <= codes(lambda world: world.contents[HOME].pop(sha256(SCAN)))


def test_an_ask_that_nobody_answered_is_found():
    def spoil(world):
        ask = letter(ORIGIN, "ask", 20, {"case": CASE, "act": "withdraw", "home": HOME, "from": ORIGIN, "seen": 4})
        world.deliver(ORIGIN, HOME, ask, None)

    assert codes(spoil) == {"ask_answer", "unreceipted"}


def test_an_ask_taken_without_a_step_is_found():
    def spoil(world):
        ask = letter(ORIGIN, "ask", 20, {"case": CASE, "act": "withdraw", "home": HOME, "from": ORIGIN, "seen": 4})
        world.deliver(ORIGIN, HOME, ask, receipt(ask, to=HOME))

    assert codes(spoil) == {"ask_answer"}


def test_an_ask_that_was_rejected_needs_no_step():
    world = World()
    ask = letter(ORIGIN, "ask", 20, {"case": CASE, "act": "withdraw", "home": HOME, "from": ORIGIN, "seen": 4})
    world.deliver(ORIGIN, HOME, ask, receipt(ask, to=HOME, outcome="rejected"))
    assert world.report().faults == ()


def test_a_step_that_answers_an_ask_nobody_made_is_found():
    def spoil(world):
        for node in (HOME, ORIGIN):
            world.letters[node] = [
                entry for entry in world.letters[node] if b'"tongban.ask"' not in payload_of(entry["letter"])
            ]

    assert {"answer_without_ask", "answer_lost"} <= codes(spoil)


def test_a_letter_heard_twice_is_found():
    assert codes(lambda world: world.letters[HOME].append(world.letters[HOME][0])) == {"heard_twice"}


def test_a_letter_never_heard_is_found():
    assert codes(lambda world: world.letters[ORIGIN].pop()) == {"never_heard"}


def test_a_letter_nobody_sent_is_found():
    def spoil(world):
        stray = letter(HOME, "due", 40, {"case": CASE})
        world.letters[ORIGIN].append({"direction": "heard", "letter": stray, "receipt": receipt(stray, to=ORIGIN)})

    assert codes(spoil) == {"never_sent"}


def test_a_letter_signed_by_another_node_is_found():
    def spoil(world):
        forged = letter(ORIGIN, "held", 41, {"case": CASE}, by=HOME)
        world.deliver(ORIGIN, HOME, forged, receipt(forged, to=HOME))

    assert codes(spoil) == {"letter_signature"}


def test_a_key_out_of_force_proves_nothing():
    report = World().report(directory=directory_text(until="2026-06-01T00:00:00.000Z"))
    assert {"signature", "letter_signature"} <= {fault.code for fault in report.faults}


def test_an_act_that_was_taken_twice_is_found():
    def spoil(world):
        world.ledger["acts"] = [act for act in world.ledger["acts"] if act["act"] != "grant"]

    assert codes(spoil) == {"act_doubled"}


def test_an_act_that_never_arrived_is_found():
    def spoil(world):
        world.ledger["acts"].append(
            {"case": CASE, "node": ORIGIN, "role": "applicant", "act": "recall", "answer": "ask", "id": ""}
        )

    assert codes(spoil) == {"act_lost"}


def test_a_case_that_no_client_asked_for_is_found():
    def spoil(world):
        world.ledger = {"cases": [], "acts": []}

    assert codes(spoil) == {"case_unasked", "act_doubled"}


def test_an_assist_case_is_no_stray():
    world = World()
    assist = CASE[:-1] + "2"
    step = world.step(1, "open", "submitted", "organ", None)
    header = {**json.loads(payload_of(step["letter"]))["data"], "case": assist, "lead": CASE, "followers": []}
    world.cases[HOME][assist] = {
        "steps": [{**step, "letter": letter(HOME, "step", 50, header)}],
        "receipts": [],
        "files": [],
    }
    assert world.report().faults == ()


def test_a_directory_that_the_hub_did_not_sign_is_refused():
    with pytest.raises(Unreadable):
        read_directory(directory_text(by=HOME))


def test_a_directory_of_another_hub_is_refused():
    with pytest.raises(Unreadable):
        read_directory(directory_text(), hub_key=bytes(32))


def test_a_header_with_critical_extensions_is_refused():
    sealed = sign(HOME, "application/cloudevents+json", {"case": CASE})
    sealed["protected"] = b64url(b'{"alg":"EdDSA","crit":["b64"],"kid":"31-1"}')
    with pytest.raises(Unreadable):
        read_seal(sealed)


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(Unreadable):
        read_object(b'{"case":"a","case":"b"}')


def erase_at_home(world: World) -> None:
    home = world.cases[HOME][CASE]
    home["steps"] = [{**step, "bodies": {}} for step in home["steps"]]
    home["files"] = []
    home["erased_at"] = "2036-11-23T10:00:00.000Z"


def test_a_case_whose_home_has_erased_its_contents_still_passes():
    world = World()
    erase_at_home(world)
    report = world.report(counted=False)
    assert report.faults == ()


def test_bodies_that_are_gone_without_a_word_are_a_loss():
    def spoil(world):
        erase_at_home(world)
        world.cases[HOME][CASE]["erased_at"] = None

    assert {"body_missing", "document_missing"} <= codes(spoil)


def test_contents_erased_before_the_case_has_ended_are_found():
    def spoil(world):
        erase_at_home(world)
        for node in (HOME, ORIGIN):
            world.cases[node][CASE]["steps"] = world.cases[node][CASE]["steps"][:3]

    assert "erased_early" in codes(spoil)


def lose(world: World, audience: str) -> None:
    """The home says that a restore has taken a body of its second step."""
    step = world.cases[HOME][CASE]["steps"][1]
    del step["bodies"][audience]
    world.cases[HOME][CASE]["lost"] = [{"no": 2, "audience": audience}]


def test_what_nobody_else_ever_had_may_be_lost_by_a_restore_and_is_counted():
    world = World()
    lose(world, "home")
    report = world.report()
    assert (report.faults, report.lost) == ((), 1)


def test_a_loss_of_what_a_follower_still_holds_is_found():
    assert "lost_though_held" in codes(lambda world: lose(world, "applicant"))
