from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring this node to what its code asks for: tables as their owner, then ground and items. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", database="owner", interactive=False, verbosity=0, stdout=self.stdout)
        call_command("load_ground", stdout=self.stdout)
        call_command("load_items", stdout=self.stdout)
