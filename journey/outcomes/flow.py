"""The turns of a flow with several authorities: stages, refusals and what the person makes of them, papers that end."""

from collections.abc import Iterator
from typing import Any

from journey.items import days_of
from journey.play import Play, Stuck, Turn
from journey.views import View

Json = dict[str, Any]

LONGEST_HOLIDAY = 12
"""A last day that falls on a day off is the next working day."""

ENDED = frozenset({"document_expired", "lead_document_expired"})


def stages(play: Play) -> Iterator[int]:
    """Every stage in its order: at home by the officer, elsewhere by the assist case, waiting times by the clock."""
    while parts := _turn_of(play):
        yield from _wait(play, parts)
        for part in parts:
            _decide(play, part, "done")


def refused_elsewhere(rule: str) -> Turn:
    """As `stages`, but the first authority at another place whose refusal has this meaning (`on_refusal`) refuses.

    Where that fails the case, no further; where the person is asked, until nothing is left but his answer.
    """

    def turn(play: Play) -> Iterator[int]:
        refused = False
        while parts := _turn_of(play):
            yield from _wait(play, parts)
            for part in parts:
                no = not refused and bool(part.get("co_case")) and meaning_of(_stage(play, part)) == rule
                _decide(play, part, "refused" if no else "done")
                refused = refused or no
                if no and rule == "fail":
                    return

    return turn


def meaning_of(stage: Json) -> str:
    return str(stage.get("on_refusal", "fail"))


def go_on(play: Play) -> None:
    """The person is asked, is told where and why, and goes on without the part."""
    asked = _asked(play)
    play.act(play.beside_the_person, play.hand, "go_on", {"parts": [part["id"] for part in asked]})
    play.until(play.officer, lambda view: not view.asked, "the choice")


def withdraw_when_asked(play: Play) -> None:
    _asked(play)
    play.act(play.beside_the_person, play.hand, "withdraw", {"reason": "有环节未通过（示例）"})
    play.status_reached("withdrawn")


def say_nothing(play: Play) -> Iterator[int]:
    """Nobody can decide while the person thinks; he lets his last day pass, and the officer goes on with the rest."""
    [stage] = {part["stage"] for part in _asked(play)}
    seen = play.until(play.officer, lambda view: bool(view.asked), "the question").head
    for act, content in (("grant", {"partial": True, "amount": "1.00"}), ("deny", {"reason": "示例"}), ("go_on", {})):
        reason = play.attempt(play.officer, "officer", act, content, seen=seen)
        if reason != "applicant_asked":
            raise Stuck(f"{act} while the person is asked: {reason or 'done'}")
    yield days_of(str(_named(play, stage).get("answer_within", "5 working")))
    play.act(play.officer, "officer", "go_on", {"opinion": "申请人到期没有选择（示例）"})


def papers_end(play: Play) -> Iterator[int]:
    """As `stages`, but each document with a last day ends before what rests on it is done, and is put out anew."""
    ended: set[str] = set()
    while parts := _turn_of(play):
        yield from _wait(play, parts)
        part = parts[0]
        issuers = [_named(play, key) for key in _stage(play, part).get("relies_on", ()) if key not in ended]
        for issuer in issuers:
            ended.add(str(issuer["key"]))
            yield days_of(str(issuer["validity"])) + LONGEST_HOLIDAY
            reason = _try(play, part)
            if reason not in ENDED:
                raise Stuck(f"{part['id']} with {issuer['document']} ended: {reason or 'done'}")
        if _try(play, part) in ENDED:
            _renew(play, part)


def _asked(play: Play) -> list[Json]:
    """The refused parts, as soon as the person sees the question with its reason and its paper."""
    client = play.beside_the_person
    view = play.until(client, lambda view: bool(view.asked), "the question")
    named = {part["id"] for part in view.asked}
    for step in [step for step in view.steps if step["facts"].get("part") in named]:
        if not step["documents"] or not (step["said"].get("reason") or step["said"].get("text")):
            raise Stuck(f"the question has no paper or no reason: {step}")
    return view.asked


def _turn_of(play: Play) -> list[Json]:
    """The parts whose turn it is at the accepted case."""
    return play.until(play.officer, lambda view: view.status == "accepted", "acceptance").current_parts


def _wait(play: Play, parts: list[Json]) -> Iterator[int]:
    stage = _stage(play, parts[0])
    if stage["kind"] in ("publicity", "cooling"):
        yield days_of(str(stage["limit"]))


def _stage(play: Play, part: Json) -> Json:
    return _named(play, str(part["stage"]))


def _named(play: Play, key: str) -> Json:
    return next(stage for stage in play.item.stages if stage["key"] == key)


def _decide(play: Play, part: Json, outcome: str) -> None:
    if part.get("co_case"):
        _assist(play, str(part["node"]), str(part["co_case"]), outcome)
    elif _stage(play, part)["kind"] != "cooling":
        play.act(play.officer, "officer", "part_decided", {"part": part["id"], "outcome": outcome})
    _decided(play, part)


def _decided(play: Play, part: Json) -> None:
    play.until(play.officer, lambda view: _is_decided(view, part), f"part {part['id']}")


def _assist(play: Play, node: str, case: str, outcome: str) -> None:
    officer = play.cast.officer(node)
    play.act(officer, "officer", "accept", {"opinion": "收到协办（示例）"}, case=case)
    if outcome == "refused":
        play.act(officer, "officer", "deny", {"reason": "本地没有相应记录（示例）"}, case=case)
    else:
        play.act(officer, "officer", "grant", {"opinion": "协办完成（示例）"}, case=case)


def _is_decided(view: View, part: Json) -> bool:
    return all(other["status"] != "waiting" for other in view.parts if other["id"] == part["id"])


def _try(play: Play, part: Json) -> str:
    """Bring the part to a good end; why that was refused, empty when it is done."""
    if not part.get("co_case"):
        seen = play.until(play.officer, lambda view: "part_decided" in view.allowed, "the stage").head
        content = {"part": part["id"], "outcome": "done"}
        reason = play.attempt(play.officer, "officer", "part_decided", content, seen=seen)
    else:
        case, officer = str(part["co_case"]), play.cast.officer(str(part["node"]))
        view = play.until(officer, lambda view: bool({"accept", "grant"} & view.allowed), "the assist case", case=case)
        if "accept" in view.allowed:
            play.act(officer, "officer", "accept", {"opinion": "收到协办（示例）"}, case=case)
        seen = play.until(officer, lambda view: "grant" in view.allowed, "its acceptance", case=case).head
        reason = play.attempt(officer, "officer", "grant", {"opinion": "协办完成（示例）"}, seen=seen, case=case)
    if not reason:
        _decided(play, part)
    return reason


def _renew(play: Play, part: Json) -> None:
    """Whoever put the ended documents out does so again: the stage of each is done once more."""
    view = play.until(play.officer, lambda view: "renew" in view.allowed, "the renewal")
    wanted = _stage(play, part)["relies_on"]
    for issuer in [other for other in view.parts if other["stage"] in wanted and other["status"] != "waiting"]:
        content = {"part": issuer["id"], "reason": "文书已过有效期（示例）"}
        seen = play.until(play.officer, lambda view: "renew" in view.allowed, "the renewal").head
        reason = play.attempt(play.officer, "officer", "renew", content, seen=seen)
        if reason not in ("", "nothing_expired"):
            raise Stuck(f"{issuer['id']} was not renewed: {reason}")
