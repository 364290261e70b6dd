"""The turns of which scripts are made: what officers, clerks and citizens do, one at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from journey.outcomes import signing
from journey.play import Play, Stuck

Json = dict[str, Any]

AMOUNT = "12345.60"
NEW_ACCOUNT = "6222020000000000000"


def hand_in(play: Play) -> None:
    play.fill_in()
    signing.sign_all(play)
    play.submit()


def hand_in_signed_twice(play: Play) -> None:
    play.fill_in()
    signing.change_and_sign_again(play)
    play.submit()


def window_opens(play: Play) -> Iterator[int]:
    """Where applications are taken in windows only: the person waits for the day that the route names."""
    places = play.plan.places.filled()
    answers = play.item.answers(play.plan.example, play.plan.places)
    home = play.item.home_places(answers, play.plan.places)[0]
    asked = {"item": play.item.key, "place": places["applicant_place"], "authority_place": home}
    while opens := play.applicant.get("/api/v1/route", **asked)["opens"]:
        today = date.fromisoformat(play.cast.operator(play.origin).post("/api/v1/demo/clock", {}).body["today"])
        yield (date.fromisoformat(opens) - today).days


def received(play: Play) -> None:
    """The home has opened the case and whoever applied sees it."""
    play.status_reached("submitted")
    signing.seen_by_all(play)


def not_passed(play: Play) -> None:
    """The department does not confirm it; that is on record, and an officer has to look."""
    play.until(play.officer, lambda view: view.acts[-1] == "record", "the record of a check that did not pass")


def accept(play: Play) -> None:
    play.act(play.officer, "officer", "accept", {"opinion": "材料齐全，符合法定形式（示例）"})
    play.until(play.officer, lambda view: view.status == "accepted", "acceptance")


def ask_correction(play: Play) -> None:
    field, material = play.item.correctable(play.answers)
    targets = [{"target": f"field:{field}", "problem": "与证件不一致（示例）"}] if field else []
    targets += [{"target": f"material:{material}", "problem": "扫描件不清楚（示例）"}] if material else []
    play.act(play.officer, "officer", "ask_correction", {"targets": targets})
    play.status_reached("correcting")


def supply(play: Play) -> None:
    field, key = play.item.correctable(play.answers)
    client = play.beside_the_person
    material = next((entry for entry in play.item.materials(play.answers) if entry["key"] == key), None)
    content: Json = {"materials": []}
    content["answers"] = {field: play.item.corrected(field, play.answers)} if field else {}
    if material:
        paper = play.paper(client, f"{play.case} corrected", material)
        content["materials"] = [paper]
        play.ledger.supplied(play.case, [paper["digest"]])
    if play.others and play.item.signs_supplements:
        signing.supply(play, content)
    else:
        play.act(client, play.hand, "supply", content)
    play.until(play.officer, lambda view: view.status == "submitted", "the supplement")


def grant(play: Play) -> None:
    content: Json = {"opinion": "同意（示例）"}
    if play.item.pattern == "money":
        content["amount"] = AMOUNT
    play.act(play.officer, "officer", "grant", content)


def grant_partly(play: Play) -> None:
    if play.answers.get(play.item.persons_field):
        signing.deny_one(play)
        return
    content: Json = {"opinion": "部分同意（示例）", "partial": True}
    if play.item.pattern == "money":
        content["amount"] = AMOUNT
    play.act(play.officer, "officer", "grant", content)


def hand_out(play: Play) -> None:
    """Whatever the item's closing event asks for, and the case closes by itself."""
    if play.item.closing in ("registration", "delivery") and play.item.pattern != "check":
        issue(play)
    if play.item.closing == "delivery":
        deliver(play)
    elif play.item.closing == "money_arrived" and play.item.pattern == "money":
        money_arrives(play)
    play.status_reached("closed")


def issue(play: Play) -> None:
    name = str(play.item.content["result"]["name"])
    content = {"certificate": name[:60], "number": f"示例-{play.case[-8:]}"}
    play.act(play.officer, "officer", "issue", content)


def deliver(play: Play) -> None:
    ways = play.item.content["delivery"]["ways"]
    if play.at_counter and "counter" in ways:
        play.act(play.receiver, "receiver", "deliver", {"event": "delivery", "way": "counter"})
    else:
        way = "online" if "online" in ways else "post"
        play.act(play.officer, "officer", "deliver", {"event": "delivery", "way": way})


def money_arrives(play: Play) -> None:
    play.act(play.officer, "officer", "deliver", {"event": "money_arrived", "amount": AMOUNT})


def money_bounces(play: Play) -> None:
    play.act(play.officer, "officer", "deliver", {"event": "money_bounced", "reason": "账号与户名不符（示例）"})


def new_account(play: Play) -> None:
    client = play.beside_the_person
    play.until(client, lambda view: view.last_event() == "money_bounced", "the bounced payment")
    play.act(client, play.hand, "supply", {"account": NEW_ACCOUNT})
    play.until(play.officer, lambda view: view.acts[-1] == "supply", "the new account")


def deny(play: Play) -> None:
    play.act(play.officer, "officer", "deny", {"reason": "不符合法定条件（示例）", "opinion": "不同意（示例）"})
    play.until(play.officer, lambda view: view.status == "denied", "the refusal")
    deliver(play)
    play.status_reached("closed")


def decline(play: Play) -> None:
    play.act(play.officer, "officer", "decline", {"reason": "不属于本机关职权范围（示例）"})
    play.status_reached("declined")


def send_back(play: Play) -> None:
    play.act(play.officer, "officer", "send_back", {"reason": "请向实际办理机关申请（示例）"})
    play.status_reached("sent_back")


def withdraw(play: Play) -> None:
    if signing.co_applicants(play) and not play.item.withdraws_alone:
        signing.all_withdraw(play)
        return
    play.act(play.applicant, "applicant", "withdraw", {"reason": "不再需要办理（示例）"})
    play.status_reached("withdrawn")


def race(play: Play) -> None:
    """The person withdraws while the officer grants: the home's order decides, and both are told the same."""
    play.until(play.officer, lambda view: view.status == "accepted" and not view.current_parts, "all parts")
    client = signing.all_but_one_ask(play)
    seen = play.until(play.officer, lambda view: view.status == "accepted", "nothing decided").head
    play.until(client, lambda view: view.head >= seen, f"step {seen}")
    content = {"amount": AMOUNT} if play.item.pattern == "money" else {}
    with ThreadPoolExecutor(2) as pool:
        withdrawn = pool.submit(play.attempt, client, "applicant", "withdraw", {"reason": "示例"}, seen=seen)
        granted = pool.submit(play.attempt, play.officer, "officer", "grant", content, seen=seen)
    if bool(withdrawn.result()) == bool(granted.result()):
        raise Stuck(f"withdrawal: {withdrawn.result() or 'taken'}, grant: {granted.result() or 'taken'}")
    if granted.result():
        play.status_reached("withdrawn")
    else:
        hand_out(play)


def recall(play: Play) -> None:
    play.act(play.receiver, "receiver", "recall", {"reason": "窗口录入有误（示例）"})
    play.status_reached("withdrawn")


def transfer(play: Play) -> None:
    """The matter goes to where the person lives; that authority opens a successor and decides it."""
    place = play.plan.places.filled()["other_place"]
    play.act(play.officer, "officer", "transfer", {"place": place, "reason": "由居住地办理更方便（示例）"})
    view = play.status_reached("transferred")
    successor = str(view.said("transfer", "successor"))
    officer = play.cast.officer(place[:2])
    play.act(officer, "officer", "decline", {"reason": "已在本地办结（示例）"}, case=successor)


def suspend_and_extend(play: Play) -> None:
    """特别程序 begins and ends; where the law allows it the limit is extended once."""
    play.act(play.officer, "officer", "suspend", {"kind": "expert_review", "reason": "需要专家评审（示例）"})
    play.act(play.officer, "officer", "resume", {"opinion": "评审结束（示例）"})
    if play.item.may_extend:
        content = {"days": 1, "reason": "情况复杂（示例）", "approver": "示例负责人"}
        play.act(play.officer, "officer", "extend", content)


def silence(play: Play) -> Iterator[int]:
    """Nobody answers within the time for the correction notice: the law accepts."""
    yield play.item.notice_days * 2 + 10
    play.until(play.officer, lambda view: view.status == "accepted", "acceptance by silence")


def reopen(play: Play) -> None:
    play.act(play.officer, "officer", "reopen", {"reason": "复议机关责令重新办理（示例）"})
    play.until(play.officer, lambda view: view.status == "submitted", "the reopening")


def rectify(play: Play) -> None:
    play.act(play.officer, "officer", "rectify", {"reason": "决定书中有错字（示例）"})
    play.status_reached("closed")


def revoke(play: Play) -> None:
    play.act(play.officer, "officer", "revoke", {"reason": "申请时隐瞒有关情况（示例）"})
    play.status_reached("closed")


def archive(play: Play) -> None:
    play.act(play.officer, "officer", "archive", {})
    play.until(play.officer, lambda view: view.acts[-1] == "archive", "the archive")


def custody(play: Play) -> None:
    """The counter keeps an original and gives it back; both are on record."""
    for event in ("custody_taken", "custody_returned"):
        play.act(play.receiver, "receiver", "record", {"event": event, "text": "居民户口簿（示例）"})
        play.until(play.receiver, lambda view: view.acts[-1] == "record" and not view.waiting_asks, event)


def answer(play: Play) -> None:
    play.act(play.officer, "officer", "answer", {"text": "备案材料已收存（示例）"})
    play.status_reached("answered")


def answered_by_itself(play: Play) -> None:
    play.all_reached("answered")
