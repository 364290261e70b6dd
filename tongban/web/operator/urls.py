from django.urls import URLPattern, URLResolver, path

from tongban.web.operator import agreements, differences, entries, letters, organs, overview, recovery, rights, staff

app_name = "ops"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("peers/<slug:code>/", letters.peer, name="peer"),
    path("peers/<slug:code>/retry/", letters.retry, name="retry"),
    path("alarms/<int:alarm_id>/settle/", overview.settle, name="settle"),
    path("clock/", overview.clock, name="clock"),
    path("losses/", recovery.gone, name="losses"),
    path("catalogue/import/", entries.import_page, name="import"),
    path("catalogue/consistency/", entries.consistency, name="consistency"),
    path("differences/", differences.differences, name="differences"),
    path("differences/<int:discrepancy_id>/", differences.follow, name="difference"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.propose, name="agreement_new"),
    path("agreements/<slug:key>/<int:version>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:key>/<int:version>/sign/", agreements.sign, name="agreement_sign"),
    path("agreements/<slug:key>/<int:version>/change/", agreements.change, name="agreement_change"),
    path("organs/", organs.listed, name="organs"),
    path("organs/new/", organs.new, name="organ_new"),
    path("organs/<slug:organ>/", organs.shown, name="organ"),
    path("organs/<slug:organ>/change/", organs.change, name="organ_change"),
    path("organs/<slug:organ>/close/", organs.close, name="organ_close"),
    path("staff/", staff.listed, name="staff"),
    path("staff/new/", staff.new, name="member_new"),
    path("staff/<uuid:account_id>/", staff.shown, name="member"),
    path("staff/<uuid:account_id>/change/", staff.change, name="member_change"),
    path("staff/<uuid:account_id>/code/", staff.code, name="member_code"),
    path("staff/<uuid:account_id>/leave/", staff.go, name="member_leave"),
    path("staff/<uuid:account_id>/return/", staff.come_back, name="member_return"),
    path("staff/<uuid:account_id>/rights/", rights.new, name="right_new"),
    path("staff/<uuid:account_id>/rights/<int:grant_id>/end/", rights.end, name="right_end"),
]
