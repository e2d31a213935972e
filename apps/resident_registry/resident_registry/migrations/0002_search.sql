-- Search by the beginning of the name in kanji or kana and of the address, and by birth date.

CREATE INDEX residents_kana ON residents ((replace(kana, ' ', '')) text_pattern_ops, code);
CREATE INDEX residents_name ON residents ((family_name || given_name) text_pattern_ops, code);
CREATE INDEX residents_birth_date ON residents (birth_date, code);
CREATE INDEX households_address ON households (address text_pattern_ops);
