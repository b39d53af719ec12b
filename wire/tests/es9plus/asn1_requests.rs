use asn1::der::encode;
use asn1::{RemoteProfileProvisioningRequest as Request, tlv};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::raw::{Answer, post_asn1};
use crate::support::running::Running;

async fn ask(body: &[u8]) -> Answer {
    let server = Running::plain(Fake::default()).await;
    post_asn1(server.address, body).await
}

#[tokio::test]
async fn a_body_without_its_outer_tlvs_is_a_bad_request() {
    let good = encode(&Request::CancelSessionRequestEs9(messages::cancel_session()));
    let inner = tlv::read(&good).unwrap().0.value.to_vec();
    let bodies = [
        Vec::new(),
        vec![0xA2],
        good[..good.len() - 1].to_vec(),
        [&good[..], &[0]].concat(),
        // The tag of the request, not of the response with another number (SGP.22 §6.6.1).
        tlv::wrap(0xA3, &inner),
        inner.clone(),
        tlv::wrap(0xA2, &[&inner[..], &inner].concat()),
        tlv::wrap(0xA2, &[]),
        // ConfirmDeviceChange, which v2 does not have.
        tlv::wrap(0xA2, &tlv::wrap(0xBF4C, &[])),
        b"{}".to_vec(),
    ];
    for body in bodies {
        assert_eq!(ask(&body).await.status, 400, "{body:02X?}");
    }
}

#[tokio::test]
async fn a_malformed_message_inside_is_the_functions_undefined_error() {
    for tag in [0xBF39, 0xBF3A, 0xBF3B, 0xBF41] {
        let body = tlv::wrap(0xA2, &tlv::wrap(tag, &tlv::wrap(0x80, &[7; 17])));
        let answer = ask(&body).await;
        assert_eq!(answer.status, 200);
        let expected = tlv::wrap(0xA2, &tlv::wrap(tag, &tlv::wrap(0x81, &[127])));
        assert_eq!(answer.body, expected, "{tag:X}");
    }
}

#[tokio::test]
async fn a_malformed_notification_is_a_bad_request_since_it_has_no_answer() {
    let body = tlv::wrap(0xA2, &tlv::wrap(0xBF3D, &tlv::wrap(0xA0, &tlv::wrap(0xBF27, &[]))));
    let answer = ask(&body).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().starts_with("1.6/2.1 "), "{}", answer.text());
}

#[tokio::test]
async fn the_answer_has_the_same_outer_tag_as_the_request() {
    let answer = ask(&encode(&Request::CancelSessionRequestEs9(messages::cancel_session()))).await;
    // A2 { BF41 { A0 cancelSessionOk } }
    assert_eq!(answer.body, [0xA2, 0x05, 0xBF, 0x41, 0x02, 0xA0, 0x00]);
}
