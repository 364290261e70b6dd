from django.urls import URLPattern, URLResolver, include, path

from tongban.api.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("nodes/v1/", include("tongban.api.nodes.urls")),
]
