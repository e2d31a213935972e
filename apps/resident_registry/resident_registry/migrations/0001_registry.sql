-- Households and residents of one city, current entries only. Numbers that could be real are refused by the table itself.

CREATE FUNCTION passes_check_digit(number text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT CASE WHEN remainder <= 1 THEN 0 ELSE 11 - remainder END = substr(number, 12, 1)::int
        FROM (
            SELECT (
                6 * (substr(number, 1, 1)::int + substr(number, 7, 1)::int)
                + 5 * (substr(number, 2, 1)::int + substr(number, 8, 1)::int)
                + 4 * (substr(number, 3, 1)::int + substr(number, 9, 1)::int)
                + 3 * (substr(number, 4, 1)::int + substr(number, 10, 1)::int)
                + 2 * (substr(number, 5, 1)::int + substr(number, 11, 1)::int)
                + 7 * substr(number, 6, 1)::int
            ) % 11 AS remainder
        ) AS weighted
    );
COMMENT ON FUNCTION passes_check_digit IS
    'Whether a twelve-digit individual number would pass for a real one (平成26年総務省令第85号第5条).';

CREATE TABLE households (
    id integer PRIMARY KEY,
    address text NOT NULL
);
COMMENT ON COLUMN households.address IS 'Within the city.';

CREATE TABLE residents (
    code text PRIMARY KEY CHECK (code ~ '^9[0-9]{10}$'),
    household integer NOT NULL REFERENCES households (id),
    family_name text NOT NULL,
    given_name text NOT NULL,
    kana text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL CHECK (sex IN ('男', '女')),
    relation text NOT NULL,
    resident_code text NOT NULL UNIQUE CHECK (resident_code ~ '^X[0-9]{10}$'),
    individual_number text NOT NULL UNIQUE
        CHECK (individual_number ~ '^[0-9]{12}$' AND NOT passes_check_digit(individual_number)),
    resident_since date NOT NULL CHECK (resident_since >= birth_date),
    address_since date NOT NULL CHECK (address_since >= resident_since),
    notified_on date NOT NULL CHECK (notified_on >= address_since),
    previous_address text NOT NULL,
    domicile text NOT NULL,
    domicile_head text NOT NULL
);
COMMENT ON COLUMN residents.code IS '整理番号: a running number of this data set.';
COMMENT ON COLUMN residents.resident_code IS '住民票コード, invalid by design: a real one has digits alone.';
COMMENT ON COLUMN residents.individual_number IS '個人番号, invalid by design: the check digit is always wrong.';
CREATE INDEX residents_household ON residents (household, code);
CREATE UNIQUE INDEX residents_one_head ON residents (household) WHERE relation = '世帯主';

CREATE TABLE loaded (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    city text NOT NULL,
    residents integer NOT NULL,
    households integer NOT NULL,
    seed bigint NOT NULL,
    as_of date NOT NULL,
    generator integer NOT NULL,
    rows_sha256 text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE loaded IS 'Which people the tables hold; written in the transaction that loads them.';
