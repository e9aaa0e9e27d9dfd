import pytest

from service.testing import Service


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World", "hello-world"),
        ("  Crème brûlée!  ", "creme-brulee"),
        ("Ñandú №2", "nandu-no2"),
        ("日本語 タイトル", "日本語-タイトル"),
        ("ΟΔΟΣ", "οδος"),
        ("!!!", ""),
    ],
)
def test_a_title_becomes_a_slug(service: Service, title: str, slug: str) -> None:
    for _ in range(2):  # The second time it may be kept.
        assert service.post("/slugs", json={"title": title}).json() == {"slug": slug}


@pytest.mark.parametrize("body", [{}, {"title": " "}, {"title": "t" * 201}, {"title": 1}])
def test_what_is_no_title_is_refused(service: Service, body: dict[str, object]) -> None:
    answer = service.post("/slugs", json=body)
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == ["/title"]
