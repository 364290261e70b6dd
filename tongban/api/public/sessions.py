"""Log in, log out, and who one is."""

from django.conf import settings
from django.http import HttpResponse
from ninja import Router
from ninja.responses import Status

from tongban.api import actions
from tongban.api.public.door import Call
from tongban.api.public.shapes.sessions import LogIn, Myself, Session
from tongban.base.actor import Actor, Role, Via
from tongban.logins.actions import Origin

router = Router(tags=["sessions"])


@router.post("/sessions", auth=None, response={201: Session}, operation_id="log_in")
def log_in(request: Call, body: LogIn) -> Status[object]:
    anyone = Actor(role=Role.ANYONE, node=settings.NODE, via=Via.API)
    origin = Origin(address=str(request.META.get("REMOTE_ADDR", "")))
    text, token = actions.open_token(anyone, username=body.username, password=body.password, origin=origin)
    return Status(201, {"token": text, "expires_at": token.expires_at})


@router.get("/sessions/current", response=Myself, operation_id="who_am_i")
def who_am_i(request: Call) -> object:
    actor = request.auth.actor
    return {"name": request.auth.name, "role": actor.role, "organ": actor.organ, "node": actor.node}


@router.delete("/sessions/current", response={204: None}, operation_id="log_out")
def log_out(request: Call) -> HttpResponse:
    actions.close_token(request.auth.token)
    return HttpResponse(status=204)
