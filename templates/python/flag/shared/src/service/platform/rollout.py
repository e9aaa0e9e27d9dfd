"""Decides who gets something new: the same user gets the same variant, in every instance and in every language that services are
written in.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator

# A hundredth of a percent is the smallest step.
_BUCKETS = 10_000
_PERCENT = r"([0-9]{1,3}(?:\.[0-9]{1,2})?)"
_PERCENTAGE = re.compile(f"{_PERCENT}%")
_SHARE = re.compile(f"([a-z][a-z0-9-]{{0,31}}):{_PERCENT}")
_WRONG = "must be off, on, a percentage such as 25%, or variants that make 100 such as control:50,treatment:50"


@dataclass(frozen=True)
class Share:
    """A variant, and how many of the buckets, counted from the first on, end with it."""

    variant: str
    up_to: int


Rollout = tuple[Share, ...]
"""The shares of a flag in the order in which they take the buckets, all of them together."""


@cache
def parse(text: str) -> Rollout:
    """Reads `off`, `on`, a percentage of the users such as `25%`, or variants such as `control:50,treatment:50`.

    :raises ValueError: for another text
    """
    if text in ("off", "on"):
        return (Share(text, _BUCKETS),)
    if found := _PERCENTAGE.fullmatch(text):
        steps = _steps(found[1])
        return _share_out([("on", steps), ("off", _BUCKETS - steps)])
    found_all = [_SHARE.fullmatch(part) for part in text.split(",")]
    return _share_out([(one[1], _steps(one[2])) if one else ("", 0) for one in found_all])


def _steps(percent: str) -> int:
    return round(float(percent) * 100)


def _share_out(parts: list[tuple[str, int]]) -> Rollout:
    taken, shares = 0, []
    for variant, steps in parts:
        taken += steps
        shares.append(Share(variant, taken))
    names = {variant for variant, _ in parts}
    if "" in names or len(names) < len(parts) or any(steps < 0 for _, steps in parts) or taken != _BUCKETS:
        raise ValueError(_WRONG)
    return tuple(shares)


def _checked(text: str) -> str:
    parse(text)
    return text


RolloutText = Annotated[str, AfterValidator(_checked)]
"""A variable that holds a rollout."""


def bucket_of(flag: str, user: str) -> int:
    """That of a user, from 0 to 9999: another one for every flag, so that it is not always the same users who come first."""
    digest = sha256(f"{flag}:{user}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:4]) % _BUCKETS


def variant_of(rollout: Rollout, bucket: int) -> str:
    """That of a bucket. The first and the last share keep all their users while they grow."""
    return next(share.variant for share in rollout if bucket < share.up_to)
