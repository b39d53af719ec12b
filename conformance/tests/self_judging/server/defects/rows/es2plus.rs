//! Properties of the answers of ES2+, and of what an LPA is offered for an order.

use super::{AUTHENTICATE, Row};
use crate::server::defects::Kind;
use crate::server::defects::spoil::{inside_member, set};

const ORDER: &str = "downloadOrder";
const CONFIRM: &str = "confirmOrder";
const OTHER_ICCID: &str = "8900000000000009996";
const OTHER_MATCHING_ID: &str = "ANOTHER-0";

pub fn row(says: &str, at: &'static str) -> Option<Row> {
    Some(match says {
        "iccid is written in 19 digits, and one more or F" => (
            "writes iccid in 18 digits",
            ORDER,
            Kind::Json(|answer| set(answer, "iccid", "890100000000000000")),
        ),
        "iccid is the one that was ordered" | "iccid is the one of the first answer" => (
            "tells the ICCID of another profile",
            ORDER,
            Kind::JsonOf(2, |answer, _| set(answer, "iccid", OTHER_ICCID)),
        ),
        "iccid is another than that of the order before" => (
            "reserves a profile twice",
            ORDER,
            Kind::JsonOf(2, |answer, first| set(answer, "iccid", first["iccid"].clone())),
        ),
        "matchingId is there, of 0-9, A-Z and '-'" => (
            "makes a MatchingID in lower case",
            CONFIRM,
            Kind::Json(|answer| set(answer, "matchingId", "lower-case")),
        ),
        "matchingId is another than that of the order before" => (
            "makes a MatchingID twice",
            CONFIRM,
            Kind::JsonOf(2, |answer, first| set(answer, "matchingId", first["matchingId"].clone())),
        ),
        "matchingId is the one of the first answer" => (
            "makes another MatchingID for the same call",
            CONFIRM,
            Kind::JsonOf(2, |answer, _| set(answer, "matchingId", OTHER_MATCHING_ID)),
        ),
        "matchingId is the one of the request" => (
            "makes a MatchingID where it was given one",
            CONFIRM,
            Kind::Json(|answer| set(answer, "matchingId", OTHER_MATCHING_ID)),
        ),
        "eid is that of the eUICC that the order is for" => {
            ("does not tell the EID of the order", CONFIRM, Kind::Json(|answer| drop(answer.remove("eid"))))
        }
        "smdpAddress, where it is there, is an address of a server" => (
            "tells an smdpAddress that is none",
            CONFIRM,
            Kind::Json(|answer| set(answer, "smdpAddress", "no address")),
        ),
        "the answer has its header, and no matchingId and no eid" => (
            "tells a MatchingID that was not asked for",
            at,
            Kind::Json(|answer| set(answer, "matchingId", OTHER_MATCHING_ID)),
        ),
        "the profile that was ordered is offered" => (
            "offers another profile than was ordered",
            AUTHENTICATE,
            Kind::Json(|answer| {
                inside_member(answer, "profileMetadata", &[0x5A], |mut iccid| {
                    iccid[3] ^= 1;
                    iccid
                });
            }),
        ),
        "smdpSigned2 asks for a confirmation code" => (
            "does not ask for the confirmation code of the operator",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x01], |_| vec![0])),
        ),
        "smdpSigned2 asks for no confirmation code" => (
            "asks for a confirmation code that the operator did not give",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "smdpSigned2", &[0x01], |_| vec![0xFF])),
        ),
        _ => return None,
    })
}
