//! What an operator and an administrator do during a session, in its words on the wire.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use protocol::es2plus::Function;
use rustls::{ClientConnection, StreamOwned};
use serde_json::{Value, json};
use wire::tls::{PrivateKey, Trust, client_config_with_certificate};

use crate::common::Bench;
use crate::known::Secret;
use crate::lab::Now;
use crate::lab::cards::Issuers;
use crate::lab::http::{self, Answer};
use crate::lab::server::Ports;

pub const OPERATOR: &str = "first-operator";

/// Writes the operator's certificate and a configuration that knows it.
pub fn configure(bench: &Bench, report_to: &str) {
    let identity = Issuers::of(bench).tls("operator.example");
    bench.write("operator.der", identity.certificate().raw());
    bench.write("operator.pem", identity.key().to_pem().unwrap().as_bytes());
    bench.write(
        "smdp.toml",
        format!(
            "[[operator]]\nname = \"{OPERATOR}\"\ncertificate = \"operator.der\"\nreport_to = \"{report_to}\"\n\
             points = {{ eligibility_passed = 101, enabled = 102 }}\n"
        ),
    );
}

/// Orders and confirms a profile over ES2+, with a few mistakes before. Gives everything that was answered.
pub fn order(bench: &Bench, ports: Ports, secret: &Secret, matching_id: &str) -> Vec<String> {
    let header = |call: &str| json!({ "functionRequesterIdentifier": "2.999.20", "functionCallIdentifier": format!("{call}-{matching_id}") });
    let download = json!({ "header": header("download"), "iccid": secret.iccid });
    let confirm = |call: &str, iccid: &str| {
        json!({
            "header": header(call),
            "iccid": iccid,
            "matchingId": matching_id,
            "confirmationCode": secret.confirmation_code,
            "releaseFlag": true,
        })
    };
    let good = confirm("confirm", &secret.iccid).to_string();
    let mut answers = Vec::new();
    let mut call = |function: Function, body: &str, expected: &str| {
        let text = post(bench, ports, function.json_path(), body).text;
        assert!(text.contains(expected), "{text}");
        answers.push(text);
    };
    // An order that is not there yet, one of nobody, broken JSON, a code that is no text, a function that takes none.
    call(Function::ConfirmOrder, &confirm("early", &secret.iccid).to_string(), "Failed");
    call(Function::ConfirmOrder, &confirm("strange", "8988211999999999999").to_string(), "Failed");
    call(Function::ConfirmOrder, &good[..good.len() - 1], "HTTP/1.1 400");
    let in_a_list = good.replace(
        &format!("\"{}\"", secret.confirmation_code),
        &format!("[\"{}\"]", secret.confirmation_code),
    );
    call(Function::ConfirmOrder, &in_a_list, "Failed");
    call(Function::ReleaseProfile, &good, "");
    call(Function::DownloadOrder, &download.to_string(), "Executed-Success");
    call(Function::ConfirmOrder, &good, "Executed-Success");
    // The same again is the same; something else under its name is not.
    call(Function::ConfirmOrder, &good, "Executed-Success");
    call(Function::ConfirmOrder, &good.replace("\"releaseFlag\":true", "\"releaseFlag\":false"), "Failed");
    answers
}

/// The same with the operator's command, which tells of it at its most talkative, too.
pub fn order_by_command(bench: &Bench, ports: Ports, secret: &Secret, matching_id: &str) -> Vec<String> {
    let iccid = format!("--iccid={}", secret.iccid);
    let matching_id = format!("--matching-id={matching_id}");
    let confirm = ["confirm-order", &iccid, &matching_id, "--release"];
    let mut told = Vec::new();
    for (arguments, is_good) in
        [(&confirm[..], false), (&["download-order", &iccid][..], true), (&confirm[..], true)]
    {
        let server = format!("--server=localhost:{}", ports.es2plus.port());
        let fixed = ["--cert=operator.der", "--key=operator.pem", "--ci=pki", "--trace=es2-trace"];
        let mut command = bench.command(&[&["es2"], arguments, &[&server], &fixed].concat());
        command.env("RSP_LOG", "trace").env("RSP_CONFIRMATION_CODE", &secret.confirmation_code);
        let output = command.output().unwrap();
        assert_eq!(output.status.success(), is_good, "{output:?}");
        let trace = std::fs::read(bench.path("es2-trace")).unwrap();
        assert!(!trace.is_empty());
        told.extend([output.stdout, output.stderr, trace].map(|text| String::from_utf8(text).unwrap()));
    }
    told
}

fn post(bench: &Bench, ports: Ports, path: &str, body: &str) -> Answer {
    let key = PrivateKey::read("operator.pem", &std::fs::read(bench.path("operator.pem")).unwrap()).unwrap();
    let trust = Trust { roots: vec![Issuers::of(bench).root()], ..Trust::default() };
    let chain = [std::fs::read(bench.path("operator.der")).unwrap()];
    let config = client_config_with_certificate(trust, chain, key, Arc::new(Now)).unwrap();
    let mut config = rustls::ClientConfig::clone(&config);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(ports.es2plus).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Admin-Protocol: gsma/rsp/v2.2.0\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream.flush().unwrap();
    http::read(&mut stream).unwrap()
}

/// Makes a profile and an order over the management API, with a few mistakes before. Gives everything that was answered.
pub fn create(ports: Ports, token: &str, secret: &Secret, matching_id: &str) -> Vec<String> {
    let profile = |iccid: &str, opc: &str| {
        json!({
            "iccid": iccid,
            "operator": OPERATOR,
            "subscriber": { "imsi": secret.imsi, "ki": secret.ki(), "opc": opc },
        })
    };
    let order = json!({
        "iccid": secret.iccid,
        "matching_id": matching_id,
        "confirmation_code": secret.confirmation_code,
    });
    let mut answers = Vec::new();
    let mut post = |path: &str, token: &str, body: &Value, is_good: bool| {
        let answer = http::post(ports.management, path, Some(token), &body.to_string()).unwrap();
        assert_eq!(answer.status == 201, is_good, "{}", answer.text);
        answers.push(answer.text);
    };
    let (profiles, orders) = ("/api/v1/profiles", "/api/v1/orders");
    post(profiles, &token[..token.len() - 1], &profile(&secret.iccid, &secret.opc()), false);
    post(profiles, token, &profile(&secret.iccid, "none"), false);
    post(profiles, token, &profile("none", &secret.opc()), false);
    post(orders, token, &order, false);
    post(profiles, token, &profile(&secret.iccid, &secret.opc()), true);
    post(profiles, token, &profile(&secret.iccid, &secret.opc()), false);
    post(
        orders,
        token,
        &json!({ "iccid": secret.iccid, "confirmation_code": [secret.confirmation_code] }),
        false,
    );
    post(orders, token, &order, true);
    answers
}

/// Everything that the management port tells: each GET of its description, with the ids of this session.
pub fn all_that_is_told(ports: Ports, token: &str, ids: &[(&str, String)]) -> Vec<(String, String)> {
    let get = |path: &str| http::get(ports.management, path, Some(token)).unwrap();
    let document = get("/openapi.json").text;
    let body = document.split_once("\r\n\r\n").unwrap().1;
    // A body in chunks, perhaps.
    let body = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
    let document: Value = serde_json::from_str(body).unwrap();
    let mut told = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("get").is_none() {
            continue;
        }
        let mut path = path.clone();
        for (name, value) in ids {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "{path}: an id that this test does not know");
        let answer = get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        told.push((path, answer.text));
    }
    assert!(told.len() > 8, "{told:?}");
    told
}
