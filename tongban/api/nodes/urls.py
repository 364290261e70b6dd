from django.urls import URLPattern, path

from tongban.api.nodes.checkpoints import checkpoint
from tongban.api.nodes.directory import directory
from tongban.api.nodes.files import file
from tongban.api.nodes.letters import batch, letters
from tongban.api.nodes.looks import looks
from tongban.api.nodes.remembered import taken, written

urlpatterns: list[URLPattern] = [
    path("letters", letters),
    path("letters/batch", batch),
    path("letters/written", written),
    path("letters/taken", taken),
    path("files/<str:digest>", file),
    path("directory", directory),
    path("looks", looks),
    path("checkpoints/<str:day>", checkpoint),
]
