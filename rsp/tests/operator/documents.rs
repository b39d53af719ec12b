//! What is written about the configuration: every setting is explained, and the example is one that works.

use std::collections::BTreeSet;

use crate::common::Bench;

const GUIDE: &str = include_str!("../../../docs/configuration.md");
const EXAMPLE: &str = include_str!("../../../examples/smdp.toml");
const FILE: &str = include_str!("../../src/config/file.rs");
const FLAGS: &str = include_str!("../../src/config/flags.rs");

/// The example as it stands in the tree, and what its own words have one make beside it.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.rsp_ok(&["certs", "operator", "--name", "alpha", "--out", "operators"]);
    std::fs::create_dir(bench.path("examples")).unwrap();
    bench.write("examples/orders.toml", include_str!("../../../examples/orders.toml"));
    bench.write("examples/subscribers.csv", include_str!("../../../examples/subscribers.csv"));
    bench.write("examples/smdp.toml", EXAMPLE);
    bench
}

const CHECK: [&str; 4] = ["smdp", "check-config", "--config", "examples/smdp.toml"];

#[test]
fn the_example_is_a_configuration_and_check_config_shows_it() {
    let bench = bench();
    let shown = bench.rsp_ok(&CHECK);
    for expected in [
        "ES2+             127.0.0.1:8446",
        "operator         alpha: certificate",
        "operator         beta: 2.999.21 under",
        "operator         gamma: certificate by SHA-256",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    assert!(!bench.path("smdp.sqlite").exists(), "nothing is opened");

    // As the README has it: the store is the one that an import without a configuration fills.
    let import = ["smdp", "import", "--csv", "examples/subscribers.csv", "--operator", "alpha"];
    bench.rsp_ok(&import);
    bench.rsp_ok(&CHECK);
    let again = [&import[..], &["--config", "examples/smdp.toml"]].concat();
    assert!(bench.rsp_fails(&again).contains("in the store already"));
}

#[test]
fn the_example_sets_every_key_and_the_guide_explains_each_under_its_section() {
    let example: toml::Table = with_all_keys().parse().unwrap();
    for (section, keys) in keys() {
        let explained = chapter(&section);
        let value = match section.as_str() {
            "operator" => all_keys(&example["operator"]),
            "operator.points" => all_keys(&example["operator"][0]["points"]),
            section => all_keys(&example[section]),
        };
        for key in keys {
            assert!(explained.contains(&format!("`{key}`")), "docs/configuration.md: {section}.{key}");
            assert!(value.contains(&key), "examples/smdp.toml: {section}.{key}");
        }
    }
}

#[test]
fn the_guide_names_every_flag_and_every_variable() {
    let bench = Bench::new();
    let help = bench.rsp_ok(&["smdp", "serve", "--help"]);
    let flags: BTreeSet<&str> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() > 15, "{help}");
    for flag in flags {
        let flag = flag.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        assert!(GUIDE.contains(&format!("`{flag}`")), "{flag}");
    }
    let variables: Vec<&str> = FLAGS.split('"').filter(|text| text.starts_with("RSP_SMDP_")).collect();
    assert!(variables.len() > 15);
    for variable in variables.into_iter().chain(["RSP_SMDP_STORE_KEY", "RSP_LOG", "RSP_LOG_FORMAT"]) {
        assert!(GUIDE.contains(&format!("`{variable}`")), "{variable}");
    }
}

#[test]
fn a_mistake_is_told_with_what_it_is_about() {
    let bench = bench();
    for (right, wrong, told) in [
        ("download_attempts", "download_atempts", "smdp.toml:23: download_atempts: unknown field"),
        ("listen = \"127.0.0.1:8443\"", "listen = \"nowhere\"", "smdp.toml:11: listen: invalid"),
        ("session_seconds = 600", "session_seconds = 0", "session_seconds"),
        ("certs = \"../pki\"", "certs = \"none\"", "none"),
        ("certificate = \"../operators/alpha.pem\"", "certificate = \"none.pem\"", "operator alpha"),
        ("oid = \"2.999.21\"", "oid = \"2.999.\"", "operator beta"),
        ("name = \"beta\"", "name = \"alpha\"", "operator alpha"),
        ("authority = \"../pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der\"", "", "operator beta"),
        ("report_to = \"https://localhost:8447\"", "report_to = \"localhost\"", "operator alpha: report_to"),
        ("listen = \"127.0.0.1:8448\"", "listen = \"0.0.0.0:8448\"", "management.listen"),
    ] {
        assert!(EXAMPLE.contains(right), "{right}");
        bench.write("examples/smdp.toml", EXAMPLE.replacen(right, wrong, 1));
        let complaint = bench.rsp_fails(&CHECK);
        assert!(complaint.contains(told), "{wrong}: {complaint}");
    }
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let bench = bench();
    let shown = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = bench.command(&[&CHECK[..], arguments].concat());
        String::from_utf8(command.envs(environment.iter().copied()).output().unwrap().stdout).unwrap()
    };
    let environment = [("RSP_SMDP_DOWNLOAD_ATTEMPTS", "4"), ("RSP_SMDP_LISTEN", "127.0.0.1:4444")];
    assert!(shown(&[], &[]).contains("download tries   10\n"));
    assert!(shown(&[], &environment).contains("download tries   4\n"));
    let both = shown(&["--download-attempts", "5"], &environment);
    assert!(
        both.contains("download tries   5\n") && both.contains("ES9+             127.0.0.1:4444\n"),
        "{both}"
    );
    for (flag, variable, label, unit) in [
        ("--connections", "RSP_SMDP_CONNECTIONS", "connections      at most", ""),
        ("--handshakes", "RSP_SMDP_HANDSHAKES", "handshakes      ", ""),
        ("--wait-milliseconds", "RSP_SMDP_WAIT_MILLISECONDS", "wait            ", " ms"),
        ("--requests-in-work", "RSP_SMDP_REQUESTS_IN_WORK", "in work         ", ""),
    ] {
        let (of_variable, of_flag) = (format!("{label} 22{unit}\n"), format!("{label} 11{unit}\n"));
        let of_file = shown(&[], &[]);
        assert!(!of_file.contains(&of_variable) && !of_file.contains(&of_flag), "{of_file}");
        assert!(shown(&[], &[(variable, "22")]).contains(&of_variable), "{variable}");
        assert!(shown(&[flag, "11"], &[(variable, "22")]).contains(&of_flag), "{flag}");
    }
    // Where the file is, the environment can say too.
    let mut command = bench.command(&["smdp", "check-config"]);
    assert!(command.env("RSP_SMDP_CONFIG", "examples/smdp.toml").output().unwrap().status.success());
}

#[test]
fn what_the_file_names_is_beside_the_file() {
    let bench = bench();
    std::fs::create_dir(bench.path("elsewhere")).unwrap();
    let mut command = bench.command(&["smdp", "check-config", "--config", "../examples/smdp.toml"]);
    let output = command.current_dir(bench.path("elsewhere")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The example with the keys that it only mentions.
fn with_all_keys() -> String {
    let mentioned = |line: &str| match line.strip_prefix("# ") {
        Some(key) if key.split(' ').nth(1) == Some("=") => key.to_owned(),
        _ => line.to_owned(),
    };
    EXAMPLE.lines().map(mentioned).collect::<Vec<_>>().join("\n")
}

/// The keys of the file, by section, as the code has them.
fn keys() -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for line in FILE.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub struct ") {
            keys.push((section(name.trim_end_matches(" {")), Vec::new()));
        } else if let Some((name, _)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": "))
            && !name.starts_with("fn ")
        {
            keys.last_mut().unwrap().1.push(name.to_owned());
        }
    }
    keys.retain(|(section, _)| section != "file");
    assert!(keys.len() >= 8, "{keys:?}");
    keys
}

fn section(name: &str) -> String {
    match name {
        "Points" => "operator.points".to_owned(),
        name => name.to_ascii_lowercase(),
    }
}

fn all_keys(value: &toml::Value) -> BTreeSet<String> {
    match value {
        toml::Value::Table(table) => table.keys().cloned().collect(),
        toml::Value::Array(entries) => entries.iter().flat_map(all_keys).collect(),
        _ => BTreeSet::new(),
    }
}

/// What the guide says under the heading of a section.
fn chapter(section: &str) -> &'static str {
    let heading = match section {
        "operator" => "\n## `[[operator]]`".to_owned(),
        "operator.points" => "\n### `points`".to_owned(),
        section => format!("\n## `[{section}]`"),
    };
    let (_, rest) =
        GUIDE.split_once(&heading).unwrap_or_else(|| panic!("docs/configuration.md has no {heading}"));
    rest.split_once("\n#").map_or(rest, |(chapter, _)| chapter)
}
