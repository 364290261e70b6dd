from django.urls import URLPattern, URLResolver, path

from tongban.web.operator import agreements, differences, letters, overview

app_name = "ops"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("peers/<slug:code>/", letters.peer, name="peer"),
    path("peers/<slug:code>/retry/", letters.retry, name="retry"),
    path("alarms/<int:alarm_id>/settle/", overview.settle, name="settle"),
    path("clock/", overview.clock, name="clock"),
    path("differences/", differences.differences, name="differences"),
    path("differences/<int:discrepancy_id>/", differences.follow, name="difference"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.propose, name="agreement_new"),
    path("agreements/<slug:key>/<int:version>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:key>/<int:version>/sign/", agreements.sign, name="agreement_sign"),
    path("agreements/<slug:key>/<int:version>/change/", agreements.change, name="agreement_change"),
]
