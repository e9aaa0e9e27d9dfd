import asyncio
import socket

import pytest
from starlette.responses import PlainTextResponse

from service.config.http import Http
from service.platform.process import Failure
from service.platform.server.server import Server


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="there is no IPv6")
def test_all_addresses_of_ipv6_are_those_of_ipv4_too() -> None:
    async def scenario() -> None:
        server = Server(PlainTextResponse("done"), Http(host="::", port=0))
        port = await server.listen()
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await server.drain(0)

    asyncio.run(scenario())


def test_a_place_where_it_cannot_listen_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for host, why in [
            ("127.0.0.1", "is already in use: stop what listens there, or set PORT"),
            ("no name", "cannot listen on port [0-9]+ of no name: [A-Za-z]"),
        ]:
            with pytest.raises(Failure, match=why):
                asyncio.run(Server(PlainTextResponse("done"), Http(host=host, port=port)).listen())
