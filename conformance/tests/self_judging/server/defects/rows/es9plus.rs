//! Properties of the answers to InitiateAuthentication (ES11 has them too) and AuthenticateClient.

use super::{AUTHENTICATE, INITIATE, Row};
use crate::server::defects::Kind;
use crate::server::defects::spoil::{inside_member, last_bit, octets};

pub fn row(says: &str) -> Option<Row> {
    Some(match says {
        // InitiateAuthentication.
        "transactionId, serverSigned1, serverSignature1, euiccCiPKIdToBeUsed and serverCertificate are there" => {
            (
                "leaves serverCertificate out",
                INITIATE,
                Kind::Json(|answer| drop(answer.remove("serverCertificate"))),
            )
        }
        "serverSignature1 verifies over serverSigned1 with the key of serverCertificate" => (
            "signs serverSigned1 with another key",
            INITIATE,
            Kind::Json(|answer| octets(answer, "serverSignature1", last_bit)),
        ),
        "serverCertificate is valid, of the server's role and below the CI of the eUICC" => (
            "shows a CERT.DPauth with a forged signature",
            INITIATE,
            Kind::Json(|answer| octets(answer, "serverCertificate", last_bit)),
        ),
        "euiccCiPKIdToBeUsed is the known CI of euiccCiPKIdListForSigning" => (
            "chooses a CI that the eUICC does not have",
            INITIATE,
            Kind::Json(|answer| octets(answer, "euiccCiPKIdToBeUsed", last_bit)),
        ),
        "euiccChallenge in serverSigned1 is the one of the request" => (
            "signs another challenge",
            INITIATE,
            Kind::Json(|answer| inside_member(answer, "serverSigned1", &[0x81], last_bit)),
        ),
        "transactionId in serverSigned1 is the one beside it" => (
            "signs another transactionId",
            INITIATE,
            Kind::Json(|answer| inside_member(answer, "serverSigned1", &[0x80], last_bit)),
        ),
        "serverAddress in serverSigned1 is the address of the request" => (
            "signs another address",
            INITIATE,
            Kind::Json(|answer| inside_member(answer, "serverSigned1", &[0x83], last_bit)),
        ),
        "transactionId is written in 2 to 32 upper-case hexadecimal digits" => (
            "writes transactionId in lower case",
            INITIATE,
            Kind::Json(|answer| {
                let written = answer["transactionId"].as_str().unwrap_or_default().to_ascii_lowercase();
                answer["transactionId"] = format!("ab{}", &written[2..]).into();
            }),
        ),
        "transactionId and serverChallenge are others than those of the session before" => (
            "answers what it answered before",
            INITIATE,
            Kind::JsonOf(2, |answer, first| *answer = first.clone()),
        ),
        // AuthenticateClient.
        "transactionId, profileMetadata, smdpSigned2, smdpSignature2 and smdpCertificate are there" => (
            "leaves smdpCertificate out",
            AUTHENTICATE,
            Kind::Json(|answer| drop(answer.remove("smdpCertificate"))),
        ),
        "smdpSignature2 verifies over smdpSigned2 and euiccSignature1 with the key of smdpCertificate" => (
            "signs smdpSigned2 with another key",
            AUTHENTICATE,
            Kind::Json(|answer| octets(answer, "smdpSignature2", last_bit)),
        ),
        "smdpCertificate is a valid CERT.DPpb below the CI of the eUICC" => (
            "shows a CERT.DPpb with a forged signature",
            AUTHENTICATE,
            Kind::Json(|answer| octets(answer, "smdpCertificate", last_bit)),
        ),
        "CERT.DPpb has the OID of CERT.DPauth" => (
            "shows the CERT.DPpb of another SM-DP+",
            AUTHENTICATE,
            Kind::Json(|answer| octets(answer, "smdpCertificate", with_another_oid)),
        ),
        "transactionId is that of the session, beside smdpSigned2 and in it" => (
            "signs another transactionId in smdpSigned2",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x80], last_bit)),
        ),
        "profileMetadata has the ICCID of the order, and names of provider and profile" => (
            "shows the metadata of another profile",
            AUTHENTICATE,
            Kind::Json(|answer| {
                inside_member(answer, "profileMetadata", &[0x5A], |iccid| {
                    let mut iccid = iccid;
                    iccid[3] ^= 1;
                    iccid
                })
            }),
        ),
        "ccRequiredFlag is not set" => (
            "asks for a confirmation code that the order has not",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x01], |_| vec![0xFF])),
        ),
        "ccRequiredFlag is set" => (
            "does not ask for the confirmation code",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x01], |_| vec![0])),
        ),
        "bppEuiccOtpk is absent, or the one-time key that the package was bound with" => (
            "names a one-time key that nobody has",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x5F49], last_bit)),
        ),
        _ => return None,
    })
}

/// 2.999.10 becomes 2.999.11, wherever it stands.
fn with_another_oid(mut certificate: Vec<u8>) -> Vec<u8> {
    const OID: [u8; 3] = [0x88, 0x37, 0x0A];
    for start in 0..certificate.len() - OID.len() {
        if certificate[start..].starts_with(&OID) {
            certificate[start + 2] = 0x0B;
        }
    }
    certificate
}
