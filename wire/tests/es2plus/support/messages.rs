use protocol::clock::Timestamp;
use protocol::es2plus::{
    CallHeader, CancelOrder, ConfirmOrder, ConfirmOrderOk, DownloadOrder, DownloadOrderOk, ExecutionStatus,
    FinalProfileStatus, Function, HandleDownloadProgressInfo, MatchingIdChoice, ReleaseProfile, StatusData,
};
use protocol::status::StatusCode;
use protocol::types::Eid;
use serde_json::{Value, json};

pub const EID: &str = "89049032123451234512345678901235";
pub const ICCID: &str = "8949449999999990023";
pub const CODE: &str = "Geheim-4321";

pub fn header() -> CallHeader {
    CallHeader {
        function_requester_identifier: "2.999.20".to_owned(),
        function_call_identifier: "call-7".to_owned(),
    }
}

pub fn eid() -> Eid {
    EID.parse().unwrap()
}

pub fn download_order() -> DownloadOrder {
    DownloadOrder {
        eid: Some(eid()),
        iccid: Some(ICCID.parse().unwrap()),
        profile_type: Some("P9054-2".to_owned()),
    }
}

pub fn download_order_ok() -> DownloadOrderOk {
    DownloadOrderOk { iccid: ICCID.parse().unwrap() }
}

pub fn confirm_order() -> ConfirmOrder {
    ConfirmOrder {
        iccid: ICCID.parse().unwrap(),
        eid: Some(eid()),
        matching_id: MatchingIdChoice::Given("AB-12".parse().unwrap()),
        confirmation_code: Some(CODE.parse().unwrap()),
        smds_address: Some("smds.example.com".parse().unwrap()),
        release_flag: true,
    }
}

pub fn confirm_order_ok() -> ConfirmOrderOk {
    ConfirmOrderOk {
        eid: Some(eid()),
        matching_id: Some("AB-12".parse().unwrap()),
        smdp_address: Some("smdp.example.com".parse().unwrap()),
    }
}

pub fn cancel_order() -> CancelOrder {
    CancelOrder {
        iccid: ICCID.parse().unwrap(),
        eid: Some(eid()),
        matching_id: Some("AB-12".to_owned()),
        final_profile_status: FinalProfileStatus::Unavailable,
    }
}

pub fn release_profile() -> ReleaseProfile {
    ReleaseProfile { iccid: ICCID.parse().unwrap() }
}

pub fn progress() -> HandleDownloadProgressInfo {
    HandleDownloadProgressInfo {
        eid: Some(eid()),
        iccid: ICCID.parse().unwrap(),
        profile_type: "P9054-2".to_owned(),
        timestamp: Timestamp::from_unix_seconds(1_008_581_447),
        notification_point_id: 4,
        notification_point_status: ExecutionStatus::Failed(StatusData::from(StatusCode::BPP_EXECUTION_ERROR)),
        result_data: Some(vec![0xA2, 0x02, 0x80, 0x00]),
    }
}

/// The JSON of a good request, as it stands in SGP.22 §6.5.2.
pub fn json_of(function: Function) -> Value {
    let mut request = match function {
        Function::DownloadOrder => json!({ "eid": EID, "iccid": ICCID, "profileType": "P9054-2" }),
        Function::ConfirmOrder => json!({
            "iccid": ICCID,
            "eid": EID,
            "matchingId": "AB-12",
            "confirmationCode": CODE,
            "smdsAddress": "smds.example.com",
            "releaseFlag": true,
        }),
        Function::CancelOrder => json!({
            "iccid": ICCID,
            "eid": EID,
            "matchingId": "AB-12",
            "finalProfileStatusIndicator": "Unavailable",
        }),
        Function::ReleaseProfile => json!({ "iccid": ICCID }),
        Function::HandleDownloadProgressInfo => json!({
            "eid": EID,
            "iccid": ICCID,
            "profileType": "P9054-2",
            "timestamp": "2001-12-17T09:30:47Z",
            "notificationPointId": 4,
            "notificationPointStatus": {
                "status": "Failed",
                "statusCodeData": {
                    "subjectCode": "8.2.10",
                    "reasonCode": "4.2",
                    "message": "the eUICC could not load the bound profile package",
                },
            },
            "resultData": "ogKAAA==",
        }),
    };
    request["header"] =
        json!({ "functionRequesterIdentifier": "2.999.20", "functionCallIdentifier": "call-7" });
    request
}

/// The same with one member changed; `None` leaves it out.
pub fn json_with(function: Function, name: &str, value: Option<Value>) -> String {
    let mut request = json_of(function);
    let members = request.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    request.to_string()
}
