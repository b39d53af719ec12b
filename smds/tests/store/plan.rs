//! How the data bases find the events of an eUICC, for tests and benchmark.

/// What the store asks for the events of an eUICC, as SQL with the EID at `$1`.
pub const OF_AN_EUICC: &str =
    "SELECT id, caller, eid, event_id, rsp_server_address, forwarded_as, state, registered, expires, ended
     FROM event WHERE eid = $1 AND ended IS NULL
     AND state = 'Registered' AND (expires IS NULL OR expires > 1795300000000) ORDER BY id";

/// The same for one EventID.
pub const OF_AN_EVENT_ID: &str =
    "SELECT id, caller, eid, event_id, rsp_server_address, forwarded_as, state, registered, expires, ended
     FROM event WHERE eid = $1 AND ended IS NULL AND (expires IS NULL OR expires > 1795300000000)
     AND (forwarded_as = 'E-1' OR (event_id = 'E-1' AND state = 'Registered')) ORDER BY id";

/// What those who run the SM-DS ask for an eUICC.
pub const LIST_OF_AN_EUICC: &str =
    "SELECT id, caller, eid, event_id, rsp_server_address, forwarded_as, state, registered, expires, ended
     FROM event WHERE eid = $1 ORDER BY id LIMIT 100";

/// What SQLite does to answer a statement: a line for each step.
pub fn of_sqlite(connection: &rusqlite::Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map([EID], |row| row.get::<_, String>("detail")).unwrap();
    steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

/// The same statement for PostgreSQL's EXPLAIN.
pub fn for_postgres(sql: &str) -> String {
    format!("EXPLAIN (COSTS OFF) {}", sql.replace("$1", &format!("'{EID}'")))
}

/// Whether a plan looks up the EID in its index, and reads nothing besides.
pub fn is_a_lookup(plan: &str) -> bool {
    let sqlite = plan.contains("SEARCH event USING INDEX event_eid (eid=?") && !plan.contains("SCAN event");
    let by_eid = ["Index Cond: (eid =", "Index Cond: ((eid ="].iter().any(|by| plan.contains(by));
    sqlite || (plan.contains("event_eid") && by_eid && !plan.contains("Seq Scan"))
}

const EID: &str = "89049032000000000000000000000141";
