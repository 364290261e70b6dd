from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "tongban.looks"
    label = "looks"
