"""The service answers counters, machines and monitoring, records every look, and refuses what it should."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pypdf import PdfReader
from resident_registry.people import Plan
from resident_registry.service import create_app
from resident_registry.settings import Settings
from starlette.testclient import TestClient

TERMINAL = "198.51.100.7"
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """Search by the JSON interface."""
    return lambda **asked: client.get("/api/residents", params=asked).json()["residents"]


@pytest.fixture
def someone(ask: Ask) -> dict[str, Any]:
    """Some resident as a search shows them."""
    return ask(limit=1, address="鯨仮町")[0]


@pytest.fixture
def audit(database: str) -> Callable[[], tuple[Any, ...]]:
    """Read the latest entry of the audit log, as the administrator: the application cannot."""

    def latest() -> tuple[Any, ...]:
        with psycopg.connect(database.replace("user=registry_application", "user=postgres")) as connection:
            row = connection.execute(
                "SELECT host(terminal), action, asked, residents, certificate_number, request::text"
                " FROM audit ORDER BY id DESC LIMIT 1"
            ).fetchone()
        assert row is not None
        return row

    return latest


def test_health_names_the_city_and_its_people(client: TestClient, town: Plan) -> None:
    """A healthy service says so, whose it is, and how many it holds."""
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "city": "kakuu",
        "residents": town.residents,
        "households": town.households,
    }


def test_search_narrows_by_every_field(ask: Ask, someone: dict[str, Any]) -> None:
    """Kana, name, birth date and address each narrow the search, and together they find the one."""
    asked = {
        "kana": someone["kana"][:4],
        "name": someone["family_name"] + someone["given_name"],
        "birth_date": someone["birth_date"],
        "address": someone["address"],
    }
    for field, value in asked.items():
        found = ask(**{field: value, "limit": 100})
        assert someone["code"] in {row["code"] for row in found}
        for row in found:
            shown = row["family_name"] + row["given_name"] if field == "name" else row[field]
            assert shown.startswith(value)
    assert [row["code"] for row in ask(**asked)] == [someone["code"]]


def test_search_is_in_the_order_of_kana_and_says_when_there_are_more(client: TestClient) -> None:
    """Results are sorted by reading, cut at the limit, and the cut is told."""
    answer = client.get("/api/residents", params={"limit": 100}).json()
    readings = [row["kana"].replace(" ", "") for row in answer["residents"]]
    assert readings == sorted(readings)
    assert (len(readings), answer["more"]) == (100, True)
    assert client.get("/api/residents", params={"name": "松例", "birth_date": "1900-01-01"}).json()["more"] is False


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; DROP TABLE residents; --"])
def test_wildcards_and_quotes_are_plain_text(ask: Ask, text: str) -> None:
    """What would mean something to the database means nothing here: no name holds it."""
    assert ask(name=text) == []
    assert ask(address=text) == []


def test_inquiry_shows_the_household_without_numbers(client: TestClient, someone: dict[str, Any]) -> None:
    """An inquiry shows all members and never an individual number or a resident code."""
    answer = client.get(f"/api/residents/{someone['code']}")
    entry = answer.json()
    assert someone["code"] in {member["code"] for member in entry["household"]}
    assert entry["address"] == someone["address"]
    assert entry["household"][0]["relation"] == "世帯主"
    assert not re.search(r"individual_number|resident_code|X\d{10}", answer.text)


def test_certificate_shows_every_member(client: TestClient, someone: dict[str, Any]) -> None:
    """The certificate is a PDF with every member's name, numbered, by GET for machines and by POST."""
    address = f"/api/residents/{someone['code']}/certificate"
    household = client.get(f"/api/residents/{someone['code']}").json()["household"]
    answers = [client.get(address), client.post(address, data={"relation": "yes"})]
    for answer in answers:
        assert answer.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert all(f"{member['family_name']} {member['given_name']}" in text for member in household)
    first, second = (int(answer.headers["x-certificate-number"]) for answer in answers)
    assert second == first + 1


def test_pages_are_japanese_and_lead_from_search_to_certificate(client: TestClient, someone: dict[str, Any]) -> None:
    """A clerk finds a resident by name, opens the entry, and issues the certificate, all on Japanese pages."""
    start = client.get("/")
    assert '<html lang="ja">' in start.text
    found = client.post("/search", data={"name": someone["kana"], "birth_date": "", "address": ""})
    link = f"/residents/{someone['code']}"
    assert f'href="{link}"' in found.text
    page = client.get(link).text
    assert someone["kana"] in page
    assert f'action="{link}/certificate"' in page
    assert client.post(f"{link}/certificate", data={"scope": "person"}).content.startswith(b"%PDF-")


def test_every_input_has_its_label(client: TestClient, someone: dict[str, Any]) -> None:
    """Each field is labelled and each problem is tied to its field, for those who use a screen reader."""
    page = client.post("/search", data={"birth_date": "1980"})
    assert page.status_code == 400
    for field in re.findall(r'<input id="(\w+)"', page.text):
        assert f'<label for="{field}">' in page.text
        assert f'id="{field}-hint"' in page.text
    assert 'aria-describedby="birth_date-hint birth_date-problem" aria-invalid="true"' in page.text
    resident = client.get(f"/residents/{someone['code']}").text
    assert resident.count("<label>") == len(re.findall(r'<input type="(?:radio|checkbox)"', resident))


def test_what_was_typed_is_shown_as_text(client: TestClient) -> None:
    """Markup in a field comes back as text."""
    page = client.post("/search", data={"name": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_no_name_stands_in_an_address(client: TestClient) -> None:
    """Pages post their searches; one asked for by address leads back to the start."""
    assert 'method="post" action="/search"' in client.get("/").text
    assert client.get("/search?name=x", follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/residents?birth_date=1980", 400, "生年月日"),
        ("/api/residents?limit=0", 400, "件数"),
        ("/api/residents?kana=" + "ア" * 61, 400, "60文字"),
        ("/api/residents?kana=ア&kana=イ", 400, "二度"),
        ("/api/residents/123", 400, "11桁"),
        ("/residents/123", 400, "11桁"),
        ("/api/residents/99999999999", 404, "登録されていません"),
        ("/residents/99999999999", 404, "登録されていません"),
        ("/api/residents/99999999999/certificate", 404, "登録されていません"),
        ("/residents/99999999999/certificate", 405, "その操作はできません"),
        ("/nothing", 404, "お探しのページはありません"),
    ],
)
def test_bad_requests_are_refused_in_words(client: TestClient, path: str, status: int, words: str) -> None:
    """A bad request gets its status and a Japanese sentence, as JSON or as a page."""
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert answer.headers["content-type"].startswith("application/json" if path.startswith("/api/") else "text/html")


def test_posts_from_elsewhere_and_odd_ones_are_refused(client: TestClient) -> None:
    """Other sites' forms, other media types and oversized bodies do not get through."""
    assert (
        client.post("/search", data={"name": "松"}, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    )
    assert client.post("/search", data={"name": "松"}, headers={"Origin": "http://testserver"}).status_code == 200
    assert client.post("/search", json={"name": "松"}).status_code == 415
    assert client.post("/search", data={"name": "松" * 6000}).status_code == 413
    assert (
        client.post(
            "/search", content=b"name=%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ).status_code
        == 415
    )


def test_answers_stay_out_of_caches_and_frames(client: TestClient) -> None:
    """Personal data must not linger in a terminal's cache, nor a page stand in another's frame."""
    headers = client.get("/").headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]


def test_every_look_is_audited(
    client: TestClient, someone: dict[str, Any], audit: Callable[[], tuple[Any, ...]]
) -> None:
    """Search, inquiry and certificate each leave who, what and whom, under the id that the answer carried."""
    code = someone["code"]
    answer = client.get("/api/residents", params={"name": someone["family_name"], "limit": 1})
    shown = [answer.json()["residents"][0]["code"]]
    assert audit() == (
        TERMINAL,
        "search",
        {"name": someone["family_name"]},
        shown,
        None,
        answer.headers["x-request-id"],
    )
    household = [member["code"] for member in client.get(f"/api/residents/{code}").json()["household"]]
    assert audit()[:4] == (TERMINAL, "inquiry", {"code": code}, household)
    answer = client.post(f"/residents/{code}/certificate", data={"scope": "person", "individual_number": "yes"})
    terminal, action, asked, residents, number, request = audit()
    assert (terminal, action, residents) == (TERMINAL, "certificate", [code])
    assert (asked["whole_household"], asked["individual_number"]) == ("no", "yes")
    assert (str(number), request) == (answer.headers["x-certificate-number"], answer.headers["x-request-id"])


def test_metrics_count_residents_and_requests_by_pattern(
    client: TestClient, someone: dict[str, Any], town: Plan
) -> None:
    """The figures hold the registry's size and requests by route; no resident's code becomes a label."""
    client.get(f"/api/residents/{someone['code']}")
    text = client.get("/metrics").text
    assert f"resident_registry_residents {town.residents}" in text.splitlines()
    assert f"resident_registry_households {town.households}" in text.splitlines()
    assert 'resident_registry_requests_total{method="GET",route="/api/residents/{code}",status="200"}' in text
    assert 'resident_registry_request_seconds_bucket{route="/api/residents/{code}",le="+Inf"}' in text
    assert "resident_registry_database_up 1" in text
    assert someone["code"] not in text


def test_a_database_that_is_away_is_told_in_words(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its database the service still answers: health and figures say so, pages ask to try again."""
    monkeypatch.setattr("resident_registry.store.WAIT_FOR_CONNECTION_S", 0.3)
    monkeypatch.setattr("resident_registry.service._HEALTH_WAIT_S", 0.3)
    away = dataclasses.replace(settings, database=f"host={tmp_path} user=registry_application dbname=registry")
    with TestClient(create_app(away), raise_server_exceptions=False) as client:
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["reason"] == "database: PoolTimeout"
        assert "resident_registry_database_up 0" in client.get("/metrics").text
        page = client.post("/search", data={"name": "松"})
        assert page.status_code == 503
        assert page.headers["retry-after"] == "5"
        assert "データベースに接続できません" in page.text


def test_another_citys_database_is_not_healthy(settings: Settings) -> None:
    """A service that reaches another city's people says so and is not healthy."""
    with TestClient(create_app(dataclasses.replace(settings, city_name_ja="別市"))) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database holds 架空市"


def test_a_slow_question_ends_in_time(settings: Settings, database: str) -> None:
    """A question that the database cannot answer in time is given up with a sentence, and the next one works."""
    impatient = dataclasses.replace(settings, statement_timeout_ms=200)
    with (
        psycopg.connect(database.replace("user=registry_application", "user=postgres")) as other,
        TestClient(create_app(impatient), raise_server_exceptions=False) as client,
    ):
        other.execute("LOCK TABLE residents IN ACCESS EXCLUSIVE MODE")
        answer = client.get("/api/residents?name=松")
        other.rollback()
        assert answer.status_code == 503
        assert "時間内に" in answer.json()["message"]
        assert client.get("/api/residents?name=松").status_code == 200
