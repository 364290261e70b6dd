"""Builders for tests of the catalogue."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from tongban.base.actor import Actor, Role, system
from tongban.catalogue import actions, queries
from tongban.catalogue.models import BaseItem, ItemVersion
from tongban.catalogue.queries.shelf import SHELF
from tongban.catalogue.rules import Definition, definition_of, read_definition
from tongban.catalogue.rules.agreements import Agreement, agreement_of
from tongban.exchange.rules import Heard

HERE = "340123000000"
THERE = "310101000000"
SOUTH = "440103000000"
OPERATOR = Actor(role=Role.OPERATOR, node="34")


@cache
def text_of(key: str) -> str:
    return (SHELF / f"{key}.toml").read_text("utf-8")


def a_content(shipped: str = "kstb-1-37", /, **changes: Any) -> dict[str, Any]:
    """The shipped content of an item with top-level entries replaced."""
    return {**queries.shipped_standard(shipped), **changes}


def a_definition(shipped: str = "kstb-1-37", /, **changes: Any) -> Definition:
    return definition_of(a_content(shipped, **changes))


def read_text(text: str) -> Definition:
    return read_definition(text, file="item.toml")


def shop_answers(**changes: Any) -> dict[str, Any]:
    """Complete answers for 个体工商户设立登记; a change to None leaves the answer out."""
    answers = {
        "operation": "personal",
        "premises": "shop",
        "permit": "no",
        "business_place": THERE,
        "address": "示例路1号",
        "scope": "小吃服务",
        "employees": "2",
        **changes,
    }
    return {name: answer for name, answer in answers.items() if answer is not None}


def an_agreement_content(**changes: Any) -> dict[str, Any]:
    terms = changes.pop("terms", None) or [a_term()]
    return {
        "key": "trial",
        "version": 1,
        "kind": "regional",
        "name": "试点协议",
        "document": "示例",
        "parties": ["31", "34"],
        "starts": "2021-01-01",
        "source": "示例",
        "sources": {},
        "terms": terms,
        **changes,
    }


def a_term(**changes: Any) -> dict[str, Any]:
    return {
        "items": ["kstb-1-??"],
        "modes": ["online", "counter", "joint"],
        "rights": ["receive"],
        "starts": "2021-01-01",
        "source": "示例",
        **changes,
    }


def an_agreement(**changes: Any) -> Agreement:
    return agreement_of(an_agreement_content(**changes))


def load_base_items() -> None:
    actions.load_base_items(system("34"), rows=queries.shipped_base_items())
    actions.index_items(system("34"), synonyms=queries.shipped_synonyms())


def publish(shipped: str = "kstb-1-37", /, *, effective_from: date | None = None, **changes: Any) -> ItemVersion:
    if not BaseItem.objects.exists():
        load_base_items()
    return actions.publish(OPERATOR, content=a_content(shipped, **changes), effective_from=effective_from)


def heard(kind: str, subject: str, data: Mapping[str, Any], *, sender: str = "31", letter: UUID | None = None) -> Heard:
    return Heard(
        id=letter or uuid4(),
        kind=kind,
        sender=sender,
        subject=subject,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        data=data,
        digest="0" * 64,
    )
