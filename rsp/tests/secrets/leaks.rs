//! The tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::Bench;
use crate::known::Known;
use crate::lab::cards::Issuers;
use crate::postgres::{Database, database};
use crate::search::Search;
use crate::session::{self, Session};

#[test]
fn what_holds_the_secrets_is_seen_by_the_search() {
    let (bench, known) = (Bench::new(), Known::new());
    let issuers = Issuers::of(&bench);
    let search = known.search(&issuers);
    let mut sources = vec![
        known.store_key.clone().into_bytes(),
        known.token.clone().into_bytes(),
        known.password.clone().into_bytes(),
    ];
    sources.extend(issuers.tree().values().cloned());
    for secret in &known.profiles {
        sources.push(format!("{},{},{}", secret.ki(), secret.opc(), secret.confirmation_code).into_bytes());
    }
    let found: BTreeSet<&str> = sources.iter().flat_map(|source| search.find(source)).collect();
    let is_derived = |name: &&str| name.starts_with("hash of") || name.starts_with("package of");
    let missed: Vec<&str> =
        search.names().filter(|name| !is_derived(name) && !found.contains(name)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn nothing_that_a_server_on_sqlite_writes_or_answers_holds_a_secret() {
    let (bench, known) = (Bench::new(), Known::new());
    let session = session::run(&bench, &known, "store", &["--trace=trace"], |told| {
        for file in ["store", "store-wal", "store-shm"] {
            told.push((format!("{file} of the running server"), fs::read(bench.path(file)).unwrap()));
        }
    });
    judge(&session);
    // What remains when the server has ended, backups of the data base of old included.
    let after = folder(&bench.path(""), &|name| name.starts_with("store"));
    assert!(after.iter().any(|(name, bytes)| name.ends_with("store") && bytes.len() > 4096));
    judge_each(&session.search, &session.hash_ccs, &after);
}

#[test]
fn nothing_that_a_server_on_postgresql_writes_or_answers_holds_a_secret() {
    let Some(database) = database() else { return };
    // Now the data base tells every value that it is given.
    database.sql("ALTER SYSTEM SET log_statement = 'all'");
    database.sql("ALTER SYSTEM SET log_error_verbosity = 'verbose'");
    database.sql("SELECT pg_reload_conf()");
    let (bench, known) = (Bench::new(), Known::new());
    let url = database.url.replacen('@', &format!(":{}@", known.password), 1);
    let session = session::run(&bench, &known, &url, &["--trace=trace", "--log-format=json"], |told| {
        told.extend(tables(&database));
    });
    judge(&session);
    database.sql("CHECKPOINT");
    let data = database.sql("SHOW data_directory");
    let files = folder(Path::new(data.trim()), &|_| true);
    assert!(files.iter().any(|(name, bytes)| name.contains("pg_wal") && bytes.len() > 1 << 20));
    let log = fs::read(Path::new(data.trim()).with_file_name("log")).unwrap();
    assert!(
        String::from_utf8_lossy(&log).to_lowercase().contains("parameters"),
        "the data base tells its values"
    );
    judge_each(&session.search, &session.hash_ccs, &files);
    judge_each(&session.search, &session.hash_ccs, &[("PostgreSQL's log".to_owned(), log)]);
}

#[test]
fn a_trace_that_is_to_show_secrets_shows_the_session_keys_and_no_others() {
    let (bench, known) = (Bench::new(), Known::new());
    let session = session::run(&bench, &known, "store", &["--trace=trace", "--trace-secrets"], |_| ());
    let found = session.search.find(session.trace.as_bytes());
    for name in ["S-ENC", "S-MAC", "initialMacChainingValue"] {
        assert!(found.iter().any(|found| found.starts_with(name)), "{name} is not found in {found:?}");
    }
    let always = known.search(&Issuers::of(&bench));
    let always: BTreeSet<&str> = always.names().collect();
    let others: Vec<&&str> = found.iter().filter(|found| always.contains(**found)).collect();
    assert!(others.is_empty(), "{others:?}");
    // The flag is for the trace alone.
    for (name, bytes) in &session.told {
        assert!(session.search.find(bytes).is_empty(), "{name}");
    }
}

/// Nothing is anywhere; and the search saw a whole session.
fn judge(session: &Session) {
    for text in ["S-ENC", "[redacted]", "getBoundProfilePackage", "handleNotification", "confirmOrder"] {
        assert!(session.trace.contains(text), "the trace does not tell of {text}");
    }
    let log = session.told.iter().find(|(name, _)| name == "stderr").unwrap();
    assert!(String::from_utf8_lossy(&log.1).contains("TRACE"), "the log is not at its most talkative");
    judge_each(&session.search, &session.hash_ccs, &session.told);

    let found = session.search.find(session.trace.as_bytes());
    assert!(found.is_empty(), "in the trace: {found:?}");
    // hashCc travels in GetBoundProfilePackage, and the trace shows what travels (docs/trace.md): there and nowhere else.
    let (messages, other): (Vec<&str>, Vec<&str>) =
        session.trace.lines().partition(|line| line.contains("\"kind\":\"http\""));
    assert!(!session.hash_ccs.find(messages.join("\n").as_bytes()).is_empty());
    let found = session.hash_ccs.find(other.join("\n").as_bytes());
    assert!(found.is_empty(), "in the trace: {found:?}");
}

fn judge_each(search: &Search, hash_ccs: &Search, told: &[(String, Vec<u8>)]) {
    let mut finds = Vec::new();
    for (name, bytes) in told {
        let found: Vec<&str> = search.find(bytes).into_iter().chain(hash_ccs.find(bytes)).collect();
        if !found.is_empty() {
            finds.push(format!("{name}: {found:?}"));
        }
    }
    assert!(finds.is_empty(), "secrets are told:\n{}", finds.join("\n"));
}

/// Every table as text.
fn tables(database: &Database) -> Vec<(String, Vec<u8>)> {
    let names = database
        .sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
    let tables: Vec<_> = names
        .lines()
        .map(|table| {
            (format!("table {table}"), database.sql(&format!("COPY {table} TO STDOUT")).into_bytes())
        })
        .collect();
    assert!(tables.len() > 5, "{names}");
    tables
}

/// The files below a folder whose names are wanted.
fn folder(path: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap().path();
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if entry.is_dir() {
            files.extend(folder(&entry, is_wanted));
        } else if is_wanted(&name)
            && let Ok(bytes) = fs::read(&entry)
        {
            files.push((entry.display().to_string(), bytes));
        }
    }
    files
}
