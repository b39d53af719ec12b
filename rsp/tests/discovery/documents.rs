//! What is written about the configuration of an SM-DS: every setting is explained, and the example is one that works.

use std::collections::BTreeSet;

use crate::common::Bench;

const GUIDE: &str = include_str!("../../../docs/smds.md");
const EXAMPLE: &str = include_str!("../../../examples/smds.toml");
const FILE: &str = include_str!("../../src/config/smds/file.rs");
const FLAGS: &str = include_str!("../../src/config/smds/flags.rs");

/// The example as it stands in the tree, and what its own words have one make beside it.
fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("examples")).unwrap();
    bench.write("examples/smds.toml", EXAMPLE);
    bench
}

const CHECK: [&str; 4] = ["smds", "check-config", "--config", "examples/smds.toml"];

#[test]
fn the_example_is_a_configuration_and_check_config_shows_it() {
    let bench = bench();
    let shown = bench.rsp_ok(&CHECK);
    for expected in [
        "certificates     examples/../pki\n",
        "ES11             127.0.0.1:8453\n",
        "address          localhost:8453\n",
        "ES12             127.0.0.1:8454\n",
        "callers          every SM-DP+ and SM-DS under a CI of the certificates\n",
        "root             none: this is a Root SM-DS\n",
        "management       127.0.0.1:8081, without a token\n",
        "store            SQLite, examples/../smds.sqlite\n",
        "event            none\n",
        "used EventIDs    known for ever\n",
        "rate             none\n",
    ] {
        assert!(shown.contains(expected), "{expected}{shown}");
    }
    assert!(!bench.path("smds.sqlite").exists(), "nothing is opened");
}

#[test]
fn what_the_example_only_mentions_is_a_configuration_too() {
    let bench = bench();
    bench.write("examples/smds.toml", with_all_keys());
    bench.write("token", "t0ken");
    let shown = bench.rsp_ok(&CHECK);
    for expected in [
        "callers          2.999.10, 2.999.15\n",
        "root             localhost:8464, 10 s for an answer: this is an Alternative SM-DS\n",
        "management       127.0.0.1:8081, with a token\n",
        "event            30 days\n",
        "used EventIDs    known 365 days\n",
        "rate             100 requests a second for an address\n",
    ] {
        assert!(shown.contains(expected), "{expected}{shown}");
    }
    assert!(!shown.contains("t0ken"), "{shown}");
}

#[test]
fn what_the_example_sets_is_as_it_is_without_it() {
    let bench = bench();
    let with = bench.rsp_ok(&CHECK);
    let without = bench.rsp_ok(&["smds", "check-config", "--certs", "examples/../pki"]);
    let differing: Vec<&str> =
        with.lines().filter(|line| !without.lines().any(|other| other == *line)).collect();
    assert_eq!(
        differing,
        [
            "address          localhost:8453",
            "management       127.0.0.1:8081, without a token",
            "store            SQLite, examples/../smds.sqlite",
        ]
    );
}

#[test]
fn the_example_sets_every_key_and_the_guide_explains_each() {
    let example: toml::Table = with_all_keys().parse().unwrap();
    let mut known = BTreeSet::new();
    for (section, keys) in keys() {
        for key in keys {
            assert!(example[&section].get(&key).is_some(), "examples/smds.toml: {section}.{key}");
            let name = format!("`{section}.{key}`");
            let row = rows().find(|row| row[0].contains(&name));
            let row = row.unwrap_or_else(|| panic!("docs/smds.md: {name}"));
            assert!(!row[3].is_empty() && !row[4].is_empty(), "{row:?}");
            known.insert(name);
        }
    }
    // And nothing that is no key.
    let named: BTreeSet<String> =
        rows().filter(|row| !row[0].is_empty()).map(|row| row[0].to_owned()).collect();
    assert_eq!(named, known);
}

#[test]
fn the_guide_has_every_flag_beside_its_variable() {
    let bench = Bench::new();
    let variables: BTreeSet<&str> = FLAGS.split('"').filter(|text| text.starts_with("RSP_SMDS_")).collect();
    assert!(variables.len() > 10, "{variables:?}");
    for command in ["serve", "check-config"] {
        let help = bench.rsp_ok(&["smds", command, "--help"]);
        for variable in &variables {
            // `RSP_SMDS_ES12_LISTEN` and `--es12-listen` are one.
            let name = variable.trim_start_matches("RSP_SMDS_").to_ascii_lowercase().replace('_', "-");
            let flag = format!("--{name}");
            assert!(help.split_whitespace().any(|word| word == flag), "{flag}: {help}");
            assert!(help.contains(&format!("[env: {variable}")), "{variable}: {help}");
            let row = rows().find(|row| row[1] == format!("`{flag}`"));
            let row = row.unwrap_or_else(|| panic!("docs/smds.md: {flag}"));
            assert_eq!(row[2], format!("`{variable}`"), "{flag}");
        }
    }
    let flags = FLAGS.lines().filter(|line| line.trim_start().starts_with("#[arg(long")).count();
    assert_eq!(flags, variables.len(), "every flag has a variable");
    assert_eq!(rows().filter(|row| !row[1].is_empty()).count(), flags, "docs/smds.md names another flag");
}

#[test]
fn a_mistake_is_told_with_what_it_is_about() {
    let bench = bench();
    let all = with_all_keys();
    bench.write("token", "t0ken");
    for (right, wrong, told) in [
        ("session_seconds", "session_secs", "smds.toml:{line}: session_secs: unknown field"),
        ("patience_seconds", "patience", "smds.toml:{line}: patience: unknown field"),
        ("ended_event_days", "event_days", "smds.toml:{line}: event_days: unknown field"),
        ("[retention]", "[retentions]", "smds.toml:{line}: unknown field `retentions`"),
        ("\"127.0.0.1:8453\"", "\"nowhere\"", "smds.toml:{line}: listen: invalid"),
        ("\"127.0.0.1:8454\"", "8454", "smds.toml:{line}: listen: invalid"),
        ("\"localhost:8464\"", "\"local host\"", "smds.toml:{line}: address: "),
        ("session_seconds = 600", "session_seconds = 0", "smds.toml:{line}: session_seconds: "),
        ("patience_seconds = 10", "patience_seconds = 0", "smds.toml:{line}: patience_seconds: "),
        ("patience_seconds = 10", "patience_seconds = 301", "root.patience_seconds: 300 at most"),
        ("event_days = 30", "event_days = 0", "smds.toml:{line}: event_days: "),
        ("connections = 16384", "connections = 0", "limits.connections: "),
        ("requests_per_second = 100", "requests_per_second = -1", "smds.toml:{line}: requests_per_second: "),
        ("\"2.999.10\", ", "\"2.999.\", ", "es12.callers: 2.999.: "),
        ("\"2.999.15\"", "\"smds.example.com\"", "es12.callers: smds.example.com: "),
        ("[\"2.999.10\", \"2.999.15\"]", "\"2.999.10\"", "smds.toml:{line}: callers: invalid type"),
        ("certs = \"../pki\"", "certs = \"none\"", "cannot read folder examples/none"),
        ("certs = \"../pki\"", "", "server.certs: "),
        ("token_file = \"../token\"", "token_file = \"none\"", "none"),
        ("at = \"../smds.sqlite\"", "at = 1", "smds.toml:{line}: at: invalid type"),
    ] {
        let line = 1 + all.lines().position(|line| line.contains(right)).unwrap_or_else(|| panic!("{right}"));
        bench.write("examples/smds.toml", all.replacen(right, wrong, 1));
        let complaint = bench.rsp_fails(&CHECK);
        let told = told.replace("{line}", &line.to_string());
        assert!(complaint.contains(&told), "{wrong}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{wrong}: {complaint}");
    }
    let longest = all.replacen("patience_seconds = 10", "patience_seconds = 300", 1);
    bench.write("examples/smds.toml", longest);
    assert!(bench.rsp_ok(&CHECK).contains("300 s for an answer"));
}

#[test]
fn management_for_strangers_needs_a_token() {
    let bench = bench();
    let open = "listen = \"127.0.0.1:8081\"";
    for public in ["0.0.0.0:8081", "192.0.2.7:8081", "[::]:8081"] {
        let example = EXAMPLE.replacen(open, &format!("listen = \"{public}\""), 1);
        bench.write("examples/smds.toml", &example);
        let complaint = bench.rsp_fails(&CHECK);
        assert!(complaint.contains("management.listen: ") && complaint.contains(public), "{complaint}");
        assert!(complaint.contains("management.token_file"), "{complaint}");
        bench.write("token", "t0ken");
        let shown = bench.rsp_ok(&[&CHECK[..], &["--management-token-file", "token"]].concat());
        assert!(shown.contains(&format!("management       {public}, with a token\n")), "{shown}");
    }
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let bench = bench();
    let shown = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = bench.command(&[&CHECK[..], arguments].concat());
        let output = command.envs(environment.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Each setting that has a flag: what the example says is not what the two others say.
    for (flag, variable, environment, given, label) in [
        ("--listen", "RSP_SMDS_LISTEN", "127.0.0.1:1111", "127.0.0.1:2222", "ES11"),
        ("--address", "RSP_SMDS_ADDRESS", "one.example", "two.example", "address"),
        ("--es12-listen", "RSP_SMDS_ES12_LISTEN", "127.0.0.1:1111", "127.0.0.1:2222", "ES12"),
        ("--root", "RSP_SMDS_ROOT", "one.example", "two.example", "root"),
        ("--store", "RSP_SMDS_STORE", "one.sqlite", "two.sqlite", "store"),
        (
            "--management-listen",
            "RSP_SMDS_MANAGEMENT_LISTEN",
            "127.0.0.1:1111",
            "127.0.0.1:2222",
            "management",
        ),
        ("--session-seconds", "RSP_SMDS_SESSION_SECONDS", "11", "22", "session"),
        ("--event-days", "RSP_SMDS_EVENT_DAYS", "11", "22", "event"),
        ("--connections", "RSP_SMDS_CONNECTIONS", "11", "22", "connections"),
        ("--handshakes", "RSP_SMDS_HANDSHAKES", "11", "22", "handshakes"),
        ("--wait-milliseconds", "RSP_SMDS_WAIT_MILLISECONDS", "11", "22", "wait"),
        ("--requests-in-work", "RSP_SMDS_REQUESTS_IN_WORK", "11", "22", "in"),
        ("--body-bytes", "RSP_SMDS_BODY_BYTES", "11", "22", "body"),
        ("--requests-per-second", "RSP_SMDS_REQUESTS_PER_SECOND", "11", "22", "rate"),
    ] {
        let line = |shown: String| {
            let line = shown.lines().find(|line| line.split_whitespace().next() == Some(label));
            line.unwrap_or_else(|| panic!("{label}: {shown}")).to_owned()
        };
        let of_environment = line(shown(&[], &[(variable, environment)]));
        assert!(of_environment.contains(environment), "{of_environment}");
        let of_flag = line(shown(&[flag, given], &[(variable, environment)]));
        assert!(of_flag.contains(given), "{of_flag}");
        let of_file = line(shown(&[], &[]));
        assert!(of_file != of_environment && of_file != of_flag, "{of_file}");
    }
    // Where the file is, the environment can say too.
    let mut command = bench.command(&["smds", "check-config"]);
    assert!(command.env("RSP_SMDS_CONFIG", "examples/smds.toml").output().unwrap().status.success());
}

/// The example with what it only mentions.
fn with_all_keys() -> String {
    let mentioned = |line: &str| match line.strip_prefix("# ") {
        Some(key) if key.split(' ').nth(1) == Some("=") || key.starts_with('[') => key.to_owned(),
        _ => line.to_owned(),
    };
    EXAMPLE.lines().map(mentioned).collect::<Vec<_>>().join("\n")
}

/// The keys of the file, by section, as the code has them.
fn keys() -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for line in FILE.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub struct ") {
            keys.push((name.trim_end_matches(" {").to_ascii_lowercase(), Vec::new()));
        } else if let Some((name, _)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": ")) {
            keys.last_mut().unwrap().1.push(name.to_owned());
        }
    }
    keys.retain(|(section, _)| section != "file");
    assert!(keys.len() >= 7, "{keys:?}");
    keys
}

/// The table of settings: key, flag, variable, default, what it is.
fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    let (_, table) = GUIDE.split_once("| key | flag | variable | default | |\n").unwrap();
    let table = table.split_once("\n\n").map_or(table, |(table, _)| table);
    table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        cells[1..6].try_into().unwrap()
    })
}
