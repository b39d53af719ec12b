//! Peers that talk nonsense, or nothing.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::lab::Lab;

#[test]
fn garbage_and_half_open_connections_on_all_ports_disturb_nobody() {
    let lab = Lab::new();
    let [root, alternative, smdp] = lab.start_all();
    lab.card(&[]);
    let ports = [&root, &alternative].map(|node| [node.lpas, node.peers]).concat();
    let hello = client_hello();
    let mut open = Vec::new();
    for port in ports {
        for bytes in [
            b"".as_slice(),
            b"\0",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            &[0xFF; 5000],
            // A record of TLS that is longer than any.
            b"\x16\x03\x01\xFF\xFF",
            // Another than the first of a handshake.
            b"\x17\x03\x03\x00\x05hello",
            &hello[..hello.len() / 2],
            // Here the server answers, and nobody goes on.
            &hello,
        ] {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            stream.write_all(bytes).unwrap();
            open.push(stream);
        }
    }

    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    lab.lpa_ok(&["discover", "--yes"]);
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    lab.until_deleted();
    // Nobody has been told anything but by TLS itself: an alert, or the server's part of the handshake.
    for mut stream in open {
        stream.set_nonblocking(true).unwrap();
        let mut first = [0];
        if let Ok(1) = stream.read(&mut first) {
            assert!([0x15, 0x16].contains(&first[0]), "{first:?}");
        }
    }
    for node in [root, alternative, smdp] {
        node.stop();
    }
}

/// The first message of a TLS client.
fn client_hello() -> Vec<u8> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    let mut connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut hello = Vec::new();
    connection.write_tls(&mut hello).unwrap();
    hello
}
