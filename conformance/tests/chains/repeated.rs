//! Same seed, same bytes.

use certs::{Role, oid};
use conformance::pki::{Client, ClientDefect, EuiccDefect, ServerDefect, SigningDefect, TlsDefect};
use conformance::random::Seed;
use crypto::Curve;

use crate::{EID, authority, hosts};

/// Everything that can be made on a curve.
fn everything(seed: u64, curve: Curve) -> Vec<Vec<u8>> {
    let (authority, hosts, oid) = (authority(curve), hosts(), oid::parse("2.999.20").unwrap());
    let operator = Client::Operator { name: "MNO", oid: &oid };
    let mut made = Vec::new();
    let rng = |name: String| Seed(seed).named(&name);
    for defect in std::iter::once(None).chain(EuiccDefect::ALL.map(Some)) {
        let chain = authority.euicc_chain(EID, defect, &mut rng(format!("{defect:?}"))).unwrap();
        made.extend([chain.eum, chain.euicc.certificate, chain.euicc.key.to_scalar().unwrap().to_vec()]);
    }
    for defect in std::iter::once(None).chain(ServerDefect::ALL.map(Some)) {
        let pair = authority.server_pair(defect, &mut rng(format!("{defect:?}"))).unwrap();
        made.extend([pair.auth.certificate, pair.pb.certificate]);
    }
    for defect in std::iter::once(None).chain(SigningDefect::ALL.map(Some)) {
        made.push(authority.ds_auth(defect, &mut rng(format!("{defect:?}"))).unwrap().certificate);
    }
    for defect in std::iter::once(None).chain(TlsDefect::ALL.map(Some)) {
        made.extend(
            authority.tls(Role::DpTls, &hosts, defect, &mut rng(format!("{defect:?}"))).unwrap().chain,
        );
    }
    for defect in std::iter::once(None).chain(ClientDefect::ALL.map(Some)) {
        made.extend(authority.client(&operator, defect, &mut rng(format!("{defect:?}"))).unwrap().chain);
    }
    made.push(authority.crl(1, &[authority.ci_certificate().raw()], &mut rng(String::new())).unwrap());
    made
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_seed_others() {
    for curve in Curve::ALL {
        let (first, again, other) = (everything(1, curve), everything(1, curve), everything(2, curve));
        assert!(first == again);
        let same: Vec<_> = first.iter().zip(&other).filter(|(one, two)| one == two).collect();
        // Two are emptied, and the revocation list has no random numbers in it.
        assert_eq!(same.len(), 3);
    }
}
