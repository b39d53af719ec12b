//! What the workshop makes, seen by the loader, by OpenSSL and by rustls.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a panic is how a test reports"
)]

mod common;

use std::{path::Path, process::Command, sync::Arc};

use certs::{
    Certificate, ExtensionKind, Identity, Role, Variant,
    chain::{verify_euicc_chain, verify_same_server, verify_server_certificate},
    eid, oid,
    tree::{self, Pki},
    workshop::{Factory, Holder, Plan, Workshop, WorkshopError},
};
use common::{Bench, EID, NOW, SERVER_ROLES, hosts, made_tree, published_tree};
use crypto::{Curve, Engine};
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

#[test]
fn everything_it_makes_verifies_on_either_engine() {
    let pki = Pki::from_tree(&made_tree(1)).unwrap();
    assert_eq!(pki.chains().count(), 2);
    for engine in [Engine::RustCrypto, Engine::AwsLc] {
        let anchors = pki.trust_anchors(engine).unwrap();
        for chain in pki.chains() {
            let eum = chain.certificate(Role::Eum).unwrap();
            let euicc = chain.certificate(Role::Euicc).unwrap();
            let verified = verify_euicc_chain(&anchors, eum, euicc, Some(NOW), &mut |_| ()).unwrap();
            assert_eq!(verified.eid, EID);
            let ci = chain.trust_anchor(engine).unwrap();
            for role in SERVER_ROLES {
                let identity = chain.identity(role, engine).unwrap();
                verify_server_certificate(identity.certificate(), role, &ci, Some(NOW), &mut |_| ()).unwrap();
            }
            let (dp_auth, dp_pb) =
                (chain.certificate(Role::DpAuth).unwrap(), chain.certificate(Role::DpPb).unwrap());
            verify_same_server(dp_auth, dp_pb).unwrap();
        }
    }
}

#[test]
fn the_same_seed_and_time_give_the_same_bytes() {
    assert_eq!(made_tree(5), made_tree(5));
    let other = made_tree(6);
    assert!(made_tree(5).iter().all(|(path, file)| other[path] != *file));
}

#[test]
fn the_tree_has_the_files_of_the_published_one() {
    let made = made_tree(1);
    assert_eq!(made.len(), 32);
    let Some(published) = published_tree() else { return };
    for path in published.keys().filter(|path| !path.contains("DP2")) {
        assert!(made.contains_key(path), "{path}");
    }
}

#[test]
fn what_it_makes_looks_like_the_published_certificates() {
    let Some(published) = published_tree() else { return };
    let made = Pki::from_tree(&made_tree(1)).unwrap();
    let published = Pki::from_tree(&published).unwrap();
    for curve in Curve::ALL {
        let chain = |pki: &Pki| pki.chain(Variant::O, curve).unwrap().clone();
        for role in [Role::Ci, Role::Eum, Role::Euicc, Role::DpAuth, Role::DpPb, Role::DpTls] {
            let (made, published) = (chain(&made), chain(&published));
            let (made, published) = (made.certificate(role).unwrap(), published.certificate(role).unwrap());
            if role != Role::DpTls {
                assert_eq!(made.subject(), published.subject(), "{role}");
            }
            assert_eq!(made.issuer(), published.issuer(), "{role}");
            assert_eq!(made.registered_ids(), published.registered_ids(), "{role}");
            assert_eq!(made.extensions().name_constraints, published.extensions().name_constraints, "{role}");
            assert_eq!(made.extensions().key_usage, published.extensions().key_usage, "{role}");
            assert_eq!(made.extensions().certificate_policies, published.extensions().certificate_policies);
            assert_eq!(
                made.extensions().basic_constraints,
                published.extensions().basic_constraints,
                "{role}"
            );
            for kind in ExtensionKind::ALL {
                let criticality = |certificate: &Certificate| certificate.extensions().criticality(kind);
                assert_eq!(criticality(made), criticality(published), "{role} {kind}");
            }
        }
    }
}

#[test]
fn the_two_signing_certificates_of_an_sm_dp_differ_only_where_they_may() {
    // SGP.22 §4.5.2.1.0.4: serial number, policies, key, key identifier and signature.
    for chain in Pki::from_tree(&made_tree(1)).unwrap().chains() {
        let (auth, pb) = (chain.certificate(Role::DpAuth).unwrap(), chain.certificate(Role::DpPb).unwrap());
        assert_eq!(auth.subject(), pb.subject());
        assert_eq!(auth.issuer(), pb.issuer());
        assert_eq!(auth.validity(), pb.validity());
        let (a, p) = (auth.extensions(), pb.extensions());
        assert_eq!(a.key_usage, p.key_usage);
        assert_eq!(a.subject_alt_name, p.subject_alt_name);
        assert_eq!(a.authority_key_identifier, p.authority_key_identifier);
        assert_eq!(a.crl_distribution_points, p.crl_distribution_points);
        assert_ne!(auth.serial_number(), pb.serial_number());
    }
}

#[test]
fn further_euiccs_can_be_made_under_an_eum_within_its_range() {
    let mut bench = Bench::new(Curve::P256);
    let (ci, eum) = (bench.ci.clone(), bench.eum.clone());
    let anchors = [certs::chain::TrustAnchor::new(ci.certificate().clone(), Engine::RustCrypto).unwrap()];
    for number in 0..3 {
        let eid = eid::with_check_digits(&format!("89049032{number:022}")).unwrap();
        let euicc = bench.workshop().issue(&eum, &Holder::Euicc(&eid)).unwrap();
        let verified =
            verify_euicc_chain(&anchors, eum.certificate(), euicc.certificate(), Some(NOW), &mut |_| ())
                .unwrap();
        assert_eq!(verified.eid, eid);
    }
    let outside = eid::with_check_digits("890490330000000000000000000000").unwrap();
    let refused = bench.workshop().issue(&eum, &Holder::Euicc(&outside)).unwrap_err();
    assert_eq!(refused, WorkshopError::EidOutsideEum(eid::to_digits(&outside)));
}

#[test]
fn several_factories_below_the_same_issuers_make_euiccs_on_both_curves() {
    let pki = Pki::from_tree(&made_tree(1)).unwrap();
    let of_role = |role| {
        pki.chains().map(|chain| chain.identity(role, Engine::RustCrypto).unwrap()).collect::<Vec<_>>()
    };
    let issuers = of_role(Role::Ci);
    let anchors = pki.trust_anchors(Engine::RustCrypto).unwrap();
    let mut rng = common::rng(4);
    let mut workshop = Workshop::new(NOW, &mut rng);
    let mut factories = vec![Factory::new(of_role(Role::Eum)).unwrap()];
    for (organization, issuer) in [("Karten & Söhne", "89033023"), ("Acme Cards", "8904403100")] {
        factories.push(Factory::found(&mut workshop, &issuers, organization, issuer).unwrap());
        assert_eq!(factories.last().unwrap().organization(), organization);
    }
    let mut eids = std::collections::BTreeSet::new();
    for factory in &factories {
        for number in [0, 1, 999] {
            let eid = factory.eid(number).unwrap();
            let euicc = factory.euicc(&mut workshop, &eid).unwrap();
            assert_eq!(euicc.len(), 2);
            for (eum, euicc) in factory.eums().iter().zip(&euicc) {
                let (eum, euicc) = (eum.certificate(), euicc.certificate());
                let verified = verify_euicc_chain(&anchors, eum, euicc, Some(NOW), &mut |_| ()).unwrap();
                assert_eq!(verified.eid, eid);
                assert_eq!(euicc.organization(), Some(factory.organization()));
            }
            assert!(eids.insert(eid));
        }
    }
    // An EUM cannot certify what another may.
    let stranger = factories[1].eid(7).unwrap();
    let refused = factories[2].euicc(&mut workshop, &stranger).unwrap_err();
    assert_eq!(refused, WorkshopError::EidOutsideEum(eid::to_digits(&stranger)));
    assert_eq!(Factory::new(Vec::new()).unwrap_err(), WorkshopError::NoRange);
    assert_eq!(Factory::new(issuers).unwrap_err(), WorkshopError::NoRange, "a CI is no EUM");
    // On two curves with two ranges there is no EID that both permit.
    let other = Factory::found(&mut workshop, &of_role(Role::Ci)[1..], "Acme Cards", "89033023").unwrap();
    let mixed = vec![factories[2].eums()[0].clone(), other.eums()[0].clone()];
    assert_eq!(Factory::new(mixed).unwrap_err(), WorkshopError::NoRange);
}

#[test]
fn an_euicc_and_a_tls_server_can_be_made_under_the_published_certificates() {
    let Some(mut tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let mut rng = common::rng(3);
    for chain in pki.chains() {
        let mut workshop = Workshop::new(NOW, &mut rng);
        let ci = chain.identity(Role::Ci, Engine::RustCrypto).unwrap();
        let tls = workshop.issue(&ci, &Holder::Tls(Role::DpTls, &hosts())).unwrap();
        assert_eq!(tls.certificate().dns_names(), hosts());
        assert_eq!(tls.certificate().subject().to_string(), "O=ACME, CN=smdp.example.com");
        let eid = eid::with_check_digits("890490320000000000000000000042").unwrap();
        let eum = chain.identity(Role::Eum, Engine::RustCrypto).unwrap();
        let euicc = workshop.issue(&eum, &Holder::Euicc(&eid)).unwrap();
        tree::insert(&mut tree, Variant::O, chain.curve(), Role::DpTls, &tls).unwrap();
        tree::insert(&mut tree, Variant::O, chain.curve(), Role::Euicc, &euicc).unwrap();
    }
    let pki = Pki::from_tree(&tree).unwrap();
    let anchors = pki.trust_anchors(Engine::RustCrypto).unwrap();
    for chain in pki.chains() {
        let ci = chain.trust_anchor(Engine::RustCrypto).unwrap();
        let tls = chain.certificate(Role::DpTls).unwrap();
        verify_server_certificate(tls, Role::DpTls, &ci, Some(NOW), &mut |_| ()).unwrap();
        let (eum, euicc) = (chain.certificate(Role::Eum).unwrap(), chain.certificate(Role::Euicc).unwrap());
        verify_euicc_chain(&anchors, eum, euicc, Some(NOW), &mut |_| ()).unwrap();
    }
}

#[test]
fn a_tls_certificate_needs_a_host_name_that_is_one() {
    let mut bench = Bench::new(Curve::P256);
    let ci = bench.ci.clone();
    let mut make = |hosts: &[&str]| {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        bench.workshop().issue(&ci, &Holder::Tls(Role::DpTls, &hosts)).map(drop)
    };
    assert_eq!(make(&["127.0.0.1"]), Err(WorkshopError::NoHostName));
    assert_eq!(
        make(&["smdp.example.com:8443"]),
        Err(WorkshopError::HostName("smdp.example.com:8443".to_owned()))
    );
    assert_eq!(make(&["127.0.0.1", "localhost"]), Ok(()));
}

#[test]
fn roles_that_do_not_fit_are_refused() {
    let mut bench = Bench::new(Curve::P256);
    let ci = bench.ci.clone();
    for role in [Role::Ci, Role::Eum, Role::Euicc, Role::DpTls] {
        let refused = bench.workshop().issue(&ci, &Holder::Server(role)).map(drop);
        assert_eq!(refused, Err(WorkshopError::Role(role)));
    }
    let refused = bench.workshop().issue(&ci, &Holder::Tls(Role::DpAuth, &hosts())).map(drop);
    assert_eq!(refused, Err(WorkshopError::Role(Role::DpAuth)));
}

// rustls, the TLS stack of clients and servers.

fn rustls_accepts(root: &Certificate, server: &Certificate, host: &str) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root.raw().to_vec())).map_err(|error| format!("root: {error}"))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let end_entity = CertificateDer::from(server.raw().to_vec());
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW.0.unsigned_abs()));
    let verified = verifier.verify_server_cert(&end_entity, &[], &name, &[], now);
    verified.map(drop).map_err(|error| error.to_string())
}

#[test]
fn rustls_accepts_the_tls_certificates_below_the_certificate_issuer() {
    let pki = Pki::from_tree(&made_tree(1)).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    let ci = chain.certificate(Role::Ci).unwrap();
    let dp = chain.certificate(Role::DpTls).unwrap();
    for host in ["smdp.example.com", "localhost", "127.0.0.1", "::1"] {
        assert_eq!(rustls_accepts(ci, dp, host), Ok(()), "{host}");
    }
    assert!(rustls_accepts(ci, dp, "other.example.com").is_err());
    assert!(rustls_accepts(ci, dp, "127.0.0.2").is_err());
    let ds = chain.certificate(Role::DsTls).unwrap();
    assert_eq!(rustls_accepts(ci, ds, "root.smds.example.com"), Ok(()));
}

#[test]
fn rustls_accepts_a_tls_certificate_below_the_published_certificate_issuer() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    let ci = chain.identity(Role::Ci, Engine::RustCrypto).unwrap();
    let mut rng = common::rng(3);
    let mut workshop = Workshop::new(NOW, &mut rng);
    let tls = workshop.issue(&ci, &Holder::Tls(Role::DpTls, &hosts())).unwrap();
    assert_eq!(rustls_accepts(ci.certificate(), tls.certificate(), "smdp.example.com"), Ok(()));
    assert_eq!(
        rustls_accepts(
            ci.certificate(),
            chain.certificate(Role::DpTls).unwrap(),
            "testsmdpplus1.example.com"
        ),
        Ok(())
    );
}

// OpenSSL, a validator that nobody here has written.

fn openssl(arguments: &[&str]) -> Option<(bool, String)> {
    let output = match Command::new("openssl").args(arguments).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: openssl cannot be started: {error}");
            return None;
        }
    };
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Some((output.status.success(), text))
}

fn write(folder: &Path, name: &str, certificate: &Certificate) -> String {
    let path = folder.join(name);
    std::fs::write(&path, certificate.to_pem()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn openssl_verifies_what_the_workshop_makes() {
    let folder = tempfile::tempdir().unwrap();
    let time = NOW.0.to_string();
    for chain in Pki::from_tree(&made_tree(1)).unwrap().chains() {
        let ci = write(folder.path(), "ci.pem", chain.certificate(Role::Ci).unwrap());
        for role in [Role::Eum, Role::DpAuth, Role::DpPb, Role::DpTls, Role::DsAuth, Role::DsTls] {
            let below = write(folder.path(), "below.pem", chain.certificate(role).unwrap());
            let mut arguments = vec!["verify", "-x509_strict", "-attime", &time, "-CAfile", &ci];
            if matches!(role, Role::DpTls) {
                arguments.extend(["-purpose", "sslserver", "-verify_hostname", "smdp.example.com"]);
            }
            arguments.push(&below);
            let Some((verified, text)) = openssl(&arguments) else { return };
            assert!(verified, "{role} {}: {text}", chain.curve());
        }
    }
}

#[test]
fn openssl_verifies_the_chain_of_an_euicc_once_the_name_constraints_are_gone() {
    // OpenSSL matches the constraints as RFC 5280 has it, which no eUICC's name can satisfy. So it gets an EUM of the
    // same name and key without them.
    let folder = tempfile::tempdir().unwrap();
    let time = NOW.0.to_string();
    for curve in Curve::ALL {
        let mut bench = Bench::new(curve);
        let (ci, eum): (Identity, Identity) = (bench.ci.clone(), bench.eum.clone());
        let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &eum, |eum| {
            eum.remove(ExtensionKind::NameConstraints);
        });
        let root = write(folder.path(), "ci.pem", ci.certificate());
        let free = write(folder.path(), "free.pem", &common::parse(&der));
        let bound = write(folder.path(), "bound.pem", eum.certificate());
        let euicc = write(folder.path(), "euicc.pem", bench.euicc.certificate());
        let verify = |eum: &str| {
            openssl(&[
                "verify",
                "-x509_strict",
                "-attime",
                &time,
                "-CAfile",
                &root,
                "-untrusted",
                eum,
                &euicc,
            ])
        };
        let Some((verified, text)) = verify(&free) else { return };
        assert!(verified, "{curve}: {text}");
        let Some((verified, text)) = verify(&bound) else { return };
        assert!(!verified && text.contains("permitted subtree violation"), "{curve}: {text}");
    }
}

#[test]
fn the_certificate_of_an_operator_is_one_for_tls_clients_with_its_object_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let time = NOW.0.to_string();
    let bench = Bench::new(Curve::P256);
    let alpha = oid::parse("2.999.20").unwrap();
    let mut rng = common::rng(1);
    let mut workshop = Workshop::new(NOW, &mut rng);
    let issued = workshop.issue(&bench.ci, &Holder::Operator("alpha", &alpha)).unwrap();
    let alone = workshop.self_signed_operator("alpha", &alpha).unwrap();
    for (operator, issuer) in [(&issued, &bench.ci), (&alone, &alone)] {
        let certificate = operator.certificate();
        assert_eq!(certificate.registered_ids(), std::slice::from_ref(&alpha));
        certificate.verify_signature(Engine::AwsLc, issuer.certificate().public_key()).unwrap();
        let root = write(folder.path(), "root.pem", issuer.certificate());
        let leaf = write(folder.path(), "leaf.pem", certificate);
        let verify = ["verify", "-purpose", "sslclient", "-attime", &time, "-CAfile", &root, &leaf];
        let Some((verified, text)) = openssl(&verify) else { return };
        assert!(verified, "{text}");
    }
}

#[test]
fn openssl_reads_the_private_keys() {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in made_tree(1).iter().filter(|(path, _)| path.ends_with(".pem")) {
        let key = folder.path().join("key.pem");
        std::fs::write(&key, file).unwrap();
        let Some((read, text)) = openssl(&["pkey", "-noout", "-check", "-in", key.to_str().unwrap()]) else {
            return;
        };
        assert!(read && text.contains("Key is valid"), "{path}: {text}");
    }
}

#[test]
fn a_plan_may_have_any_eid() {
    let eid = eid::with_check_digits("890330231234567890123456789012").unwrap();
    let plan = Plan { eid, dp_hosts: hosts(), ds_hosts: hosts() };
    let tree = Workshop::new(NOW, &mut common::rng(1)).tree(&plan).unwrap();
    let pki = Pki::from_tree(&tree).unwrap();
    for chain in pki.chains() {
        let anchors = pki.trust_anchors(Engine::RustCrypto).unwrap();
        let (eum, euicc) = (chain.certificate(Role::Eum).unwrap(), chain.certificate(Role::Euicc).unwrap());
        assert_eq!(verify_euicc_chain(&anchors, eum, euicc, Some(NOW), &mut |_| ()).unwrap().eid, eid);
    }
}
