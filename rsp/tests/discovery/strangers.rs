//! Who may call ES12 is decided by TLS (SGP.22 §5.9, §6.1), and whose an event is by the certificate that came with it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::lab::{EID, Lab, Node, SMDS_OID, told};

#[test]
fn whoever_shows_no_certificate_of_an_smdp_or_smds_sees_nothing() {
    let lab = Lab::new();
    let root = lab.start(&lab.root);
    lab.bench.rsp_ok(&["certs", "make", "--out", "foreign"]);
    let beta = ["certs", "operator", "--name", "beta", "--out", "operators", "--oid", "2.999.21"];
    lab.bench.rsp_ok(&[&beta[..], &["--issue-from", "pki"]].concat());
    let operator = |name: &str| (format!("operators/{name}.pem"), format!("operators/{name}.key"));
    let of_pki = |pki: &str, folder: &str, certificate: &str, key: &str| {
        let folder = format!("{pki}/{folder}");
        (format!("{folder}/{certificate}_NIST.der"), format!("{folder}/{key}_NIST.pem"))
    };
    let smdp = |pki: &str| of_pki(pki, "DPtls", "CERT_S_SM_DP_VARO_TLS", "SK_S_SM_DP_TLS");
    let smds = |pki: &str| of_pki(pki, "DStls", "CERT_S_SM_DS_VARO_TLS", "SK_S_SM_DS_TLS");
    let strangers = [
        None,
        // Known to the SM-DP+, and certified by the CI.
        Some(operator("alpha")),
        Some(operator("beta")),
        Some(smdp("foreign")),
        Some(smds("foreign")),
        // Of the SM-DP+, but not for TLS; and of the card.
        Some(of_pki("pki", "DPauth", "CERT_S_SM_DPauth_ECDSA", "SK_S_SM_DPauth_ECDSA")),
        Some(of_pki("pki", "eUICC", "CERT_EUICC_ECDSA", "SK_EUICC_ECDSA")),
    ];
    for stranger in strangers {
        assert_eq!(
            register(&lab, &root, stranger.as_ref()),
            Err(Vec::new()),
            "{stranger:?} has got an answer"
        );
    }
    assert_eq!(lab.events(&lab.root), []);
    // The same with certificates that are: now somebody answers.
    for (caller, count) in [(smdp("pki"), 1), (smds("pki"), 2)] {
        let answer = register(&lab, &root, Some(&caller)).unwrap();
        assert!(String::from_utf8_lossy(&answer).contains("Executed-Success"), "{caller:?}");
        assert_eq!(lab.events(&lab.root).len(), count);
    }
}

#[test]
fn with_a_list_of_callers_nobody_else_is_let_in() {
    let lab = Lab::new();
    let configuration = std::fs::read_to_string(lab.bench.path("root.toml")).unwrap();
    let callers = format!("[es12]\ncallers = [\"{SMDS_OID}\"]\n");
    lab.bench.write("root.toml", configuration.replace("[es12]\n", &callers));
    let _root = lab.start(&lab.root);
    let event = ["--eid", EID, "--event-id", "OURS-1", "--rsp-server-address", "smdp.example.com"];
    let register = |caller: &'static str| [&["register-event", "--as", caller][..], &event].concat();
    let output = lab.es12(&lab.root, &register("smdp"));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(told(&output).contains("does not take the certificate"), "{}", told(&output));
    lab.es12_ok(&lab.root, &register("smds"));
    assert_eq!(lab.events(&lab.root).len(), 1);
}

#[test]
fn an_event_of_another_is_not_there_and_an_event_id_is_taken_once() {
    let lab = Lab::new();
    let [_root, _alternative, _smdp] = lab.start_all();
    let order = lab.alpha().confirm(&["--matching-id", "OURS-1", "--release"]);
    lab.until_registered(&[&order.matching_id]);
    let at = lab.events(&lab.root)[0].event_id.clone();

    // To another caller the event is not there, at the one SM-DS as at the other.
    for (site, event_id, stranger) in [(&lab.alternative, "OURS-1", "smds"), (&lab.root, at.as_str(), "smdp")]
    {
        let delete = ["delete-event", "--eid", EID, "--event-id", event_id, "--as", stranger];
        assert_eq!(lab.es12_refused(site, &delete), "8.9.5/3.9");
    }
    lab.until_registered(&["OURS-1"]);

    // What the same caller has used is used, whatever else the call says, and after the deletion too.
    let register = |caller: &'static str, address: &'static str| {
        let event = ["register-event", "--eid", EID, "--event-id", "OURS-1", "--rsp-server-address", address];
        [&event[..], &["--as", caller]].concat()
    };
    for address in ["smdp.example.com", "other.example.com"] {
        assert_eq!(lab.es12_refused(&lab.alternative, &register("smdp", address)), "8.9.5/3.3");
    }
    lab.until_registered(&["OURS-1"]);
    lab.alpha().cancel(&order);
    lab.until_deleted();
    assert_eq!(lab.es12_refused(&lab.alternative, &register("smdp", "smdp.example.com")), "8.9.5/3.3");
    // What another has used is not.
    lab.es12_ok(&lab.alternative, &register("smds", "smdp.example.com"));
}

/// Sends RegisterEvent over TLS. `Err` with what came before the connection failed, `Ok` with the answer.
fn register(lab: &Lab, node: &Node<'_>, identity: Option<&(String, String)>) -> Result<Vec<u8>, Vec<u8>> {
    let stream = TcpStream::connect(("127.0.0.1", node.peers)).unwrap();
    let connection =
        ClientConnection::new(Arc::new(config(lab, identity)), "localhost".try_into().unwrap()).unwrap();
    let mut tls = StreamOwned::new(connection, stream);
    let body = serde_json::json!({
        "header": { "functionRequesterIdentifier": "2.999.10", "functionCallIdentifier": "1" },
        "eid": EID,
        "rspServerAddress": "smdp.example.com",
        "eventId": "OURS-1",
        "forwardingIndicator": false,
    })
    .to_string();
    let request = format!(
        "POST /gsma/rsp2/es12/registerEvent HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         X-Admin-Protocol: gsma/rsp/v2.2.0\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    let spoken = tls.write_all(request.as_bytes()).and_then(|()| tls.read_to_end(&mut answer));
    match spoken {
        Ok(_) if !answer.is_empty() => Ok(answer),
        _ => Err(answer),
    }
}

/// A client that shows a certificate and its key, by the names of their files.
fn config(lab: &Lab, identity: Option<&(String, String)>) -> ClientConfig {
    let path = |name: &str| lab.bench.path(name);
    let mut roots = RootCertStore::empty();
    let ci = std::fs::read(path("pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der")).unwrap();
    roots.add(CertificateDer::from(ci)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    let Some((certificate, key)) = identity else { return builder.with_no_client_auth() };
    let certificate = match certificate.ends_with(".pem") {
        true => CertificateDer::from_pem_file(path(certificate)).unwrap(),
        false => CertificateDer::from(std::fs::read(path(certificate)).unwrap()),
    };
    let key = PrivateKeyDer::from_pem_file(path(key)).unwrap();
    // Shows it, whatever rustls would say of it.
    let certified = CertifiedKey::new(vec![certificate], any_supported_type(&key).unwrap());
    builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
}
