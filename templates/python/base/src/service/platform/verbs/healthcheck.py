"""Asks the service that runs on this machine's PORT whether it is alive, or with --ready ready."""

import http.client
import ipaddress

from service.config.http import Http
from service.platform.env import read
from service.platform.process import Exit, Failure, Process


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    match args:
        case []:
            path = "/livez"
        case ["--ready"]:
            path = "/readyz"
        case _:
            raise process.usage("healthcheck takes --ready or nothing")
    where = read(Http, process.environment)
    connection = http.client.HTTPConnection(_reachable(where.host), where.port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise Failure(Exit.FAILED, f"unhealthy: {error}", event="unhealthy") from None
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise Failure(Exit.FAILED, f"unhealthy: {answer.status} {answer.reason}", event="unhealthy")
    return Exit.DONE


def _reachable(host: str) -> str:
    """An address of this machine: nobody can connect to all of them."""
    try:
        return "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    except ValueError:
        return host
