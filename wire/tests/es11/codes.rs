//! Each status code of SGP.22 §5.8 in JSON, and the number by which ASN.1 says it (§6.6.2.7).

use asn1::RemoteProfileProvisioningRequest as Request;
use asn1::der::encode;
use asn1::tlv;
use protocol::es9plus::Function;
use protocol::es11::Es11;
use protocol::status::{Refusal, StatusCode};
use wire::es9plus::{Binding, ClientError};

use crate::support::fake::Fake;
use crate::support::raw::{post_asn1, post_json};
use crate::support::{client, messages, plain, secure};

const INITIATE: [(StatusCode, u8, &str); 6] = [
    (StatusCode::SMDS_ADDRESS_REFUSED, 1, "invalidDpAddress"),
    (StatusCode::SMDS_SVN_UNSUPPORTED, 2, "euiccVersionNotSupportedByDp"),
    (StatusCode::SMDS_SECURITY_CONFIGURATION_UNSUPPORTED, 3, "ciPKNotSupported"),
    (StatusCode::SMDS_CERTIFICATE_UNAVAILABLE, 3, "ciPKNotSupported"),
    (StatusCode::EXECUTION_ERROR, 127, "undefinedError"),
    // The code of an SM-DP+ is none of an SM-DS.
    (StatusCode::SMDP_ADDRESS_REFUSED, 127, "undefinedError"),
];

const AUTHENTICATE: [(StatusCode, u8, &str); 10] = [
    (StatusCode::EUM_CERTIFICATE_INVALID, 1, "eumCertificateInvalid"),
    (StatusCode::EUM_CERTIFICATE_EXPIRED, 2, "eumCertificateExpired"),
    (StatusCode::EUICC_CERTIFICATE_INVALID, 3, "euiccCertificateInvalid"),
    (StatusCode::EUICC_CERTIFICATE_EXPIRED, 4, "euiccCertificateExpired"),
    (StatusCode::EUICC_SIGNATURE_INVALID, 5, "euiccSignatureInvalid"),
    (StatusCode::EVENT_UNKNOWN, 6, "eventIdUnknown"),
    (StatusCode::TRANSACTION_UNKNOWN, 7, "invalidTransactionId"),
    (StatusCode::CI_UNKNOWN, 127, "undefinedError"),
    (StatusCode::BUSY, 127, "undefinedError"),
    (StatusCode::MATCHING_ID_REFUSED, 127, "undefinedError"),
];

fn refusing(code: StatusCode) -> Fake {
    Fake::refusing(Refusal::misbehaved(code, "because"))
}

#[tokio::test]
async fn every_refusal_is_a_200_with_its_codes_as_text_in_json() {
    let initiate = INITIATE.map(|(code, ..)| (Function::InitiateAuthentication, code));
    let authenticate = AUTHENTICATE.map(|(code, ..)| (Function::AuthenticateClient, code));
    for (function, code) in initiate.into_iter().chain(authenticate) {
        let server = plain(refusing(code)).await;
        let answer = post_json(server.address, function.json_path(), &messages::json(function)).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        let expected = format!("Failed {} {} because", code.subject, code.reason);
        assert_eq!(answer.execution_status(), expected);
    }
}

#[tokio::test]
async fn every_refusal_is_a_200_with_its_number_in_asn1() {
    let initiate = encode(&Request::InitiateAuthenticationRequest(messages::initiate_authentication()));
    let authenticate = encode(&Request::AuthenticateClientRequest(messages::authenticate_client()));
    let cases = INITIATE.iter().map(|case| (0xBF39, &initiate, case));
    let cases = cases.chain(AUTHENTICATE.iter().map(|case| (0xBF40, &authenticate, case)));
    for (tag, body, (code, number, _)) in cases {
        let server = plain(refusing(*code)).await;
        let answer = post_asn1(server.address, body).await;
        let expected = tlv::wrap(0xA2, &tlv::wrap(tag, &tlv::wrap(0x81, &[*number])));
        assert_eq!((answer.status, answer.body), (200, expected), "{code}");
    }
}

#[tokio::test]
async fn a_client_reads_codes_in_json_and_numbers_with_their_names_in_asn1() {
    for (code, number, name) in AUTHENTICATE {
        let server = secure(refusing(code)).await;
        let ask = async |binding| {
            let request = messages::authenticate_client();
            client(&server, binding).authenticate_client(request).await.unwrap_err()
        };
        let ClientError::Refused { status } = ask(Binding::Json).await else { panic!("{code}") };
        assert!(status.is(code) && !status.is(StatusCode::REQUESTER_UNKNOWN));
        let ClientError::RefusedInAsn1 { number: read, name: named } = ask(Binding::Asn1).await else {
            panic!("{code}")
        };
        assert_eq!((read, named), (i64::from(number), Some(name)));
    }
    for (code, number, name) in INITIATE {
        let server = secure(refusing(code)).await;
        let request = messages::initiate_authentication();
        let error = client(&server, Binding::Asn1).initiate_authentication(request).await.unwrap_err();
        let ClientError::RefusedInAsn1 { number: read, name: named } = error else { panic!("{code}") };
        assert_eq!((read, named), (i64::from(number), Some(name)));
    }
}
