import pytest

from service.platform import etag
from service.platform.problem import Problem


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('"1"', [1]),
        ('"7", "1"', [7, 1]),
        ("*", None),
        ('W/"1"', []),
        ("1", []),
        ('"1" "2"', []),
        ('"01"', []),
        ('"99999999999999999999"', []),
    ],
)
def test_a_change_is_meant_for_versions(header: str, versions: list[int] | None) -> None:
    assert etag.expected(header) == versions


@pytest.mark.parametrize("header", [None, "", " "])
def test_a_change_has_to_say_its_version(header: str | None) -> None:
    with pytest.raises(Problem) as raised:
        etag.expected(header)
    assert raised.value.status_code == 428


@pytest.mark.parametrize("header", ['"3"', 'W/"3"', "*", '"1", W/"3"', ' "3" '])
def test_a_version_is_known(header: str) -> None:
    assert etag.is_known(3, header)


@pytest.mark.parametrize("header", [None, "", '"4"', "3", 'w/"3"', '"03"'])
def test_a_version_is_not_known(header: str | None) -> None:
    assert not etag.is_known(3, header)
