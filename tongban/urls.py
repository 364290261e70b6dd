from django.urls import URLPattern, URLResolver, include, path

from tongban.api.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("api/v1/", include("tongban.api.public.urls")),
    path("nodes/v1/", include("tongban.api.nodes.urls")),
    path("", include("tongban.web.urls")),
]
handler400 = "tongban.web.mishaps.bad_request"
handler403 = "tongban.web.mishaps.forbidden"
handler404 = "tongban.web.mishaps.not_found"
handler500 = "tongban.web.mishaps.defect"
