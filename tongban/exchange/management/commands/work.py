import logging
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tongban.exchange.chaos import read_chaos
from tongban.exchange.tasks import Worker, mending, recovery

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send letters and do the duties of this node until a signal ends it. Any number may run."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        mending.register()
        recovery.register()
        worker = Worker(chaos=read_chaos(settings.MODE))

        def stop(_number: int, _frame: FrameType | None) -> None:
            worker.stop.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        logger.info("worker_started", extra={"node": settings.NODE})
        worker.run()
        logger.info("worker_stopped", extra={"node": settings.NODE})
