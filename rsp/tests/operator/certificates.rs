//! Who may call is decided by TLS (SGP.22 §6.1): whoever has no certificate of an operator sees nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::lab::{Lab, Smdp};

const ORDER: [&str; 3] = ["download-order", "--profile-type", "meter"];

#[test]
fn whoever_has_no_certificate_of_an_operator_sees_nothing() {
    let lab = Lab::new();
    let smdp = lab.serve();
    // Beta is known by this OID under the CI: a copy that signs itself, and one under another CI.
    let copy = ["certs", "operator", "--name", "copy", "--out", "others", "--oid", "2.999.21"];
    lab.bench.rsp_ok(&copy);
    lab.bench.rsp_ok(&["certs", "make", "--out", "foreign"]);
    let foreign = ["certs", "operator", "--name", "foreign", "--out", "others", "--oid", "2.999.21"];
    lab.bench.rsp_ok(&[&foreign[..], &["--issue-from", "foreign"]].concat());
    // Alpha is known by its very certificate: another with the same OID, under the right CI.
    let namesake = ["certs", "operator", "--name", "namesake", "--out", "others", "--oid", "2.999.20"];
    lab.bench.rsp_ok(&[&namesake[..], &["--issue-from", "pki"]].concat());

    for stranger in [None, Some("others/copy"), Some("others/foreign"), Some("others/namesake")] {
        let seen = speak(&smdp, stranger);
        assert_eq!(seen, Err(Vec::new()), "{stranger:?} has got an answer");
    }
    // The certificates of the PKI are no operator's, that of the SM-DP+ itself neither.
    assert_eq!(speak(&smdp, Some("eUICC")), Err(Vec::new()));
    assert_eq!(speak(&smdp, Some("SM-DP+")), Err(Vec::new()));
    // The same with a certificate that is one.
    let seen = speak(&smdp, Some("operators/beta")).unwrap();
    assert!(String::from_utf8_lossy(&seen).starts_with("HTTP/1.1 "));
    assert_eq!(smdp.beta().order("meter"), crate::lab::BETA);
}

#[test]
fn the_client_says_which_side_does_not_trust_which() {
    let lab = Lab::new();
    let smdp = lab.serve();
    lab.bench.rsp_ok(&["certs", "operator", "--name", "copy", "--out", "others", "--oid", "2.999.21"]);
    let output = smdp.whoever_has("others/copy").call(&ORDER, &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{told}");
    assert!(told.contains("does not take the certificate others/copy.pem"), "{told}");

    // With the certificates of another PKI it does not speak to the server either.
    lab.bench.rsp_ok(&["certs", "make", "--out", "foreign"]);
    let server = format!("localhost:{}", smdp.es2plus);
    let beta = ["--server", &server, "--cert", "operators/beta.pem", "--key", "operators/beta.key"];
    let call = |trust: &[&'static str]| [&["es2"][..], &ORDER, &beta, trust].concat();
    let told = lab.bench.rsp_fails(&call(&["--ci", "foreign"]));
    assert!(told.contains("neither --ci nor --server-certificate vouches"), "{told}");
    let told = lab.bench.rsp_fails(&call(&["--server-certificate", "operators/alpha.pem"]));
    assert!(told.contains("neither --ci nor --server-certificate vouches"), "{told}");
    assert_eq!(lab.state(crate::lab::BETA), None);
    let pinned = ["--server-certificate", "pki/DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der"];
    assert!(lab.bench.rsp_ok(&call(&pinned)).contains(crate::lab::BETA));
}

#[cfg(unix)]
#[test]
fn the_key_of_an_operator_is_its_owners_alone_and_nothing_is_written_over() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::new();
    let mode = std::fs::metadata(lab.bench.path("operators/alpha.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    let told = lab.bench.rsp_fails(&["certs", "operator", "--name", "alpha", "--out", "operators"]);
    assert!(told.contains("not written over"), "{told}");
    for bad in ["", "a/b", "..", "a b"] {
        let arguments = ["certs", "operator", "--out", "operators", "--name", bad];
        assert_eq!(lab.bench.rsp(&arguments).status.code(), Some(2), "{bad:?}");
    }
}

/// Sends a request over TLS. `Err` with what came before the connection failed, `Ok` with the answer.
fn speak(smdp: &Smdp<'_>, identity: Option<&str>) -> Result<Vec<u8>, Vec<u8>> {
    let config = Arc::new(config(smdp.lab, identity));
    let stream = TcpStream::connect(format!("127.0.0.1:{}", smdp.es2plus)).unwrap();
    let connection = ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
    let mut tls = StreamOwned::new(connection, stream);
    let body = r#"{"header":{"functionRequesterIdentifier":"2.999.21","functionCallIdentifier":"1"}}"#;
    let request = format!(
        "POST /gsma/rsp2/es2plus/downloadOrder HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    let spoken = tls.write_all(request.as_bytes()).and_then(|()| tls.read_to_end(&mut answer));
    match spoken {
        Ok(_) if !answer.is_empty() => Ok(answer),
        _ => Err(answer),
    }
}

fn config(lab: &Lab, identity: Option<&str>) -> ClientConfig {
    let path = |name: &str| lab.bench.path(name);
    let mut roots = RootCertStore::empty();
    let ci = std::fs::read(path("pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der")).unwrap();
    roots.add(CertificateDer::from(ci)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    let pki = |folder: &str, certificate: &str, key: &str| {
        let certificate = std::fs::read(path(&format!("pki/{folder}/{certificate}"))).unwrap();
        let key = PrivateKeyDer::from_pem_file(path(&format!("pki/{folder}/{key}"))).unwrap();
        (CertificateDer::from(certificate), key)
    };
    let (certificate, key) = match identity {
        None => return builder.with_no_client_auth(),
        Some("eUICC") => pki("eUICC", "CERT_EUICC_ECDSA_NIST.der", "SK_EUICC_ECDSA_NIST.pem"),
        Some("SM-DP+") => pki("DPtls", "CERT_S_SM_DP_VARO_TLS_NIST.der", "SK_S_SM_DP_TLS_NIST.pem"),
        Some(name) => (
            CertificateDer::from_pem_file(path(&format!("{name}.pem"))).unwrap(),
            PrivateKeyDer::from_pem_file(path(&format!("{name}.key"))).unwrap(),
        ),
    };
    // Shows it, whatever rustls would say of it.
    let certified = CertifiedKey::new(vec![certificate], any_supported_type(&key).unwrap());
    builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
}
