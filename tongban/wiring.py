"""Which app hears which kind of letter. Imported by the project's AppConfig alone."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "tongban"
    label = "wiring"

    def ready(self) -> None:
        """Register what is heard; filled by the apps' `letters.py`."""
