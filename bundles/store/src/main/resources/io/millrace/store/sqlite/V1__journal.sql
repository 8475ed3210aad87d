-- Numbers of money are exact: whole numbers in decimal digits, fractions as numerator/denominator, all as text.
-- Times are ISO 8601 with nine digits of fraction and blocks have 78 digits where they are sorted by.

-- What was written, row by row. The hash of a row covers the hash of the row before, so that a change of an old one
-- is found. The columns after kind belong to some kinds each.
CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    side TEXT,
    peer TEXT,
    balance TEXT,
    amount TEXT,
    price TEXT,
    since TEXT,
    terms TEXT,
    nonce TEXT,
    tickets TEXT,
    block TEXT,
    ticket TEXT,
    tx TEXT,
    note TEXT,
    recipient TEXT,
    probability TEXT,
    seed TEXT,
    round TEXT,
    round_hash TEXT,
    signature TEXT,
    secret TEXT
);

CREATE TRIGGER journal_row_changed BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only appended to');
END;

CREATE TRIGGER journal_row_deleted BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only appended to');
END;

-- What follows from the journal, kept for fast reads by the transaction that writes the row.
CREATE TABLE balances (
    side TEXT NOT NULL,
    peer TEXT NOT NULL,
    balance TEXT NOT NULL,
    amount TEXT NOT NULL,
    price TEXT,
    changed TEXT NOT NULL,
    PRIMARY KEY (side, peer, balance)
) WITHOUT ROWID;
CREATE INDEX balances_by_change ON balances (side, changed);

CREATE TABLE terms (
    terms TEXT PRIMARY KEY,
    last_sent INTEGER NOT NULL,
    block TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX terms_by_block ON terms (block);

CREATE TABLE nonces (
    terms TEXT NOT NULL,
    nonce INTEGER NOT NULL,
    PRIMARY KEY (terms, nonce)
) WITHOUT ROWID;

CREATE TABLE winners (
    ticket TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    sender TEXT NOT NULL,
    block TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    in_flight INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX winners_waiting ON winners (block, number) WHERE done = 0;
CREATE INDEX winners_waiting_of_sender ON winners (sender, block, number) WHERE done = 0;

CREATE TABLE totals (
    side TEXT NOT NULL,
    peer TEXT NOT NULL,
    value TEXT NOT NULL,
    work TEXT NOT NULL,
    winners INTEGER NOT NULL,
    face_value TEXT NOT NULL,
    redeemed INTEGER NOT NULL,
    paid TEXT NOT NULL,
    PRIMARY KEY (side, peer)
) WITHOUT ROWID;

-- "Mill" in ASCII, and the version of the tables; a program refuses a file of a version that it does not know.
PRAGMA application_id = 1298754668;
PRAGMA user_version = 1;
