"""No number of the registry can be a real person's."""

from __future__ import annotations

import psycopg
import pytest
from resident_registry.identifiers import IdentifierSeries, individual_number_check_digit, passes_check_digit


@pytest.mark.parametrize(("body", "digit"), [("98320567321", 4), ("12345678901", 8), ("00000000000", 0)])
def test_check_digit_follows_the_ordinance(body: str, digit: int) -> None:
    """Weights 2 to 7 from the right, modulus 11, 0 for remainders 0 and 1; the first number is a published example."""
    assert individual_number_check_digit(body) == digit
    assert passes_check_digit(f"{body}{digit}")


def test_individual_numbers_always_fail_the_check() -> None:
    """Whatever the shift, the series never hits the right check digit, and never gives a number twice."""
    series = IdentifierSeries(0.123456789, 0.987654321)
    numbers = [series.individual_number(index, 1 + index % 9) for index in range(20_000)]
    assert not any(map(passes_check_digit, numbers))
    assert len(set(numbers)) == len(numbers)


def test_resident_codes_are_no_digits() -> None:
    """A code begins with a letter, so that no rule for real codes accepts it, and none comes twice."""
    series = IdentifierSeries(0.123456789, 0.987654321)
    codes = [series.resident_code(index) for index in range(20_000)]
    assert all(code[0] == "X" and code[1:].isdecimal() and len(code) == 11 for code in codes)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(("column", "value"), [("individual_number", "983205673214"), ("resident_code", "12345678901")])
def test_the_table_refuses_numbers_that_could_be_real(database: str, column: str, value: str) -> None:
    """A valid individual number or an all-digit code is refused by the database itself."""
    administrator = database.replace("user=registry_application", "user=postgres")
    with psycopg.connect(administrator) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(f"UPDATE residents SET {column} = %s WHERE code = '90000000001'".encode(), [value])


def test_the_database_reckons_as_the_registry_does(database: str) -> None:
    """For numbers of every remainder, the table's rule and the registry's give the same answer."""
    bodies = [f"{index * 7_777_777_777 % 10**11:011d}" for index in range(500)]
    numbers = [f"{body}{(individual_number_check_digit(body) + shift) % 10}" for body in bodies for shift in (0, 1)]
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT n, passes_check_digit(n) FROM unnest(%s::text[]) AS n", [numbers]).fetchall()
    assert {passes for _, passes in rows} == {True, False}
    assert all(passes == passes_check_digit(number) for number, passes in rows)
