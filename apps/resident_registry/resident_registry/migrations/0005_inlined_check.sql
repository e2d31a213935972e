-- The same rule as one expression, which the planner inlines: a third of the time of loading a city went into the call.
-- (11 - remainder) % 11 % 10 is 0 for the remainders 0 and 1, and 11 - remainder beyond.

CREATE OR REPLACE FUNCTION passes_check_digit(number text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        11 - (
            6 * (substr(number, 1, 1)::int + substr(number, 7, 1)::int)
            + 5 * (substr(number, 2, 1)::int + substr(number, 8, 1)::int)
            + 4 * (substr(number, 3, 1)::int + substr(number, 9, 1)::int)
            + 3 * (substr(number, 4, 1)::int + substr(number, 10, 1)::int)
            + 2 * (substr(number, 5, 1)::int + substr(number, 11, 1)::int)
            + 7 * substr(number, 6, 1)::int
        ) % 11
    ) % 11 % 10 = substr(number, 12, 1)::int;
