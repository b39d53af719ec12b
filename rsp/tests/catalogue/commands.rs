//! `rsp catalogue` and `rsp smdp serve --catalogue`, as their users run them.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;
use smdp::catalogue::{DOORS, entries};

use crate::common::Bench;

fn names() -> BTreeSet<String> {
    entries().into_iter().map(|entry| entry.id.to_string()).collect()
}

#[test]
fn the_list_has_every_entry_whether_a_server_runs_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let rsp = |arguments: &[&str]| {
        let mut command = std::process::Command::new(crate::common::RSP);
        let output = command.arg("catalogue").args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = rsp(&["--server", "smdp.example.com"]);
    for name in names() {
        assert!(text.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}");
    }
    assert!(text.contains("LPA:1$smdp.example.com$CAT-GOOD-CODE$$1   confirmation code 1234"));
    assert!(text.contains("LPA:1$smdp.example.com:545$CAT-8-8-3-3-1"));

    let json: Vec<Value> =
        serde_json::from_str(&rsp(&["--json", "--server", "localhost:8443", "--doors", "9000"])).unwrap();
    let listed: BTreeSet<String> =
        json.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, names());
    for entry in &json {
        for member in ["activation_code", "what", "good_lpa"] {
            assert!(entry[member].as_str().is_some_and(|text| !text.is_empty()), "{entry}");
        }
    }
    let door = json.iter().find(|entry| entry["id"] == "CAT-8-8-4-3-7").unwrap();
    assert_eq!(door["activation_code"], "LPA:1$localhost:9003$CAT-8-8-4-3-7");
    assert_eq!(door["function"], "initiateAuthentication");

    assert!(rsp(&["GOOD-1", "--qr"]).contains('▄'));
    rsp(&["--png", "images", "--html", "sheet.html"]);
    let images: BTreeSet<String> = std::fs::read_dir(folder.path().join("images"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap().replace(".png", ""))
        .collect();
    assert_eq!(images, names());
    let sheet = std::fs::read_to_string(folder.path().join("sheet.html")).unwrap();
    assert_eq!(sheet.matches("<svg ").count(), names().len());
    assert!(names().iter().all(|name| sheet.contains(&format!("<h2>{name}</h2>"))));
    // Nothing has to be fetched to show it.
    for outside in ["src=", "href=", "url(", "@import", "<script"] {
        assert!(!sheet.contains(outside), "{outside}");
    }
}

/// Every module of the image is that of the code, inside the border that readers need.
#[test]
fn an_image_is_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(crate::common::RSP);
    command.args(["catalogue", "GOOD-1", "--png", "."]).current_dir(folder.path());
    assert!(command.output().unwrap().status.success());
    let file = std::fs::File::open(folder.path().join("CAT-GOOD-1.png")).unwrap();
    let mut decoder = png::Decoder::new(BufReader::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let side = info.width as usize;
    let code =
        qrcode::QrCode::with_error_correction_level("LPA:1$localhost:8443$CAT-GOOD-1", qrcode::EcLevel::L)
            .unwrap();
    assert_eq!((side, info.height as usize), ((code.width() + 8) * 8, side));
    let colors = code.to_colors();
    for (at, pixel) in pixels[..side * side].iter().enumerate() {
        let module = |pixel: usize| (pixel / 8).checked_sub(4).filter(|module| *module < code.width());
        let dark = match (module(at % side), module(at / side)) {
            (Some(x), Some(y)) => colors[y * code.width() + x] == qrcode::Color::Dark,
            _ => false,
        };
        assert_eq!(*pixel == 0, dark, "{at}");
    }
}

#[test]
fn a_server_with_the_catalogue_hands_it_out_and_one_without_does_not() {
    let bench = Bench::new();
    bench.write("orders.toml", "");
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let download =
        |code: &str| bench.rsp(&["lpa", "--card", "card", "--ci", "pki", "download", "--yes", "--ac", code]);
    let lpa = |server: &crate::common::Server, name: &str| {
        download(&format!("LPA:1$localhost:{}${name}", server.port()))
    };
    let told = |output: std::process::Output| String::from_utf8(output.stderr).unwrap();

    let mut open = bench.serve(&["--catalogue"]);
    assert!(lpa(&open, "CAT-GOOD-1").status.success());
    let refused = told(lpa(&open, "CAT-8-2-5-4-3"));
    assert!(refused.contains("8.2.5 4.3"), "{refused}");
    let failed = told(lpa(&open, "CAT-BPP-MAC-86-2"));
    assert!(failed.contains("scp03tSecurityError"), "{failed}");
    open.kill();

    let closed = bench.serve(&[]);
    let refused = told(lpa(&closed, "CAT-GOOD-2"));
    assert!(refused.contains("8.2.6 3.8"), "{refused}");
}

#[test]
fn the_doors_are_told_and_refuse_and_the_file_and_the_environment_open_the_catalogue_too() {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    bench.write(
        "smdp.toml",
        "[server]\ncerts = \"pki\"\nlisten = \"127.0.0.1:0\"\ncatalogue = true\n[store]\nat = \"store\"\n",
    );
    for in_file in [true, false] {
        let mut command = match in_file {
            true => bench.command(&["smdp", "serve", "--config", "smdp.toml"]),
            false => {
                let arguments = ["smdp", "serve", "--certs", "pki", "--listen", "127.0.0.1:0"];
                let mut command = bench.command(&[&arguments[..], &["--store", "store"]].concat());
                command.env("RSP_SMDP_CATALOGUE", "1");
                command
            }
        };
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let of_doors = lines.by_ref().filter(|line| line.starts_with("error catalogue: "));
        let told: Vec<String> = of_doors.take(DOORS.len()).collect();
        // Keeps the pipe open and empty, so that the server never waits for its reader.
        std::thread::spawn(move || lines.for_each(drop));
        for (line, code) in told.iter().zip(DOORS) {
            let port = line.rsplit(':').next().unwrap();
            assert!(line.starts_with(&format!("error catalogue: {code} on 127.0.0.1:")), "{line}");
            let code_of_door = format!("LPA:1$localhost:{port}$ANY");
            let refused = bench.rsp_fails(&[
                "lpa",
                "--card",
                "card",
                "--ci",
                "pki",
                "download",
                "--yes",
                "--ac",
                &code_of_door,
            ]);
            assert!(refused.contains(&format!("{} {}", code.subject, code.reason)), "{refused}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let checked = bench.rsp_ok(&["smdp", "check-config", "--config", "smdp.toml"]);
    assert!(checked.lines().any(|line| line == "error catalogue  open"), "{checked}");
}
