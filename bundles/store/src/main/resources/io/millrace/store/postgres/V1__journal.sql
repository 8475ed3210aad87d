-- Numbers of money are exact: whole numbers in decimal digits, fractions as numerator/denominator, all as text.
-- Times are ISO 8601 with nine digits of fraction and blocks have 78 digits where they are sorted by.

-- What was written, row by row. The hash of a row covers the hash of the row before, so that a change of an old one
-- is found. The columns after kind belong to some kinds each.
CREATE TABLE journal (
    number BIGINT PRIMARY KEY,
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

CREATE FUNCTION journal_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only appended to';
END;
$$;

CREATE TRIGGER journal_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_changed();

-- What follows from the journal, kept for fast reads by the transaction that writes the row.
CREATE TABLE balances (
    side TEXT NOT NULL,
    peer TEXT NOT NULL,
    balance TEXT NOT NULL,
    amount TEXT NOT NULL,
    price TEXT,
    changed TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (side, peer, balance)
);
CREATE INDEX balances_by_change ON balances (side, changed);

CREATE TABLE terms (
    terms TEXT PRIMARY KEY,
    last_sent BIGINT NOT NULL,
    block TEXT COLLATE "C" NOT NULL
);
CREATE INDEX terms_by_block ON terms (block);

CREATE TABLE nonces (
    terms TEXT NOT NULL,
    nonce BIGINT NOT NULL,
    PRIMARY KEY (terms, nonce)
);

CREATE TABLE winners (
    ticket TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    sender TEXT NOT NULL,
    block TEXT COLLATE "C" NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    in_flight INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX winners_waiting ON winners (block, number) WHERE done = 0;
CREATE INDEX winners_waiting_of_sender ON winners (sender, block, number) WHERE done = 0;

CREATE TABLE totals (
    side TEXT COLLATE "C" NOT NULL,
    peer TEXT COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    work TEXT NOT NULL,
    winners BIGINT NOT NULL,
    face_value TEXT NOT NULL,
    redeemed BIGINT NOT NULL,
    paid TEXT NOT NULL,
    PRIMARY KEY (side, peer)
);
