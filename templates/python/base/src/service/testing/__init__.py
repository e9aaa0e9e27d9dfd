"""What tests work with: the whole service, without a port."""

from service.testing.service import Service, run_verb

__all__ = ["Service", "run_verb"]
