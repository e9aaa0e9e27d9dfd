import pytest

from service.testing import run_verb


@pytest.mark.parametrize(
    ("args", "variables", "code", "event"),
    [
        ("config --check", {}, 0, None),
        ("config --schema", {}, 0, None),
        ("version", {}, 0, None),
        ("config", {}, 64, "usage"),
        ("nonsense", {}, 64, "usage"),
        ("version 2", {}, 64, "usage"),
        ("web now", {}, 64, "usage"),
        ("healthcheck now", {}, 64, "usage"),
        ("config --check", {"PORT": "eighty", "LOG_LEVEL": "loud"}, 78, "config.invalid"),
        ("config --check", {"SHUTDOWN_DELAY_MS": "8000"}, 78, "config.invalid"),
        ("healthcheck", {"PORT": "1"}, 1, "unhealthy"),
        ("healthcheck", {"PORT": "x"}, 78, "config.invalid"),
        ("web", {"PORT": "x"}, 78, "config.invalid"),
    ],
)
def test_verbs(args: str, variables: dict[str, str], code: int, event: str | None) -> None:
    found, lines = run_verb(*args.split(), **variables)
    assert (found, lines[-1].get("event.name")) == (code, event), lines
