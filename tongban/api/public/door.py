"""The door for programs: a bearer token opens it, and the Actor is built here once."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from tongban.api.queries import account_of
from tongban.base.actor import Actor, Via
from tongban.people.queries import actor_of


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. account: the log-in, under which idempotency keys are kept; name: its holder's."""

    actor: Actor
    account: UUID
    name: str
    token: str


class Call(HttpRequest):
    """A request that has come through the door."""

    auth: Caller


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002
        account = account_of(token)
        return Caller(actor_of(account, via=Via.API), account.id, account.name, token) if account else None
