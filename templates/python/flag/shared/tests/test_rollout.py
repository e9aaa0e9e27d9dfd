from collections import Counter
from itertools import pairwise

import pytest

from service.platform.rollout import bucket_of, parse, variant_of


def test_buckets_are_what_they_have_always_been() -> None:
    users = {"alice": 1067, "bob": 8520, "carol": 4615, "user-42": 4979}
    assert {user: bucket_of("example", user) for user in users} == users


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("off", {"off": 100}),
        ("on", {"on": 100}),
        ("0%", {"off": 100}),
        ("100%", {"on": 100}),
        ("1%", {"on": 1, "off": 99}),
        ("90%", {"on": 90, "off": 10}),
        ("12.25%", {"on": 12.25, "off": 87.75}),
        ("control:50,blue:30,green:20", {"control": 50, "blue": 30, "green": 20}),
    ],
)
def test_shares(text: str, expected: dict[str, float]) -> None:
    rollout = parse(text)
    sizes = Counter(variant_of(rollout, bucket_of("example", f"user-{number}")) for number in range(10_000))
    assert {variant: size / 100 for variant, size in sizes.items()} == pytest.approx(expected, abs=1.5)


def test_a_percentage_that_grows_only_adds_users() -> None:
    for before, now in pairwise(map(parse, ["0%", "0.5%", "5%", "25%", "26%", "75%", "100%"])):
        assert all(variant_of(now, one) == "on" for one in range(10_000) if variant_of(before, one) == "on")


def test_two_flags_do_not_choose_the_same_users() -> None:
    users = [f"user-{number}" for number in range(10_000)]
    both = sum(bucket_of("one", user) < 5000 and bucket_of("two", user) < 5000 for user in users)
    assert both == pytest.approx(2500, abs=150)


@pytest.mark.parametrize(
    "text",
    [
        *("", "true", "ON", "25", "101%", "-1%", "0.001%", "1e1%", "\u0661%", "25%\n"),
        *("a:50", "a:50,b:51", "a:50,a:50", "A:50,b:50", "a:50, b:50", "a:100,"),
    ],
)
def test_what_is_no_rollout(text: str) -> None:
    with pytest.raises(ValueError, match="must be off, on"):
        parse(text)
