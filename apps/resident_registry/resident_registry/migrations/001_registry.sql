-- Residents and households of one city, and who looked at them.
CREATE TABLE households (
    id integer PRIMARY KEY,
    town text NOT NULL,
    address text NOT NULL
);
CREATE TABLE residents (
    code text PRIMARY KEY CHECK (code ~ '^9[0-9]{10}$'),
    household integer NOT NULL REFERENCES households (id),
    family_name text NOT NULL,
    given_name text NOT NULL,
    kana text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL CHECK (sex IN ('m', 'f')),
    relation text NOT NULL,
    number text NOT NULL CHECK (number ~ '^[0-9]{12}$'),
    resident_since date NOT NULL,
    address_since date NOT NULL,
    previous_address text NOT NULL,
    domicile text NOT NULL
);
CREATE INDEX residents_kana ON residents (kana text_pattern_ops, code);
CREATE INDEX residents_name ON residents ((family_name || given_name) text_pattern_ops, code);
CREATE INDEX residents_birth_date ON residents (birth_date, code);
CREATE INDEX residents_household ON residents (household, code);
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    terminal inet NOT NULL,
    action text NOT NULL,
    resident text,
    detail text NOT NULL DEFAULT ''
);
CREATE TABLE loaded (
    seed bigint NOT NULL,
    generator integer NOT NULL,
    residents integer NOT NULL,
    households integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
