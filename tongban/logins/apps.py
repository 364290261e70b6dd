from django.apps import AppConfig


class LoginsConfig(AppConfig):
    name = "tongban.logins"
    label = "logins"
