from django.urls import URLPattern, URLResolver, include, path

from tongban.web import entering

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entering.log_in, name="login"),
    path("login/password/", entering.choose, name="choose_password"),
    path("logout/", entering.log_out, name="logout"),
    path("password/", entering.change, name="change_password"),
    path("", include("tongban.web.citizen.urls")),
    path("counter/", include("tongban.web.counter.urls")),
    path("ops/", include("tongban.web.operator.urls")),
    path("drafts/", include("tongban.web.drafting.urls")),
    path("office/", include("tongban.web.officer.urls")),
]
