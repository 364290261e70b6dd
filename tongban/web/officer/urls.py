from django.urls import URLPattern, URLResolver, path

from tongban.web.officer import acts, case, dossier, initiating, work

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.work, name="work"),
    path("new/", initiating.choose, name="new"),
    path("new/<slug:key>/", initiating.initiate_case, name="initiate"),
    path("cases/<uuid:case_id>/", case.show, name="case"),
    path("cases/<uuid:case_id>/dossier/", dossier.show, name="dossier"),
    path("cases/<uuid:case_id>/files/<str:digest>/", dossier.material, name="file"),
    path("cases/<uuid:case_id>/documents/<str:number>/", dossier.document, name="document"),
    path("cases/<uuid:case_id>/acts/<str:name>/", acts.act, name="act"),
]
