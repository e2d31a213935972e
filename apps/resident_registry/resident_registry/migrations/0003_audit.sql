-- Who saw or issued what. The service may add entries and do nothing else with them.

CREATE SEQUENCE certificate_number;

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    request uuid NOT NULL,
    terminal inet NOT NULL,
    action text NOT NULL CHECK (action IN ('search', 'inquiry', 'certificate')),
    asked jsonb NOT NULL,
    residents text[] NOT NULL,
    certificate_number bigint UNIQUE
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_residents ON audit USING gin (residents);
COMMENT ON COLUMN audit.terminal IS 'Address of the terminal; staff are told apart once they log in.';
