"""The clock of a demo, in demo and test mode only."""

from ninja import Router

from tongban.api.public.door import Call
from tongban.api.public.idempotency import Key, once
from tongban.api.public.shapes.others import Clock, ClockShown
from tongban.calendar.actions import shift_clock
from tongban.calendar.queries import today

router = Router(tags=["demo"])


@router.post("/demo/clock", response=ClockShown, operation_id="shift_clock")
def clock(request: Call, body: Clock, key: Key = None) -> object:
    def do() -> tuple[int, dict[str, str]]:
        shift_clock(request.auth.actor, days=body.days, hours=body.hours)
        return 200, {"today": today().isoformat()}

    return once(request, key, do)
