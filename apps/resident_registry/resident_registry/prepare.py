"""Bring a city's database to the wanted schema and data. Run again at any time: what is there stays.

`python3 -m resident_registry.prepare --city-name 富士市 --population … --households … --seed …` connects by libpq's
environment (in the lab: the local socket as `postgres`), takes the owner's role and prints `changed` or `unchanged`.
A load is one transaction: interrupted, nothing of it stays.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from resident_registry.people import GENERATOR_VERSION, generate

MIGRATIONS = Path(__file__).parent / "migrations"
HOUSEHOLD_COLUMNS = "id, town, address"
RESIDENT_COLUMNS = (
    "code, household, family_name, given_name, kana, birth_date, sex, relation, number, resident_since, "
    "address_since, previous_address, domicile"
)


def migrate(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Apply the migrations that the database lacks, in order; return whether there were any."""
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz DEFAULT now())")
    done = {str(row[0]) for row in connection.execute("SELECT name FROM migrations")}
    wanted = [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.name not in done]
    for path in wanted:
        connection.execute(path.read_text(encoding="utf-8").encode())
        connection.execute("INSERT INTO migrations (name) VALUES (%s)", (path.name,))
    return bool(wanted)


def load(
    connection: psycopg.Connection[tuple[object, ...]], city_name: str, population: int, households: int, seed: int
) -> bool:
    """Fill the registry unless it holds exactly this data already; return whether it was filled."""
    wanted = (seed, GENERATOR_VERSION, population, households)
    if connection.execute("SELECT seed, generator, residents, households FROM loaded").fetchall() == [wanted]:
        return False
    connection.execute("TRUNCATE households, residents, loaded")
    residents = []
    with connection.cursor().copy(f"COPY households ({HOUSEHOLD_COLUMNS}) FROM STDIN".encode()) as copy:
        for household, members in generate(city_name, population, households, seed):
            copy.write_row((household.id, household.town, household.address))
            residents.extend(members)
    with connection.cursor().copy(f"COPY residents ({RESIDENT_COLUMNS}) FROM STDIN".encode()) as copy:
        fields = RESIDENT_COLUMNS.split(", ")
        for resident in residents:
            copy.write_row([getattr(resident, field) for field in fields])
    connection.execute("INSERT INTO loaded (seed, generator, residents, households) VALUES (%s, %s, %s, %s)", wanted)
    connection.execute("ANALYZE")
    return True


def grant(connection: psycopg.Connection[tuple[object, ...]], application: str) -> None:
    """Let the application read the registry and write the audit log, nothing else."""
    role = sql.Identifier(application)
    connection.execute(sql.SQL("GRANT SELECT ON households, residents, loaded TO {}").format(role))
    connection.execute(sql.SQL("GRANT INSERT, SELECT ON audit TO {}").format(role))


def main() -> int:
    """Prepare the database that libpq's environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--owner", required=True)
    parser.add_argument("--application", required=True)
    parser.add_argument("--city-name", required=True)
    parser.add_argument("--population", type=int, required=True)
    parser.add_argument("--households", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    with psycopg.connect(dbname=options.database) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(options.owner)))
        changed = migrate(connection)
        changed |= load(connection, options.city_name, options.population, options.households, options.seed)
        if changed:
            grant(connection, options.application)
    print("changed" if changed else "unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
