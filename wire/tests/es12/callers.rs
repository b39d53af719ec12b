//! Whose certificate is let in, and as whom.

use std::sync::Arc;

use certs::workshop::{DescribedExtension, Description};
use certs::{BasicConstraints, ExtensionKind, Identity, KeyUsage, Role, UnixTime, Validity, oid};
use protocol::clock::Timestamp;
use protocol::es12::{Caller, CallerKind};
use protocol::status::Fault;
use rustls::ClientConfig;
use rustls::version::{TLS12, TLS13};
use wire::es12::ClientError;
use wire::tls::{Admitted, Callers, RspServers, ServerTls};
use wire::transport::TransportError;

use crate::support::certificates::{self, pinned, purposes};
use crate::support::fake::Fake;
use crate::support::logs::Log;
use crate::support::messages;
use crate::support::pki::{DAY, NOW, Pki, SMDP, SMDS, names, policies, registered_ids, sha256, tls_purposes};
use crate::support::{client_with, with_tls};

/// As whom a client gets in; an error if it sees nothing of HTTP.
async fn let_in(tls: ServerTls, client: Arc<ClientConfig>) -> Result<Caller, ClientError> {
    let fake = Fake::default();
    let server = with_tls(fake.clone(), tls).await;
    let client = client_with(&server, client);
    let answer = client.register_event(&messages::header(), &messages::register_event()).await;
    assert_eq!(fake.seen().len(), usize::from(answer.is_ok()), "the server was asked");
    answer.map(|()| fake.seen().remove(0).0)
}

/// The same in both versions of TLS; where it is refused, the words of TLS 1.2 (in TLS 1.3 they may be lost with the
/// connection).
async fn let_in_by_both(servers: RspServers, shown: Option<&Identity>) -> Result<Caller, ClientError> {
    let pki = Pki::get();
    let shown = shown.map(|identity| (identity.certificate(), identity.key()));
    let first = let_in(pki.server(servers.clone()), pki.odd_client(&TLS12, shown)).await;
    let second = let_in(pki.server(servers), pki.odd_client(&TLS13, shown)).await;
    match (&first, &second) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (Err(ClientError::Transport(_)), Err(ClientError::Transport(_))) => {}
        differing => panic!("{differing:?}"),
    }
    first
}

/// The handshake fails in both versions, and the log says why in each.
async fn kept_out(servers: RspServers, shown: Option<&Identity>, why: &str) {
    let (log, _guard) = Log::start();
    let error = let_in_by_both(servers, shown).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert_eq!(error.fault(), Some(Fault::PeerIncompatible));
    assert!(!error.may_have_been_executed());
    assert_eq!(log.lines_with("TLS handshake failed").len(), 2);
    let Some(shown) = shown else { return };
    let fingerprint = data_encoding::HEXUPPER.encode(&sha256(shown.certificate()));
    let told = format!("the certificate with SHA-256 {fingerprint} makes no caller known: ");
    let lines = log.lines_with(&told);
    assert!(lines.len() == 2 && lines.iter().all(|line| line.contains(why)), "{why}: {lines:?}");
}

fn all() -> RspServers {
    Pki::get().all()
}

fn caller(arcs: &'static [u32], kind: CallerKind) -> Caller {
    Caller { oid: oid::owned(arcs), kind }
}

async fn is_let_in(identity: &Identity, expected: Caller) {
    assert_eq!(let_in_by_both(all(), Some(identity)).await.unwrap(), expected);
}

async fn is_kept_out(why: &str, change: impl FnOnce(&mut Description)) {
    kept_out(all(), Some(&Pki::get().dp_tls(change)), why).await;
}

#[tokio::test]
async fn an_sm_dp_plus_and_an_sm_ds_are_known_by_their_own_certificates() {
    let pki = Pki::get();
    is_let_in(&pki.smdp, caller(SMDP, CallerKind::Smdp)).await;
    is_let_in(&pki.other_smds, caller(SMDS, CallerKind::Smds)).await;
    // The object identifier says who it is, the policy says what it is.
    let smds = pki.ds_tls(|description| description.set(names(&[SMDP])));
    is_let_in(&smds, caller(SMDP, CallerKind::Smds)).await;
    let other = pki.dp_tls(|description| description.set(names(&[&[2, 999, 77]])));
    is_let_in(&other, caller(&[2, 999, 77], CallerKind::Smdp)).await;
}

#[tokio::test]
async fn a_critical_certificate_policy_does_no_harm() {
    let identity = Pki::get().dp_tls(|description| description.set(policies(&[Role::DpTls], true)));
    is_let_in(&identity, caller(SMDP, CallerKind::Smdp)).await;
}

#[tokio::test]
async fn a_client_without_a_certificate_sees_nothing() {
    kept_out(all(), None, "").await;
}

#[tokio::test]
async fn a_certificate_below_another_ci_is_kept_out() {
    let (pki, stranger) = (Pki::get(), Pki::new(8));
    kept_out(all(), Some(&stranger.smdp), "none of the trusted Certificate Issuers").await;
    kept_out(RspServers::below([]), Some(&pki.smdp), "none of the trusted Certificate Issuers").await;
    // It says that our CI issued it, but another signed it.
    let identifier = pki.ci().certificate().subject_key_identifier().unwrap();
    let identifier = DescribedExtension::authority_key_identifier(identifier.bytes()).unwrap();
    let forged = stranger.dp_tls(|description| {
        description.issuer = pki.ci().certificate().subject().clone();
        description.set(identifier);
    });
    kept_out(all(), Some(&forged), "as CERT.DP.TLS, the certificate is invalid").await;
}

#[tokio::test]
async fn every_trusted_ci_will_do() {
    let (pki, other) = (Pki::get(), Pki::new(8));
    for identity in [&pki.smdp, &other.smdp] {
        let known = let_in_by_both(pki.and(&other), Some(identity)).await.unwrap();
        assert_eq!(known, caller(SMDP, CallerKind::Smdp));
    }
}

#[tokio::test]
async fn what_stands_below_a_servers_certificate_is_kept_out() {
    let below = certificates::issued(&Pki::get().smdp, 33, |_| ());
    kept_out(all(), Some(&below), "none of the trusted Certificate Issuers").await;
}

#[tokio::test]
async fn a_certificate_is_judged_by_the_clock_of_the_server() {
    let at = |days: i64| UnixTime(NOW.unix_seconds() + days * DAY);
    let validity = |from, to| Validity { not_before: at(from), not_after: at(to) };
    is_kept_out("has expired", |description| description.validity = validity(-10, -1)).await;
    is_kept_out("notBefore is", |description| description.validity = validity(1, 10)).await;
    let good = Pki::get().dp_tls(|description| description.validity = validity(-1, 1));
    is_let_in(&good, caller(SMDP, CallerKind::Smdp)).await;

    let pki = Pki::get();
    for days in [-30 * 365, 4 * 365, 40 * 365] {
        let then = Timestamp::from_unix_seconds(NOW.unix_seconds() + days * DAY);
        let_in(pki.server_at(then, all()), pki.client(&pki.smdp)).await.unwrap_err();
    }
}

#[tokio::test]
async fn an_expired_certificate_is_told_so_in_the_words_of_tls() {
    let at = |days: i64| UnixTime(NOW.unix_seconds() + days * DAY);
    let expired = Pki::get().dp_tls(|description| {
        description.validity = Validity { not_before: at(-10), not_after: at(-1) };
    });
    let error = let_in_by_both(all(), Some(&expired)).await.unwrap_err().to_string();
    assert!(error.contains("CertificateExpired"), "{error}");
}

#[tokio::test]
async fn an_operator_is_kept_out() {
    let pki = Pki::get();
    let why = "neither an SM-DP+ nor an SM-DS";
    kept_out(all(), Some(pki.operator()), why).await;
    // One that looks like CERT.DP.TLS in all but the policies.
    is_kept_out(why, |description| description.remove(ExtensionKind::CertificatePolicies)).await;
    let other = DescribedExtension::certificate_policies(&[oid::owned(&[2, 999, 77])], false).unwrap();
    is_kept_out(why, |description| description.set(other)).await;
}

#[tokio::test]
async fn a_certificate_that_signs_messages_is_kept_out() {
    let pki = Pki::get();
    for role in [Role::DpAuth, Role::DpPb, Role::DsAuth] {
        let why = format!("its policies name {role}, neither");
        kept_out(all(), Some(&pki.signing(role, |_| ())), &why).await;
        // Not even with the purposes of TLS.
        let dressed_up = pki.signing(role, |description| {
            description.set(tls_purposes());
            description.set(names(&[SMDP]));
        });
        kept_out(all(), Some(&dressed_up), &why).await;
    }
    let both = policies(&[Role::DpTls, Role::DpAuth], false);
    is_kept_out("no role or several", |description| description.set(both)).await;
    let both = policies(&[Role::DpTls, Role::DsTls], false);
    is_kept_out("no role or several", |description| description.set(both)).await;
}

#[tokio::test]
async fn exactly_one_object_identifier_is_expected() {
    is_kept_out("registeredID", |description| description.set(names(&[SMDP, &[2, 999, 77]]))).await;
    is_kept_out("registeredID", |description| description.set(names(&[]))).await;
    is_kept_out("CERT.DP.TLS", |description| description.remove(ExtensionKind::SubjectAltName)).await;
    is_kept_out("CERT.DP.TLS", |description| description.set(registered_ids(&[SMDP]))).await;
}

#[tokio::test]
async fn a_certificate_that_is_no_tls_certificate_is_kept_out() {
    let client_only = purposes(&[oid::CLIENT_AUTH]);
    is_kept_out("extKeyUsage", |description| description.set(client_only)).await;
    let server_only = purposes(&[oid::SERVER_AUTH]);
    is_kept_out("extKeyUsage", |description| description.set(server_only)).await;
    is_kept_out("extKeyUsage", |description| description.remove(ExtensionKind::ExtendedKeyUsage)).await;
    let agreement = DescribedExtension::key_usage(KeyUsage::KEY_AGREEMENT).unwrap();
    is_kept_out("keyUsage", |description| description.set(agreement)).await;
    let authority = BasicConstraints { ca: true, path_length: None };
    let authority = DescribedExtension::basic_constraints(authority).unwrap();
    is_kept_out("cA true", |description| description.set(authority)).await;
    let unknown =
        DescribedExtension { id: oid::owned(&[2, 999, 99]), critical: true, value: vec![0x05, 0x00] };
    is_kept_out("critical", |description| description.set(unknown)).await;
}

#[tokio::test]
async fn a_list_lets_in_those_on_it_only() {
    let pki = Pki::get();
    let only = |arcs: &[&'static [u32]]| all().only(arcs.iter().map(|arcs| oid::owned(arcs)));
    let known = let_in_by_both(only(&[&[2, 999, 77], SMDP]), Some(&pki.smdp)).await.unwrap();
    assert_eq!(known, caller(SMDP, CallerKind::Smdp));
    kept_out(only(&[SMDP]), Some(&pki.other_smds), "2.999.15 is not on the list").await;
    kept_out(only(&[&[2, 999, 10, 1], &[2, 999]]), Some(&pki.smdp), "2.999.10 is not on the list").await;
    kept_out(only(&[]), Some(&pki.smdp), "2.999.10 is not on the list").await;
    // The list does not make up for the rest.
    kept_out(only(&[SMDP]), Some(&Pki::new(8).smdp), "none of the trusted Certificate Issuers").await;
}

/// A certificate is public: only its key makes a caller.
#[tokio::test]
async fn somebody_elses_certificate_without_its_key_sees_nothing() {
    let pki = Pki::get();
    let critical = pki.dp_tls(|description| description.set(policies(&[Role::DpTls], true)));
    for identity in [&pki.smdp, &critical] {
        for version in [&TLS12, &TLS13] {
            let shown = (identity.certificate(), pki.other_smds.key());
            let client = pki.odd_client(version, Some(shown));
            let error = let_in(pki.server(all()), client).await.unwrap_err();
            assert!(matches!(error, ClientError::Transport(_)), "{error}");
        }
    }
}

/// ES2+ knows its callers by name: an SM-DP+ is none of them for being one.
#[tokio::test]
async fn an_sm_dp_plus_is_no_operator_unless_the_configuration_says_so() {
    let pki = Pki::get();
    let operators = |callers: Vec<wire::tls::Caller>| Admitted::from(Arc::new(Callers::new(callers)));
    let nobody = pki.server(operators(vec![pinned("operator", pki.operator().certificate())]));
    let error = let_in(nobody, pki.client(&pki.smdp)).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(_)), "{error}");
    // And whom the configuration names is nobody on ES12.
    let named = pki.server(operators(vec![pinned("smdp", pki.smdp.certificate())]));
    let error = let_in(named, pki.client(&pki.smdp)).await.unwrap_err();
    assert!(matches!(&error, ClientError::HttpStatus { status, .. } if status.as_u16() == 403), "{error}");
}
