from django.urls import URLPattern, URLResolver, path

from tongban.web.citizen import acts, applying, case, comparing, guide, mine, pacts, receipts, starting, zone

urlpatterns: list[URLPattern | URLResolver] = [
    path("", zone.zone, name="zone"),
    path("places/", zone.places),
    path("agreements/", pacts.pacts, name="pacts"),
    path("items/", guide.items, name="items"),
    path("items/<slug:key>/", guide.guide, name="guide"),
    path("items/<slug:key>/compare/", comparing.compare, name="compare"),
    path("items/<slug:key>/begin/", starting.begin, name="begin"),
    path("apply/<uuid:application_id>/", applying.resume, name="resume"),
    path("apply/<uuid:application_id>/drop/", applying.give_up, name="give_up"),
    path("apply/<uuid:application_id>/<slug:step>/", applying.page, name="apply"),
    path("receipts/<uuid:application_id>/", receipts.receipt, name="receipt"),
    path("receipts/<uuid:application_id>/paper/", receipts.paper, name="receipt_paper"),
    path("my/", mine.mine, name="mine"),
    path("my/looks/", mine.looks, name="looks"),
    path("my/queries/<uuid:bundle>/", mine.query, name="query"),
    path("cases/<uuid:case_id>/", case.show, name="case"),
    path("cases/<uuid:case_id>/news/", case.news, name="case_news"),
    path("cases/<uuid:case_id>/documents/<str:number>/", case.document, name="document"),
    path("cases/<uuid:case_id>/materials/<str:digest>/", case.material, name="material"),
    path("cases/<uuid:case_id>/supply/", acts.supply, name="supply"),
    path("cases/<uuid:case_id>/account/", acts.account, name="account"),
    path("cases/<uuid:case_id>/choice/", acts.choose, name="choose"),
    path("cases/<uuid:case_id>/withdraw/", acts.withdraw, name="withdraw"),
]
