from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongban.cases.description import describe


class Command(BaseCommand):
    help = "Write docs/case.md from the table of acts; with --check say only whether it is fresh."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = settings.ROOT / "docs" / "case.md"
        text = describe()
        if not options["check"]:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            raise CommandError("docs/case.md is not what the table says. Run the command without --check.")
