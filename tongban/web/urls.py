from django.urls import URLPattern, URLResolver, include, path

from tongban.web import door

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", door.log_in, name="login"),
    path("logout/", door.log_out, name="logout"),
    path("", include("tongban.web.citizen.urls")),
    path("counter/", include("tongban.web.counter.urls")),
    path("ops/", include("tongban.web.operator.urls")),
    path("office/", include("tongban.web.officer.urls")),
]
