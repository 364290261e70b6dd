from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "tongban.calendar"
    label = "calendar"
