//! HTTP/1.1 by hand, for ports without TLS and for requests that a client library would not send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer as text, head and body.
pub struct Answer {
    pub status: u16,
    pub text: String,
}

/// Asks for a path on a plain port.
pub fn get(address: SocketAddr, path: &str, token: Option<&str>) -> std::io::Result<Answer> {
    send(address, &format!("GET {path} HTTP/1.1\r\n"), token, "")
}

/// Posts JSON to a plain port.
pub fn post(address: SocketAddr, path: &str, token: Option<&str>, body: &str) -> std::io::Result<Answer> {
    let length = body.len();
    let head =
        format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n");
    send(address, &head, token, body)
}

fn send(address: SocketAddr, head: &str, token: Option<&str>, body: &str) -> std::io::Result<Answer> {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("{head}Host: localhost\r\n{authorization}Connection: close\r\n\r\n{body}");
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    read(&mut stream)
}

/// Reads an answer until the peer has closed the connection.
pub fn read(stream: &mut impl Read) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        // A peer that closes without a farewell has said everything all the same.
        Err(error) if bytes.is_empty() => return Err(error),
        _ => {}
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other(format!("no HTTP: {text:?}")))?;
    Ok(Answer { status, text })
}
