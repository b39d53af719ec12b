-- Numbers given by SQLite grow with time, so rows are appended; random names are secondary.

CREATE TABLE profile_package (
    id       INTEGER PRIMARY KEY,
    content  BLOB NOT NULL
) STRICT;

CREATE TABLE download_order (
    id                          INTEGER PRIMARY KEY,
    iccid                       BLOB NOT NULL UNIQUE,
    matching_id                 TEXT UNIQUE,
    eid                         TEXT,
    confirmation_code_hash      BLOB,
    expires                     INTEGER,
    protection                  TEXT NOT NULL,
    metadata                    BLOB NOT NULL,
    package                     INTEGER NOT NULL REFERENCES profile_package (id),
    package_size                INTEGER NOT NULL,
    state                       TEXT NOT NULL,
    download_attempts           INTEGER NOT NULL,
    confirmation_code_attempts  INTEGER NOT NULL,
    version                     INTEGER NOT NULL
) STRICT;

CREATE INDEX download_order_eid ON download_order (eid) WHERE eid IS NOT NULL;

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
    version         INTEGER NOT NULL
) STRICT;

CREATE TABLE notification (
    id               INTEGER PRIMARY KEY,
    eid              TEXT NOT NULL,
    sequence_number  INTEGER NOT NULL,
    digest           BLOB NOT NULL,
    received         INTEGER NOT NULL,
    content          BLOB NOT NULL,
    UNIQUE (eid, sequence_number, digest)
) STRICT;
