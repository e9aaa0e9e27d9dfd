"""Takes credentials out of what is logged."""

import re
from urllib.parse import unquote, urlsplit

_IN_URL = re.compile(r"://[^\s/?#\"@]+@")
_SENSITIVE = re.compile(r"authorization|cookie|password|secret|token|api[-_]?key", re.IGNORECASE)
# A shorter one would blank ordinary words.
_LEAST = 6


class Redactor:
    """Knows the secrets of the configuration, and the passwords in those that are URLs."""

    def __init__(self, *secrets: str) -> None:
        self._secrets: list[str] = []
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """Takes it out from now on."""
        found = {*self._secrets, *(form for form in _forms_of(secret) if len(form) >= _LEAST)}
        # The longest first: a shorter one may be a part of it, and would leave the rest.
        self._secrets = sorted(found, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The same text without credentials."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _IN_URL.sub("://***@", text) if "://" in text else text

    def value(self, value: object) -> object:
        """The same for what becomes JSON. Members that are named like a secret have none of their value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {str(name): self.member(str(name), one) for name, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(one) for one in value]
        if value is None or isinstance(value, int | float):
            return value
        return self.text(str(value))

    def member(self, name: str, value: object) -> object:
        """A member of an object, or a field of a line."""
        return "***" if _SENSITIVE.search(name) and not isinstance(value, int | float) else self.value(value)


def _forms_of(secret: str) -> set[str]:
    forms = {secret}
    try:
        password = urlsplit(secret).password
    except ValueError:
        password = None
    if password:
        forms |= {password, unquote(password)}
    return forms
