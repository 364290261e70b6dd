"""The project itself as the last app: when all others are loaded, their wires are connected."""

from importlib import import_module

from django.apps import AppConfig


class TongbanConfig(AppConfig):
    name = "tongban"
    label = "tongban"

    def ready(self) -> None:
        import_module("tongban.wiring").connect()
