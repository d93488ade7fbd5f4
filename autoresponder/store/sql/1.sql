-- Schema 1. A step is never edited once it was released, only followed by another one.
-- Stamps are whole microseconds since 1970.

-- One row: which memory this is, the newest fence given out, and which start of the machine timed the leases.
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    fence INTEGER NOT NULL,
    boot TEXT NOT NULL
);

-- owner: null when given back. expires: seconds of the lease clock. repeat: digest of the commit that gave it back.
CREATE TABLE leases (
    key TEXT PRIMARY KEY,
    owner TEXT,
    fence INTEGER NOT NULL,
    expires REAL NOT NULL,
    touched INTEGER NOT NULL,
    repeat BLOB
) WITHOUT ROWID;

CREATE TABLE documents (
    key TEXT PRIMARY KEY,
    data BLOB NOT NULL,
    due INTEGER,
    deadline INTEGER,
    waiting INTEGER,
    touched INTEGER NOT NULL
);
CREATE INDEX documents_due ON documents (due) WHERE due IS NOT NULL;
CREATE INDEX documents_waiting ON documents (waiting, key) WHERE waiting IS NOT NULL;
CREATE INDEX documents_idle ON documents (touched) WHERE due IS NULL;

-- refs: a JSON list, in the order in which it was given.
CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    data BLOB NOT NULL,
    refs BLOB NOT NULL
);
CREATE INDEX entries_at ON entries (at, id);

-- Every entry's own id is one of its references.
CREATE TABLE refs (
    ref TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (ref, at, id)
) WITHOUT ROWID;

CREATE TABLE named (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
