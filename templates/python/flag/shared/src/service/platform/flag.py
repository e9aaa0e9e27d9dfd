"""Asks flags that the environment sets, counts what they answer, and logs it with the request."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge

from service.platform.app import App
from service.platform.env import Concern
from service.platform.identity import identity
from service.platform.request import add_field
from service.platform.rollout import bucket_of, parse, variant_of

# Variants that stand for things as they were; any other one is the new way.
_OLD = frozenset(("off", "control"))


class Evaluations:
    """Counts what flags answer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counter = Counter(
            "feature_flag_evaluations_total",
            "Evaluations of feature flags; the variant is error where the default was taken.",
            ("flag", "variant"),
            registry=registry,
        )
        # So that a canary can be compared with the others.
        running = Gauge(
            "service_info",
            "Always 1; the labels say which version of the service this is.",
            ("version", "revision"),
            registry=registry,
        )
        running.labels(identity()["version"], identity()["revision"]).set(1)

    def count(self, flag: str, variant: str) -> None:
        """Adds one."""
        self._counter.labels(flag, variant).inc()


class Flag[C: Concern]:
    """Says who gets something new. Its rollout does not change while the process lives.

    :param text: gives the rollout, as the variable has it
    """

    def __init__(self, name: str, concern: type[C], text: Callable[[C], str]) -> None:
        self._name, self._concern, self._text = name, concern, text

    def is_on(self, app: App, user_id: str) -> bool:
        """Whether the user gets the new way: not when it is off, and not as part of the control group."""
        return self.variant(app, user_id) not in _OLD

    def variant(self, app: App, user_id: str) -> str:
        """It is `on` or `off`, or one that the variable names. Nobody in particular, without an id, has no share of the users."""
        rollout = parse(self._text(app.config[self._concern]))
        variant, said = "off", "error"
        if len(rollout) == 1:
            variant = said = rollout[0].variant
        elif user_id:
            variant = said = variant_of(rollout, bucket_of(self._name, user_id))
        app.of(Evaluations).count(self._name, said)
        add_field(f"feature_flag.{self._name}", said)
        return variant
