"""The service answers counters, machines and monitoring, and refuses what it should."""

from __future__ import annotations

import io

import psycopg
import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient


@pytest.fixture
def code(client: TestClient) -> str:
    """The code of some resident."""
    return str(client.get("/api/residents", params={"limit": 1}).json()["residents"][0]["code"])


def test_health_names_the_city(client: TestClient) -> None:
    """A healthy service says so, and whose it is."""
    assert client.get("/health").json() == {"status": "ok", "city": "kakuu"}


def test_search_narrows_by_every_field(client: TestClient) -> None:
    """Kana, name, birth date and address each narrow the search, together too."""
    one = client.get("/api/residents", params={"limit": 1}).json()["residents"][0]
    asked = {
        "kana": one["kana"][:4],
        "name": one["family_name"] + one["given_name"],
        "birth_date": one["birth_date"],
        "address": one["address"],
    }
    for key, value in asked.items():
        found = client.get("/api/residents", params={key: value, "limit": 100}).json()["residents"]
        assert found, key
        assert all(_fits(row, key, value) for row in found)
    found = client.get("/api/residents", params=asked).json()["residents"]
    assert one["code"] in {row["code"] for row in found}


def _fits(row: dict[str, str], key: str, value: str) -> bool:
    if key == "name":
        return (row["family_name"] + row["given_name"]).startswith(value)
    return value in row[key]


def test_wildcards_are_plain_text(client: TestClient) -> None:
    """A per cent sign finds nobody: no name has one."""
    assert client.get("/api/residents", params={"kana": "%"}).json()["residents"] == []


def test_inquiry_shows_the_household_without_numbers(client: TestClient, code: str) -> None:
    """An inquiry shows all members and never an individual number."""
    entry = client.get(f"/api/residents/{code}").json()
    assert code in {member["code"] for member in entry["household"]}
    assert {member["number"] for member in entry["household"]} == {"omitted"}


def test_certificate_shows_every_member(client: TestClient, code: str) -> None:
    """The certificate is a PDF with every member's name, marked as a sample."""
    answer = client.get(f"/api/residents/{code}/certificate")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    household = client.get(f"/api/residents/{code}").json()["household"]
    for member in household:
        assert f"{member['family_name']} {member['given_name']}" in text
    assert "住 民 票 の 写 し" in text and "見 本" in text and "架空市" in text


def test_pages_are_japanese_and_carry_the_data(client: TestClient, code: str) -> None:
    """The counter's pages are marked as Japanese and show the resident."""
    entry = client.get(f"/api/residents/{code}").json()["household"][0]
    page = client.get(f"/residents/{code}").text
    assert '<html lang="ja">' in page and entry["kana"] in page
    found = client.get("/", params={"kana": entry["kana"]}).text
    assert entry["kana"] in found


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/residents?birth_date=1980", 400, "生年月日"),
        ("/api/residents?limit=0", 400, "件数"),
        ("/api/residents?kana=" + "ア" * 61, 400, "60文字"),
        ("/api/residents/123", 400, "11桁"),
        ("/api/residents/99999999999", 404, "登録されていません"),
        ("/residents/99999999999", 404, "登録されていません"),
    ],
)
def test_bad_requests_are_refused_in_words(client: TestClient, path: str, status: int, words: str) -> None:
    """A bad request gets its status and a Japanese sentence."""
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_every_look_is_audited(client: TestClient, code: str, database: str) -> None:
    """An inquiry leaves who, what and whom in the audit log."""
    client.get(f"/api/residents/{code}/certificate")
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT terminal::text, action, resident FROM audit ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row == ("198.51.100.7/32", "certificate", code)


def test_metrics_count_residents_and_requests(client: TestClient) -> None:
    """The figures hold the registry's size and the requests by route."""
    client.get("/health")
    lines = client.get("/metrics").text.splitlines()
    assert "resident_registry_residents 1200" in lines
    assert "resident_registry_households 500" in lines
    assert any(line.startswith('resident_registry_requests_total{method="GET",route="/health"') for line in lines)
