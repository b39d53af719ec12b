use protocol::es12::{DeleteEvent, Function, RegisterEvent};
use protocol::function_call::CallHeader;
use serde_json::{Value, json};

pub const EID: &str = "89049032123451234512345678901235";

pub fn header() -> CallHeader {
    CallHeader {
        function_requester_identifier: "2.999.10".to_owned(),
        function_call_identifier: "call-7".to_owned(),
    }
}

pub fn register_event() -> RegisterEvent {
    RegisterEvent {
        eid: EID.parse().unwrap(),
        rsp_server_address: "smdp.example.com:8443".parse().unwrap(),
        event_id: "AB-12".parse().unwrap(),
        forwarding_indicator: true,
    }
}

pub fn delete_event() -> DeleteEvent {
    DeleteEvent { eid: EID.parse().unwrap(), event_id: "AB-12".parse().unwrap() }
}

/// The JSON of a good request, as it stands in SGP.22 §6.5.2.13 and §6.5.2.14.
pub fn json_of(function: Function) -> Value {
    let header = json!({ "functionRequesterIdentifier": "2.999.10", "functionCallIdentifier": "call-7" });
    match function {
        Function::RegisterEvent => json!({
            "header": header,
            "eid": EID,
            "rspServerAddress": "smdp.example.com:8443",
            "eventId": "AB-12",
            "forwardingIndicator": true,
        }),
        Function::DeleteEvent => json!({ "header": header, "eid": EID, "eventId": "AB-12" }),
    }
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
