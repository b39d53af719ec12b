-- Profiles get a table of their own: they are there before an order has them and after it has gone.
-- The sealed columns are filled by the program, which has the key (see ../migrations.rs).

ALTER TABLE download_order RENAME TO old_order;
ALTER TABLE bound_package RENAME TO old_bound;
ALTER TABLE rsp_session RENAME TO old_session;
ALTER TABLE profile_package RENAME TO old_package;
ALTER TABLE notification RENAME TO old_notification;
DROP INDEX download_order_eid;

CREATE TABLE meta (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;

CREATE TABLE profile_import (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    touched  INTEGER NOT NULL
) STRICT;

CREATE TABLE profile (
    id              INTEGER PRIMARY KEY,
    iccid           BLOB NOT NULL UNIQUE,
    operator        TEXT,
    profile_type    TEXT NOT NULL,
    protection      TEXT NOT NULL,
    metadata        BLOB NOT NULL,
    package_size    INTEGER NOT NULL,
    retired         INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    import          INTEGER,
    download_order  INTEGER
) STRICT;

CREATE INDEX profile_available ON profile (operator, profile_type)
    WHERE import IS NULL AND download_order IS NULL AND retired = 0;
CREATE INDEX profile_type ON profile (profile_type, operator) WHERE import IS NULL;
CREATE INDEX profile_import_of ON profile (import) WHERE import IS NOT NULL;

CREATE TABLE profile_package (
    profile  INTEGER PRIMARY KEY REFERENCES profile (id),
    content  BLOB NOT NULL
) STRICT;

CREATE TABLE download_order (
    id                          INTEGER PRIMARY KEY AUTOINCREMENT,
    profile                     INTEGER NOT NULL REFERENCES profile (id),
    matching_id                 TEXT,
    eid                         TEXT,
    confirmation_code           BLOB,
    smds_address                TEXT,
    expires                     INTEGER,
    state                       TEXT NOT NULL,
    download_attempts           INTEGER NOT NULL,
    confirmation_code_attempts  INTEGER NOT NULL,
    created                     INTEGER NOT NULL,
    version                     INTEGER NOT NULL
) STRICT;

CREATE INDEX download_order_profile ON download_order (profile);
CREATE INDEX download_order_eid ON download_order (eid) WHERE eid IS NOT NULL;
-- What went to an SM-DS as an EventID is never used again (SGP.22 §3.6.1).
CREATE UNIQUE INDEX download_order_matching_id ON download_order (matching_id)
    WHERE state NOT IN ('Available', 'Unavailable') OR smds_address IS NOT NULL;

CREATE TABLE bound_package (
    download_order  INTEGER PRIMARY KEY REFERENCES download_order (id),
    eid             TEXT NOT NULL,
    euicc_otpk      BLOB NOT NULL,
    ci              BLOB NOT NULL,
    content         BLOB NOT NULL
) STRICT;

CREATE TABLE rsp_session (
    id              INTEGER PRIMARY KEY,
    transaction_id  BLOB NOT NULL UNIQUE,
    started         INTEGER NOT NULL,
    download_order  INTEGER REFERENCES download_order (id),
    stage           TEXT NOT NULL,
    awaits_result   INTEGER NOT NULL,
    version         INTEGER NOT NULL
) STRICT;

CREATE INDEX rsp_session_started ON rsp_session (started);
CREATE INDEX rsp_session_order ON rsp_session (download_order) WHERE download_order IS NOT NULL;

CREATE TABLE notification (
    id               INTEGER PRIMARY KEY,
    eid              TEXT NOT NULL,
    sequence_number  INTEGER NOT NULL,
    digest           BLOB NOT NULL,
    received         INTEGER NOT NULL,
    content          BLOB NOT NULL,
    UNIQUE (eid, sequence_number, digest)
) STRICT;

CREATE INDEX notification_received ON notification (received);

CREATE TABLE happening (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    download_order  INTEGER NOT NULL REFERENCES download_order (id),
    iccid           BLOB NOT NULL,
    operator        TEXT,
    profile_type    TEXT NOT NULL,
    eid             TEXT,
    what            TEXT NOT NULL,
    detail          TEXT,
    state           TEXT NOT NULL,
    report          TEXT,
    due             INTEGER,
    attempts        INTEGER NOT NULL,
    delivered       INTEGER NOT NULL
) STRICT;

CREATE INDEX happening_order ON happening (download_order);
CREATE INDEX happening_at ON happening (at);
CREATE INDEX happening_due ON happening (due) WHERE due IS NOT NULL;
CREATE INDEX happening_due_of_profile ON happening (iccid, id) WHERE due IS NOT NULL;

CREATE TABLE function_call (
    id           INTEGER PRIMARY KEY,
    requester    TEXT NOT NULL,
    identifier   TEXT NOT NULL,
    fingerprint  BLOB NOT NULL,
    answer       TEXT NOT NULL,
    executed     INTEGER NOT NULL,
    UNIQUE (requester, identifier)
) STRICT;

CREATE INDEX function_call_executed ON function_call (executed);

INSERT INTO profile (id, iccid, operator, profile_type, protection, metadata, package_size, retired, created,
                     download_order)
    SELECT id, iccid, NULL, 'generic', protection, metadata, package_size, 0, 0, id FROM old_order;
INSERT INTO profile_package (profile, content)
    SELECT o.id, p.content FROM old_order o JOIN old_package p ON p.id = o.package;
INSERT INTO download_order (id, profile, matching_id, eid, confirmation_code, expires, state, download_attempts,
                            confirmation_code_attempts, created, version)
    SELECT id, id, matching_id, eid, confirmation_code_hash, expires, state, download_attempts,
           confirmation_code_attempts, 0, version FROM old_order;
INSERT INTO bound_package SELECT * FROM old_bound;
INSERT INTO rsp_session (id, transaction_id, started, download_order, stage, awaits_result, version)
    SELECT id, transaction_id, started, download_order, stage, 1, version FROM old_session;
INSERT INTO notification SELECT * FROM old_notification;

DROP TABLE old_bound;
DROP TABLE old_session;
DROP TABLE old_order;
DROP TABLE old_package;
DROP TABLE old_notification;
