from django.urls import URLPattern, URLResolver, path

from tongban.web.counter import acts, case, choosing, desk, helping, intake, leaving, signing

app_name = "counter"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("new/", choosing.choose, name="new"),
    path("intakes/<uuid:application_id>/", intake.intake, name="intake"),
    path("intakes/<uuid:application_id>/return/", leaving.send_home, name="return"),
    path("intakes/<uuid:application_id>/drop/", leaving.give_up, name="drop"),
    path("intakes/<uuid:application_id>/papers/<slug:kind>/", leaving.paper, name="paper"),
    path("intakes/<uuid:application_id>/files/<str:digest>/", leaving.scan, name="scan"),
    path("cases/<uuid:case_id>/", case.show, name="case"),
    path("cases/<uuid:case_id>/custody/", case.custody, name="custody"),
    path("cases/<uuid:case_id>/acts/<str:name>/", acts.act, name="act"),
    path("cases/<uuid:case_id>/documents/<str:number>/", case.document, name="document"),
    path("cases/<uuid:case_id>/supplement/", signing.supplement, name="supplement"),
    path("signatures/", signing.by_card, name="by-card"),
    path("signatures/<uuid:matter>/", signing.sheet, name="sign"),
    path("partners/", desk.partners, name="partners"),
    path("help/", helping.begin, name="help"),
    path("help/end/", helping.end, name="help-end"),
]
