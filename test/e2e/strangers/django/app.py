import json
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY", "not-a-secret"), ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__
)
notes = []


def index(request):
    return JsonResponse({"hello": "world"})


def all_notes(request):
    if request.method == "POST":
        notes.append({"id": len(notes) + 1, "text": json.loads(request.body)["text"]})
        return JsonResponse(notes[-1], status=201)
    return JsonResponse(notes, safe=False)


urlpatterns = [path("", index), path("notes", all_notes)]
application = get_wsgi_application()
