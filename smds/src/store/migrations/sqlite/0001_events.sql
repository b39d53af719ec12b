-- Numbers given by SQLite grow with time: records are appended, and listed in the order in which they came.

CREATE TABLE meta (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    caller              TEXT NOT NULL,
    eid                 TEXT NOT NULL,
    event_id            TEXT NOT NULL,
    rsp_server_address  TEXT NOT NULL,
    forwarded_as        TEXT UNIQUE,
    state               TEXT NOT NULL,
    registered          INTEGER NOT NULL,
    forward_until       INTEGER,
    expires             INTEGER,
    ended               INTEGER,
    UNIQUE (caller, event_id)
) STRICT;

-- What an LPA asks for stands together, in its order; what has ended, behind it, is for those who run the SM-DS.
CREATE INDEX event_eid ON event (eid, ended, id);
CREATE INDEX event_forward_until ON event (forward_until) WHERE state = 'Forwarding';
CREATE INDEX event_expires ON event (expires) WHERE state = 'Registered' AND expires IS NOT NULL;
CREATE INDEX event_ended ON event (ended) WHERE ended IS NOT NULL;

CREATE TABLE root_deletion (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    eid       TEXT NOT NULL,
    event_id  TEXT NOT NULL,
    given_up   INTEGER NOT NULL,
    due       INTEGER NOT NULL,
    attempts  INTEGER NOT NULL
) STRICT;

CREATE INDEX root_deletion_due ON root_deletion (due);

CREATE TABLE rsp_session (
    id              INTEGER PRIMARY KEY,
    transaction_id  BLOB NOT NULL UNIQUE,
    started         INTEGER NOT NULL,
    opened          TEXT NOT NULL
) STRICT;

CREATE INDEX rsp_session_started ON rsp_session (started);
