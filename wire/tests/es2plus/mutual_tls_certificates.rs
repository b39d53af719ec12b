//! Which certificates make a caller known by its object identifier.

use certs::workshop::{DescribedExtension, Description};
use certs::{BasicConstraints, ExtensionKind, Identity, KeyUsage, Role, UnixTime, Validity, oid};
use protocol::clock::Timestamp;

use crate::mutual_tls::{kept_out, let_in, let_in_by_both};
use crate::support::pki::{DAY, NOW, OPERATOR, Pki, issued, operator, pinned, purposes, registered_ids};

fn changed(change: impl FnOnce(&mut Description)) -> Identity {
    operator(&Pki::get().ci, 30, change)
}

fn policies(roles: &[Role], critical: bool) -> DescribedExtension {
    let policies: Vec<_> = roles.iter().map(|role| role.policy()).collect();
    DescribedExtension::certificate_policies(&policies, critical).unwrap()
}

async fn is_let_in(identity: &Identity) {
    let callers = vec![Pki::get().by_oid(OPERATOR)];
    assert_eq!(let_in_by_both(callers, Some(identity)).await.unwrap(), "operator");
}

async fn is_kept_out(what: &str, change: impl FnOnce(&mut Description)) -> String {
    let error = kept_out(vec![Pki::get().by_oid(OPERATOR)], Some(&changed(change))).await;
    assert!(!error.is_empty(), "{what}");
    error
}

#[tokio::test]
async fn a_plain_certificate_and_one_like_cert_dp_tls_are_accepted() {
    is_let_in(&changed(|_| ())).await;
    is_let_in(&issued(&Pki::get().ci, 31, |description| description.set(registered_ids(&[OPERATOR])))).await;
}

#[tokio::test]
async fn a_critical_certificate_policy_does_no_harm() {
    is_let_in(&changed(|description| description.set(policies(&[Role::DpTls], true)))).await;
    let other = oid::owned(&[2, 999, 77]);
    let other = DescribedExtension::certificate_policies(&[other], true).unwrap();
    is_let_in(&changed(|description| description.set(other))).await;
}

#[tokio::test]
async fn our_own_client_may_have_a_critical_certificate_policy() {
    let pki = Pki::get();
    let identity = changed(|description| description.set(policies(&[Role::DpTls], true)));
    let caller = let_in(pki.server([pki.by_oid(OPERATOR)]), pki.client(&identity)).await.unwrap();
    assert_eq!(caller, "operator");
}

#[tokio::test]
async fn the_right_ci_with_another_object_identifier_is_kept_out() {
    is_kept_out("another", |description| description.set(registered_ids(&[&[2, 999, 21]]))).await;
    is_kept_out("a longer one", |description| description.set(registered_ids(&[&[2, 999, 20, 1]]))).await;
    is_kept_out("none", |description| description.remove(ExtensionKind::SubjectAltName)).await;
    let two = registered_ids(&[OPERATOR, &[2, 999, 21]]);
    is_kept_out("two", |description| description.set(two)).await;
}

#[tokio::test]
async fn the_right_object_identifier_under_another_ci_is_kept_out() {
    let pki = Pki::get();
    let stranger = Pki::new(8);
    kept_out(vec![pki.by_oid(OPERATOR)], Some(&stranger.operator)).await;
    // It says that our CI issued it, but another signed it.
    let identifier = pki.ci.certificate().subject_key_identifier().unwrap();
    let identifier = DescribedExtension::authority_key_identifier(identifier.bytes()).unwrap();
    let forged = operator(&stranger.ci, 32, |description| {
        description.issuer = pki.ci.certificate().subject().clone();
        description.set(identifier);
    });
    kept_out(vec![pki.by_oid(OPERATOR)], Some(&forged)).await;
}

#[tokio::test]
async fn a_certificate_is_judged_by_the_clock_of_the_server() {
    let at = |days: i64| UnixTime(NOW.unix_seconds() + days * DAY);
    let validity = |from, to| Validity { not_before: at(from), not_after: at(to) };
    let expired = is_kept_out("expired", |description| description.validity = validity(-10, -1)).await;
    assert!(expired.contains("CertificateExpired"), "{expired}");
    is_kept_out("not yet valid", |description| description.validity = validity(1, 10)).await;
    is_let_in(&changed(|description| description.validity = validity(-1, 1))).await;

    let pki = Pki::get();
    for days in [-30 * 365, 4 * 365] {
        let then = Timestamp::from_unix_seconds(NOW.unix_seconds() + days * DAY);
        let server = pki.server_at(then, [pki.by_oid(OPERATOR)]);
        let_in(server, pki.client(&pki.operator)).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_pinned_certificate_is_taken_until_it_is_unpinned() {
    let pki = Pki::get();
    let then = Timestamp::from_unix_seconds(NOW.unix_seconds() + 100 * 365 * DAY);
    let server = pki.server_at(then, [pinned("pinned", pki.operator.certificate())]);
    assert_eq!(let_in(server, pki.client(&pki.operator)).await.unwrap(), "pinned");
}

#[tokio::test]
async fn a_certificate_for_another_purpose_is_kept_out() {
    is_kept_out("a server only", |description| description.set(purposes(&[oid::SERVER_AUTH]))).await;
    // CERT.DPauth and CERT.EUICC look so: they sign messages, not handshakes.
    is_kept_out("no purpose", |description| description.remove(ExtensionKind::ExtendedKeyUsage)).await;
    is_kept_out("a role that signs", |description| description.set(policies(&[Role::DpAuth], false))).await;
    let two = policies(&[Role::DpTls, Role::DpPb], false);
    is_kept_out("one role too many", |description| description.set(two)).await;
    let agreement = DescribedExtension::key_usage(KeyUsage::KEY_AGREEMENT).unwrap();
    is_kept_out("a key that does not sign", |description| description.set(agreement)).await;
    let authority = BasicConstraints { ca: true, path_length: None };
    let authority = DescribedExtension::basic_constraints(authority).unwrap();
    is_kept_out("an authority", |description| description.set(authority)).await;
}

#[tokio::test]
async fn a_critical_extension_that_nobody_understands_keeps_out() {
    let unknown =
        DescribedExtension { id: oid::owned(&[2, 999, 99]), critical: true, value: vec![0x05, 0x00] };
    is_kept_out("unknown", |description| description.set(unknown)).await;
}

#[tokio::test]
async fn what_stands_below_an_operators_certificate_is_kept_out() {
    let pki = Pki::get();
    let below = operator(&pki.operator, 33, |_| ());
    kept_out(vec![pki.by_oid(OPERATOR)], Some(&below)).await;
}
