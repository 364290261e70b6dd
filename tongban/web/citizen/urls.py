from django.urls import URLPattern, URLResolver, path

from tongban.web.citizen import acts, applying, case, comparing, guide, mine, pacts, receipts, starting, zone
from tongban.web.citizen.lists import changes, registers, today

urlpatterns: list[URLPattern | URLResolver] = [
    path("", zone.zone, name="zone"),
    path("places/", zone.places),
    path("list/", today.the_list_today, name="list"),
    path("list/items.csv", today.as_csv, name="list_csv"),
    path("list/items.json", today.as_json, name="list_json"),
    path("list/changes/", changes.changes, name="list_changes"),
    path("list/changes.atom", changes.feed, name="list_feed"),
    path("list/on-site/", registers.on_site, name="on_site"),
    path("list/reductions/", registers.reductions, name="reductions"),
    path("list/sources/", registers.sources, name="sources"),
    path("items/<slug:key>/versions/", changes.of_item, name="versions"),
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
