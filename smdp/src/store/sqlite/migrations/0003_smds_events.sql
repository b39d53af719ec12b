-- What is to be registered at SM-DSs and deleted there again. An event outlives its order, so it refers to none: what an
-- SM-DS was told it has to be told again, and its EventID is never another's (SGP.22 §3.6.1).

CREATE TABLE smds_event (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    download_order  INTEGER NOT NULL,
    eid             TEXT NOT NULL,
    event_id        TEXT NOT NULL UNIQUE,
    smds_address    TEXT NOT NULL,
    stage           TEXT NOT NULL,
    due             INTEGER,
    lease           INTEGER,
    attempts        INTEGER NOT NULL,
    failures        INTEGER NOT NULL,
    known           INTEGER NOT NULL,
    forgotten       INTEGER NOT NULL,
    failure         TEXT,
    message         TEXT,
    expires         INTEGER,
    created         INTEGER NOT NULL,
    changed         INTEGER NOT NULL
) STRICT;

CREATE INDEX smds_event_order ON smds_event (download_order);
CREATE INDEX smds_event_due ON smds_event (due) WHERE due IS NOT NULL;
