//! OpenSSL, which nobody here wrote, on what of these chains it understands: everything directly below the Certificate
//! Issuer. It takes the name constraints of an EUM literally, so that no eUICC lies within them.

use std::path::PathBuf;
use std::process::Command;

use certs::{Certificate, Role};
use conformance::pki::{Authority, ServerDefect, SigningDefect};
use crypto::Curve;

use crate::{EID, NOW, authority, hosts, rng};

struct OpenSsl {
    folder: PathBuf,
}

impl OpenSsl {
    /// `None` where it is not installed.
    fn for_roots_of(authority: &Authority, name: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: openssl is not installed");
            return None;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chains-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("ci.pem"), authority.ci_certificate().to_pem()).unwrap();
        Some(Self { folder })
    }

    /// Whether it takes the certificate for good, and what it says.
    fn verify(&self, der: &[u8]) -> (bool, String) {
        let path = self.folder.join("certificate.pem");
        std::fs::write(&path, pem(der)).unwrap();
        let output = Command::new("openssl")
            .args(["verify", "-attime", &NOW.0.to_string(), "-no-CApath", "-CAfile"])
            .args([self.folder.join("ci.pem"), path])
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }
}

fn pem(der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[test]
fn the_good_certificates_below_the_certificate_issuer_are_good_to_openssl() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let Some(openssl) = OpenSsl::for_roots_of(&authority, &format!("good-{curve:?}")) else { return };
        let pair = authority.server_pair(None, &mut rng()).unwrap();
        let certificates = [
            authority.euicc_chain(EID, None, &mut rng()).unwrap().eum,
            pair.auth.certificate,
            pair.pb.certificate,
            authority.ds_auth(None, &mut rng()).unwrap().certificate,
            authority.tls(Role::DpTls, &hosts(), None, &mut rng()).unwrap().chain.remove(0),
            authority.tls(Role::DsTls, &hosts(), None, &mut rng()).unwrap().chain.remove(0),
        ];
        for der in certificates {
            let (good, said) = openssl.verify(&der);
            assert!(good, "{:?}: {said}", Certificate::from_der(&der).unwrap());
        }
    }
}

#[test]
fn what_every_validator_looks_at_is_refused_by_openssl_as_well() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let Some(openssl) = OpenSsl::for_roots_of(&authority, &format!("bad-{curve:?}")) else { return };
        for (defect, reason) in [
            (SigningDefect::Expired, "certificate has expired"),
            (SigningDefect::NotYetValid, "certificate is not yet valid"),
            (SigningDefect::SignatureBit, "certificate signature failure"),
            (SigningDefect::OfForgedCi, "certificate signature failure"),
            (SigningDefect::SelfSigned, "self-signed certificate"),
            (SigningDefect::CiUnknown, "unable to get local issuer certificate"),
            (SigningDefect::AuthorityKey, "unable to get local issuer certificate"),
            (SigningDefect::UnknownCritical, "unhandled critical extension"),
            (SigningDefect::TwoAlgorithms, "certificate signature failure"),
            (SigningDefect::PointOffCurve, "decode error"),
        ] {
            let pair = authority.server_pair(Some(ServerDefect::Auth(defect)), &mut rng()).unwrap();
            let (good, said) = openssl.verify(&pair.auth.certificate);
            assert!(!good && said.contains(reason), "{defect}: {said}");
        }
    }
}
