-- Readings by code point: one index now serves the beginning of a reading and the order in which results are shown.

DROP INDEX residents_kana;
CREATE INDEX residents_kana ON residents ((replace(kana, ' ', '') COLLATE "C"), code);
