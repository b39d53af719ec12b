//! HTTP/1.1 by hand, to send what no client library would.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// `Failed subject reason message`, or the status alone.
    pub fn execution_status(&self) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap();
        let status = &json["header"]["functionExecutionStatus"];
        let data = &status["statusCodeData"];
        let texts = [&status["status"], &data["subjectCode"], &data["reasonCode"], &data["message"]];
        texts.into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// Sends bytes, reads to the end. Sending may fail when the server has seen enough.
pub async fn send(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    parse(&answer)
}

/// One request on a connection of its own; with the header lines given.
pub async fn request(address: SocketAddr, line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut bytes = format!("{line} HTTP/1.1\r\nHost: smdp.example.com\r\nConnection: close\r\n");
    for header in headers {
        bytes.push_str(header);
        bytes.push_str("\r\n");
    }
    bytes.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    send(address, &[bytes.as_bytes(), body].concat()).await
}

pub async fn post_json(address: SocketAddr, path: &str, body: &str) -> Answer {
    request(address, &format!("POST {path}"), &["Content-Type: application/json"], body.as_bytes()).await
}

pub async fn post_asn1(address: SocketAddr, body: &[u8]) -> Answer {
    let headers = ["Content-Type: application/x-gsma-rsp-asn1"];
    request(address, "POST /gsma/rsp2/asn1", &headers, body).await
}

fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a header");
    let mut lines = std::str::from_utf8(&answer[..end]).unwrap().split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
    });
    Answer { status, headers: headers.collect(), body: answer[end + 4..].to_vec() }
}
