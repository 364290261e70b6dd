"""Turns of several people in one case: each signs for himself, one withdraws alone, one of many is denied."""

from typing import Any

from journey.clients import Client, Refused
from journey.parties import Other
from journey.play import Play, Stuck

Json = dict[str, Any]
SIGNED, VOID = "signed", "void"
ASKED = "withdrawal_asked"
WISH: Json = {"reason": "不再共同申请（示例）"}


def sign_all(play: Play) -> None:
    """Nobody hands it in before the last has signed; the applicant sees who has."""
    if not play.others:
        return
    path = f"/api/v1/applications/{play.case}"
    play.beside_the_person.post(f"{path}/signatures", {})
    if reason := _refused(play):
        if reason != "signatures_missing":
            raise Stuck(f"handed in before all signed: {reason}")
    else:
        raise Stuck("handed in before all had signed")
    _sign(play, play.case)
    states = [signer["state"] for signer in play.beside_the_person.get(f"{path}/signatures")["signers"]]
    if set(states) != {SIGNED}:
        raise Stuck(f"signatures stand at {states}")


def change_and_sign_again(play: Play) -> None:
    """A change voids what everybody has signed; they sign anew."""
    sign_all(play)
    path = f"/api/v1/applications/{play.case}"
    client = play.beside_the_person
    name = play.item.correctable(play.answers)[0]
    play.answers = {**play.answers, name: play.item.corrected(name, play.answers)}
    client.put(path, {**play.application, "answers": play.answers})
    states = [signer["state"] for signer in client.get(f"{path}/signatures")["signers"]]
    if set(states) != {VOID}:
        raise Stuck(f"after a change signatures stand at {states}")
    sign_all(play)


def _refused(play: Play) -> str:
    try:
        play.beside_the_person.post(f"/api/v1/applications/{play.case}/submit", {})
    except Refused as refusal:
        return refusal.reason
    return ""


def _sign(play: Play, matter: str) -> None:
    """The applicant before the clerk where there is one, else he has signed by asking; the others as they may."""
    for number, other in enumerate(play.others, 2):
        if play.item.together:
            _before_clerk(play, matter, number)
        else:
            _by_log_in(log_in_of(play, other), matter)
    if play.at_counter:
        _before_clerk(play, matter, 1)


def _by_log_in(client: Client, matter: str) -> None:
    """He finds it among what waits for him, reads the whole, and signs what he has read."""
    if matter not in {entry["matter"] for entry in client.all("/api/v1/signatures")}:
        raise Stuck(f"{client.username} does not find {matter} among what he has to sign")
    shown = client.get(f"/api/v1/signatures/{matter}")
    client.post(f"/api/v1/signatures/{matter}", {"digest": shown["digest"]})


def _before_clerk(play: Play, matter: str, number: int) -> None:
    play.receiver.post(f"/api/v1/signatures/{matter}", {"party": number, "way": "card_seen"})


def log_in_of(play: Play, other: Other) -> Client:
    return play.cast.citizen(play.origin, int(other.key))


def co_applicants(play: Play) -> list[Client]:
    return [log_in_of(play, other) for other in play.others if other.applies]


def seen_by_all(play: Play) -> None:
    """Everybody who applies has the case among his own."""
    for client in co_applicants(play):
        play.until(client, lambda view: view.head > 0, f"the case at {client.username}")


def supply(play: Play, content: Json) -> None:
    """What changes is signed again before it goes to the home."""
    client = play.beside_the_person
    head = play.until(client, lambda view: "supply" in view.allowed, "the button supply").head
    body = {"seen": head, "content": content}
    waiting = client.post(f"/api/v1/cases/{play.case}/supplements", body).body
    matter = str(waiting["supplement"])
    _sign(play, matter)
    sent = client.post(f"/api/v1/supplements/{matter}/submit", {})
    play.note(client, play.hand, "supply", play.case, sent)


def one_withdraws_alone(play: Play) -> None:
    """The other one, who did not hand it in, takes it back by himself."""
    client = co_applicants(play)[0]
    play.act(client, "applicant", "withdraw", {"reason": "不再共同申请（示例）"})
    play.status_reached("withdrawn")


def all_withdraw(play: Play) -> None:
    """One asks for it, and it is withdrawn when the last has asked."""
    play.act(all_but_one_ask(play), "applicant", "withdraw", WISH)
    play.status_reached("withdrawn")


def all_but_one_ask(play: Play) -> Client:
    """Who is left to withdraw, after all others of whom it needs have asked for it; the home records each wish."""
    left, *rest = [play.applicant] if play.item.withdraws_alone else [play.applicant, *co_applicants(play)]
    for client in rest:
        play.act(left, "applicant", "withdraw", WISH, taken_as="record")
        play.until(play.officer, lambda view: view.last_event() == ASKED, "the wish to withdraw")
        left = client
    return left


def deny_one(play: Play) -> None:
    """Of many persons the first is denied with a reason, the others are granted."""
    denied = [{"person": f"{play.item.persons_field}.0", "reason": "学籍没有查到（示例）"}]
    play.act(play.officer, "officer", "grant", {"opinion": "逐人审查（示例）", "denied": denied})
    view = play.until(play.officer, lambda seen: seen.status in ("granted", "closed"), "the decision")
    facts = view.step_of("grant")["facts"]
    if (facts["denied"], facts["granted"]) != (1, len(play.answers[play.item.persons_field]) - 1):
        raise Stuck(f"decided for {facts}")
    if view.body["state"]["outcome"] != "partial":
        raise Stuck(f"the case ended {view.body['state']['outcome']}")
