"""How it stops."""

from typing import Self

from pydantic import Field, model_validator

from service.platform.env import MOST, Concern, Whole, bad


class Shutdown(Concern):
    shutdown_delay_ms: Whole = Field(
        default=0,
        ge=0,
        le=MOST,
        description="How long to keep serving, not ready, after SIGTERM: at least what a load balancer takes to notice.",
    )
    shutdown_timeout_ms: Whole = Field(
        default=8000,
        ge=1,
        le=MOST,
        description="Budget of a graceful stop, the delay included; below the supervisor's own.",
    )

    @model_validator(mode="after")
    def _has_time_to_stop(self) -> Self:
        if self.shutdown_delay_ms >= self.shutdown_timeout_ms:
            raise bad("SHUTDOWN_DELAY_MS", "must be less than SHUTDOWN_TIMEOUT_MS")
        return self
