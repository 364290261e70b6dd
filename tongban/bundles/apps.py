from django.apps import AppConfig


class Bundles(AppConfig):
    name = "tongban.bundles"
    label = "bundles"
    default_auto_field = "django.db.models.BigAutoField"
