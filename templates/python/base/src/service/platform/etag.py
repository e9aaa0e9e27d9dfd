"""Compares versions as RFC 9110 wants it."""

import re

from service.platform.problem import Problem

_LIST = re.compile(r'[ \t,]*(?:(?:W/)?"[^"]*"[ \t]*(?:,[ \t,]*|$))*')
_TAG = re.compile(r'(W/)?"([^"]*)"')
_OURS = re.compile(r"[1-9][0-9]{0,8}")


def of(version: int) -> str:
    """The entity tag of a version of a resource."""
    return f'"{version}"'


def expected(if_match: str | None) -> list[int] | None:
    """The versions that a change is meant for, by its If-Match; None for any. A weak tag matches none (13.1.1).

    :raises Problem: 428 without the header: the change could undo another that its author has not seen
    """
    text = (if_match or "").strip()
    if not text:
        raise Problem(428, "Send the ETag that you read as If-Match.")
    return None if text == "*" else _versions_in(text, takes_weak=False)


def is_known(version: int, if_none_match: str | None) -> bool:
    """Whether the caller has this version, by its If-None-Match, where weak tags match too: it gets 304."""
    text = (if_none_match or "").strip()
    return text == "*" or version in _versions_in(text, takes_weak=True)


def _versions_in(text: str, takes_weak: bool) -> list[int]:
    """The tags of a list that a version of ours may have: others match none, and so does what is no list."""
    if not _LIST.fullmatch(text):
        return []
    found = _TAG.findall(text)
    return [int(tag) for weak, tag in found if _OURS.fullmatch(tag) and (takes_weak or not weak)]
