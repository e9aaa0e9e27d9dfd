from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.config.database import Database
from service.testing import Service
from service.testing.backing.postgres import execute


def book(sku: str, **more: object) -> dict[str, object]:
    return {"sku": sku, "name": "A book", "priceCents": 1250, **more}


def created(service: Service, sku: str) -> dict[str, Any]:
    answer = service.post("/products", json=book(sku))
    assert answer.status_code == 201
    product: dict[str, Any] = answer.json()
    assert answer.headers["location"] == path_of(product)
    return product


def path_of(product: dict[str, Any]) -> str:
    return f"/products/{product['id']}"


def test_a_product_lives(service: Service) -> None:
    product = created(service, "BOOK-1")
    path = path_of(product)
    for method, at, header, status, tag in [
        ("GET", path, {}, 200, '"1"'),
        ("GET", f"/products/{product['id'].upper()}", {}, 200, '"1"'),
        ("GET", path, {"if-none-match": 'W/"7", "1"'}, 304, '"1"'),
        ("POST", "/products", {}, 409, None),
        ("PUT", path, {}, 428, None),
        ("PUT", path, {"if-match": '"2"'}, 412, None),
        ("PUT", path, {"if-match": 'W/"1"'}, 412, None),
        ("PUT", path, {"if-match": '"7", "1"'}, 200, '"2"'),
        ("GET", path, {"if-none-match": '"1"'}, 200, '"2"'),
        ("DELETE", path, {}, 428, None),
        ("DELETE", path, {"if-match": '"1"'}, 412, None),
        ("DELETE", path, {"if-match": "*"}, 204, None),
        ("GET", path, {}, 404, None),
        ("DELETE", path, {"if-match": "*"}, 404, None),
        ("PUT", path, {"if-match": "*"}, 404, None),
    ]:
        body = book("BOOK-1", priceCents=999) if method in ("PUT", "POST") else None
        answer = service.request(method, at, json=body, headers=header)
        assert (answer.status_code, answer.headers.get("etag")) == (status, tag), f"{method} {at} {header}"
        if status == 200:
            assert answer.json() == {
                **product,
                "priceCents": 1250 if tag == '"1"' else 999,
                "version": 1 if tag == '"1"' else 2,
            }


def test_a_sku_is_taken_once_also_by_a_change(service: Service) -> None:
    created(service, "BOOK-1")
    other = created(service, "BOOK-2")
    assert service.put(path_of(other), json=book("BOOK-1"), headers={"if-match": '"1"'}).status_code == 409


def test_of_two_changes_at_once_one_wins_and_the_other_is_told(service: Service) -> None:
    path = path_of(created(service, "BOOK-1"))
    with ThreadPoolExecutor(2) as threads:
        both = threads.map(lambda sku: service.put(path, json=book(sku), headers={"if-match": '"1"'}), ("A", "B"))
    assert sorted(answer.status_code for answer in both) == [200, 412]


def test_pages_have_each_product_once(service: Service) -> None:
    for number in range(5):
        created(service, f"BOOK-{number}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = service.get("/products", params={"limit": 2, "cursor": cursor}).json()
        seen += [product["sku"] for product in page["items"]]
        cursor = page["nextCursor"]
    assert seen == [f"BOOK-{number}" for number in range(5)]


def test_what_no_client_may_write_is_answered_where_it_is_stored(service: Service) -> None:
    stored = {"id": "11111111-1111-1111-1111-111111111111", "sku": "a box", "name": "", "priceCents": 1, "version": 1}
    database = service.service.config[Database].database_url.get_secret_value()
    execute(database, "insert into products (id, sku, name, price_cents) values (%s, 'a box', '', 1)", stored["id"])
    assert service.get(path_of(stored)).json() == stored
    assert service.get("/products").json() == {"items": [stored], "nextCursor": None}


@pytest.mark.parametrize(
    "more",
    [
        {"sku": "a"},
        {"sku": "A\n"},
        {"name": ""},
        {"name": " x"},
        {"name": "a\0b"},
        {"priceCents": -1},
        {"priceCents": 0.5},
        {"priceCents": "1"},
        {"priceCents": True},
        {"priceCents": 2**31},
        {"priceCents": None},
    ],
)
def test_what_is_no_product_is_refused(service: Service, more: dict[str, object]) -> None:
    answer = service.post("/products", json=book("A") | more)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [error["path"] for error in answer.json()["errors"]] == [f"/{name}" for name in more]


@pytest.mark.parametrize("path", ["?limit=0", "?limit=101", "?limit=1&limit=2", "?cursor=%21", "?cursor=A", "/1"])
def test_what_asks_for_no_product_is_refused(service: Service, path: str) -> None:
    assert service.get(f"/products{path}").status_code == 400
