"""What every resource promises, as tests: `class TestOrders(ResourcePromises)` with its `resource`."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from psycopg import sql

from service.config.database import Database
from service.testing import Service
from service.testing.backing.postgres import execute

ODD_ID = "11111111-1111-1111-1111-111111111111"

Item = dict[str, Any]
_numbers = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What tests have to know of a resource.

    :param moment: a member that is a moment, if there is one
    :param odd: columns, and what no client may write there
    :param wrong: a value of each member that is refused
    :param sample: a valid one, in the form in which it is answered; no two have a unique value in common
    """

    path: str
    table: str
    moment: str
    odd: Mapping[str, str]
    uniques: Sequence[str]
    optionals: Sequence[str]
    wrong: Mapping[str, object]
    sample: Callable[[int], Item]


class ResourcePromises:
    """Tests of a resource."""

    resource: Resource

    def test_it_is_created_read_changed_and_deleted(self, service: Service) -> None:
        given, other = self._next(), self._next()
        path, item = self._create(service, given)
        _same(item, given, 1)
        _same(_want(service.get(path), 200, '"1"').json(), given, 1)
        _same(_want(service.put(path, json=other, headers={"if-match": '"1"'}), 200, '"2"').json(), other, 2)
        _same(_want(service.get(path), 200, '"2"').json(), other, 2)
        _want(service.delete(path, headers={"if-match": '"2"'}), 204)
        _want(service.get(path), 404)
        _want(service.put(path, json=other, headers={"if-match": '"2"'}), 404)
        _want(service.delete(path, headers={"if-match": '"2"'}), 404)

    def test_a_change_says_which_version_it_is_meant_for(self, service: Service) -> None:
        path, _ = self._create(service)
        _want(service.put(path, json=self._next()), 428)
        _want(service.delete(path), 428)
        for tag in ('"7"', 'W/"1"'):
            _want(service.put(path, json=self._next(), headers={"if-match": tag}), 412)
            _want(service.delete(path, headers={"if-match": tag}), 412)
        _want(service.put(path, json=self._next(), headers={"if-match": '"7", "1"'}), 200, '"2"')
        _want(service.put(path, json=self._next(), headers={"if-match": "*"}), 200, '"3"')
        _want(service.delete(path, headers={"if-match": "*"}), 204)

    def test_of_two_changes_at_once_one_wins(self, service: Service) -> None:
        path, _ = self._create(service)

        def change(item: Item) -> int:
            return service.put(path, json=item, headers={"if-match": '"1"'}).status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(change, (self._next(), self._next()))) == [200, 412]

    def test_what_the_caller_has_is_not_sent_again(self, service: Service) -> None:
        path, _ = self._create(service)
        assert _want(service.get(path, headers={"if-none-match": '"1"'}), 304, '"1"').content == b""
        _want(service.get(path, headers={"if-none-match": '"7"'}), 200, '"1"')

    def test_pages_have_each_once(self, service: Service) -> None:
        created = {self._create(service)[1]["id"] for _ in range(5)}
        seen: list[str] = []
        query: dict[str, Any] | None = {"limit": 2}
        while query is not None:
            page = _want(service.get(self.resource.path, params=query), 200).json()
            seen += [item["id"] for item in page["items"] if item["id"] in created]
            query = None if page["nextCursor"] is None else {"limit": 2, "cursor": page["nextCursor"]}
        assert sorted(seen) == sorted(created)

    def test_a_cursor_or_a_limit_that_is_none_is_refused(self, service: Service) -> None:
        for query in ("cursor=?", "cursor=bm8gaWQ", "limit=0x10", "limit=1e2", "limit=1&limit=2"):
            _want(service.get(f"{self.resource.path}?{query}"), 400)

    def test_what_no_client_may_write_is_answered_where_it_is_stored(self, service: Service) -> None:
        _, item = self._create(service)
        url = service.service.config[Database].database_url.get_secret_value()
        changes = [sql.SQL("{} = {}").format(sql.Identifier(name), value) for name, value in self.resource.odd.items()]
        values = sql.SQL(", ").join([sql.SQL("id = {}").format(ODD_ID), *changes])
        statement = sql.SQL("update {} set {} where id = {}").format(
            sql.Identifier(self.resource.table), values, item["id"]
        )
        execute(url, statement)
        path = f"{self.resource.path}/{ODD_ID}"
        _want(service.get(path), 200, '"1"')
        assert ODD_ID in [one["id"] for one in service.get(f"{self.resource.path}?limit=100").json()["items"]]
        _want(service.delete(path, headers={"if-match": '"1"'}), 204)

    def test_an_optional_member_may_be_absent_or_null(self, service: Service) -> None:
        for nulls in ({}, dict.fromkeys(self.resource.optionals)):
            given = {name: value for name, value in self._next().items() if name not in self.resource.optionals}
            _, item = self._create(service, given | nulls)
            _same(item, given | dict.fromkeys(self.resource.optionals), 1)

    def test_a_unique_value_is_taken_once(self, service: Service) -> None:
        for member in self.resource.uniques:
            _, first = self._create(service)
            path, _ = self._create(service)
            for answer in (
                service.post(self.resource.path, json=self._next() | {member: first[member]}),
                service.put(path, json=self._next() | {member: first[member]}, headers={"if-match": '"1"'}),
            ):
                assert f'"{member}"' in _want(answer, 409).json()["detail"]

    def test_a_moment_is_answered_in_utc(self, service: Service) -> None:
        if self.resource.moment:
            _, item = self._create(service, self._next() | {self.resource.moment: "2026-02-28T14:30:00.9999+02:00"})
            assert item[self.resource.moment] == "2026-02-28T12:30:00.999Z"

    def test_what_a_member_may_not_be_is_refused(self, service: Service) -> None:
        for member, value in self.resource.wrong.items():
            answer = _want(service.post(self.resource.path, json=self._next() | {member: value}), 400)
            assert [error["path"] for error in answer.json()["errors"]] == [f"/{member}"]

    def _next(self) -> Item:
        return self.resource.sample(next(_numbers))

    def _create(self, service: Service, given: Item | None = None) -> tuple[str, Item]:
        answer = _want(service.post(self.resource.path, json=self._next() if given is None else given), 201, '"1"')
        item: Item = answer.json()
        path = f"{self.resource.path}/{item['id']}"
        assert answer.headers["location"] == path
        return path, item


def _want(answer: Response, status: int, tag: str | None = None) -> Response:
    assert answer.status_code == status, answer.text
    assert tag is None or answer.headers["etag"] == tag
    return answer


def _same(item: Item, given: Item, version: int) -> None:
    assert item == {"id": item["id"], **given, "version": version}
