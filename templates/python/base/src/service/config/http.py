"""How it is reached, and what it takes from a client."""

from pydantic import Field

from service.platform.env import MOST, Concern, Whole


class Http(Concern):
    port: Whole = Field(
        default=8080, ge=0, le=65_535, description="Port to listen on; 0 takes a free one and logs which."
    )
    host: str = Field(default="0.0.0.0", description="Address to listen on.")
    trusted_proxies: Whole = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies are in front, whose X-Forwarded-For tells the client's address.",
    )
    body_limit_bytes: Whole = Field(default=1_048_576, ge=1, le=MOST, description="Largest request body that is read.")
    request_timeout_ms: Whole = Field(
        default=30_000,
        ge=1,
        le=MOST,
        description="How long a client may take to send a whole request, and, up to 10 s, take nothing of an answer.",
    )
    handler_timeout_ms: Whole = Field(
        default=20_000,
        ge=1,
        le=MOST,
        description="How long the service may take to answer a request. Then its handler is told to stop.",
    )
    rate_limit_per_minute: Whole = Field(
        default=6000, ge=0, le=MOST, description="Requests that one client address may make; 0 sets no limit."
    )
