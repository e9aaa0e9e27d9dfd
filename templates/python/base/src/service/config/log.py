"""What is logged, and for whom."""

from typing import Literal

from pydantic import Field

from service.platform.env import Concern


class Log(Concern):
    log_level: Literal["trace", "debug", "info", "warn", "error", "fatal"] = Field(
        default="info", description="Least severe level that is written."
    )
    log_format: Literal["json", "pretty"] = Field(
        default="json", description="One JSON object a line, or lines for a person at a terminal."
    )
