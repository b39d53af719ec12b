//! A store that something has happened to while no server had it.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::Bench;
use crate::lab::server::{Launch, Ports, Server, command};

const ORDER: &str = "[[order]]\niccid = \"8988211000000000017\"\nmatching_id = \"FIRST-1\"\n\
    subscriber = { imsi = \"001010000000017\", ki = \"000102030405060708090A0B0C0D0E0F\", \
    opc = \"101112131415161718191A1B1C1D1E1F\" }\n";

fn launch() -> Launch {
    let arguments = ["--store=store", "--seed=orders.toml"].map(str::to_owned).to_vec();
    Launch { arguments, ..Launch::default() }
}

/// A bench with a store that was properly closed.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("orders.toml", ORDER);
    let mut server = Server::start(&bench, Ports::free(), launch());
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    drop(server);
    bench
}

/// What a server that does not start complains of.
fn refusal(bench: &Bench) -> String {
    let mut command = command(bench, Ports::free(), &launch());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            return "nothing: the server has started".to_owned();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_store_that_was_cut_off_is_refused_by_name() {
    let whole = fs::read(bench().path("store")).unwrap();
    for length in [100, 4096, 5000, whole.len() / 2, whole.len() - 4096] {
        let bench = bench();
        let store = bench.path("store");
        fs::write(&store, &fs::read(&store).unwrap()[..length]).unwrap();
        let told = refusal(&bench);
        assert!(told.contains("store") && told.lines().count() == 1, "{length} bytes: {told}");
        assert!(told.contains("malformed") || told.contains("not a database"), "{length} bytes: {told}");
    }
}

#[test]
fn a_file_that_is_no_store_is_refused_by_name_and_left_alone() {
    for content in [
        &b"a text that is no data base, and longer than the header of one: ......................."[..],
        &[0; 8192],
    ] {
        let bench = bench();
        let _ = fs::remove_file(bench.path("store-wal"));
        bench.write("store", content);
        let told = refusal(&bench);
        assert!(told.contains("store") && told.contains("not a database"), "{told}");
        assert_eq!(fs::read(bench.path("store")).unwrap(), content);
    }
}

#[test]
fn a_store_without_its_key_is_refused() {
    for key in ["", "4242", &"42".repeat(32)] {
        let bench = bench();
        bench.write("store.key", key);
        let told = refusal(&bench);
        assert!(told.contains("key"), "{key:?}: {told}");
    }
    let bench = bench();
    fs::remove_file(bench.path("store.key")).unwrap();
    let told = refusal(&bench);
    assert!(told.contains("key"), "{told}");
}

#[test]
fn what_a_crash_left_half_written_in_the_log_is_passed_over() {
    for garbage in [1, 24, 100, 4096, 20_000] {
        let bench = Bench::new();
        bench.write("orders.toml", ORDER);
        let mut server = Server::start(&bench, Ports::free(), launch());
        server.kill();
        let log = bench.path("store-wal");
        let mut bytes = fs::read(&log).unwrap();
        assert!(!bytes.is_empty());
        bytes.extend((0..garbage).map(|byte: u32| byte as u8));
        fs::write(&log, bytes).unwrap();
        server.restart();
        assert_eq!(server.stop(), Some(0), "{}", server.log());
        assert!(bench.orders().contains("8988211000000000017: Released"), "{}", bench.orders());
    }
}
