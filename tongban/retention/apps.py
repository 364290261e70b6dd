from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "tongban.retention"
    label = "retention"
