"""The routes that operate the service: health, version, metrics and its own description."""

import re
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel, WithJsonSchema

from service.platform.health import Readiness
from service.platform.identity import identity
from service.platform.routes import Router

LIVE = ("/health/live", "/livez", "/healthz")
READY = ("/health/ready", "/readyz")
# Probed every few seconds: their lines are written at level debug.
QUIET = frozenset((*LIVE, *READY, "/metrics"))
# Answered under load too, of all times.
ALL = frozenset((*QUIET, "/version", "/openapi.json"))


class Text(Response):
    media_type = "text/plain"


class Live(BaseModel):
    status: Annotated[Literal["live"], WithJsonSchema({"type": "string", "enum": ["live"]})]


class Ready(BaseModel):
    status: Literal["ready", "not ready"]
    checks: dict[str, Literal["up", "down"]]


class Version(BaseModel):
    name: str
    description: str
    version: str
    revision: str
    python: str


def _as_others_do(text: bytes) -> bytes:
    """Bounds of buckets as services in other languages write them: one query finds them all."""
    return re.sub(rb'(\ble="\d+)\.0"', rb'\1"', text)


def add_to(web: FastAPI, readiness: Readiness, metrics: CollectorRegistry) -> None:
    """Adds them all."""
    router = Router(tags=["operations"])
    running = Version(**identity())  # Before it serves: git may be asked, which takes its time.

    async def live() -> Live:
        return Live(status="live")

    async def ready(response: Response) -> Ready:
        report = Ready.model_validate(await readiness.report())
        response.status_code = 200 if report.status == "ready" else 503
        return report

    for path in LIVE:
        router.get(path, summary="Is the process alive?")(live)
    for path in READY:
        router.get(path, summary="Should it get traffic?", responses={503: {"model": Ready}})(ready)

    @router.get("/version", summary="What is running?")
    async def version() -> Version:
        return running

    @router.get("/metrics", summary="Metrics in Prometheus text format", response_class=Text)
    async def read_metrics() -> Response:
        return Response(_as_others_do(generate_latest(metrics)), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    @router.get("/openapi.json", summary="This description")
    async def openapi() -> dict[str, Any]:
        return web.openapi()

    web.router.routes.extend(router.routes)
