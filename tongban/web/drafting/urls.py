from django.urls import URLPattern, URLResolver, path

from tongban.web.drafting import acts, draft, listed, text

app_name = "drafts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listed.listed, name="drafts"),
    path("new/", listed.new, name="new"),
    path("<uuid:draft_id>/", draft.shown, name="draft"),
    path("<uuid:draft_id>/text/", text.edit, name="text"),
    path("<uuid:draft_id>/guide/", draft.preview, name="guide"),
    path("<uuid:draft_id>/acts/<slug:name>/", acts.act, name="act"),
]
