from django.urls import URLPattern, URLResolver, path

from tongban.web.operator import letters, overview

app_name = "ops"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("peers/<slug:code>/", letters.peer, name="peer"),
    path("peers/<slug:code>/retry/", letters.retry, name="retry"),
    path("alarms/<int:alarm_id>/settle/", overview.settle, name="settle"),
    path("clock/", overview.clock, name="clock"),
]
