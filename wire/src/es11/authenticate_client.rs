//! What `authenticateClient` gives on ES11 (SGP.22 §5.8.2, §6.5.2.12, §6.6.2.7); the request is that of ES9+.

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, AuthenticateClientResponseEs11, EventEntries,
    RemoteProfileProvisioningResponse, Unknown,
};

use crate::es9plus::{Asn1Answer, ResponseMessage};
use crate::json::{FieldError, Members, Object};

const EVENTS: &str = "eventEntries";
const EVENT_ID: &str = "eventId";
const ADDRESS: &str = "rspServerAddress";

impl ResponseMessage<AuthenticateClientRequest> for AuthenticateClientOkEs11 {
    const MEMBERS: &'static [&'static str] = &["header", "transactionId", EVENTS];

    fn to_json(&self, members: Members) -> Members {
        let entry = |entry: &EventEntries| {
            Members::new().text(EVENT_ID, &entry.event_id).text(ADDRESS, &entry.rsp_server_address)
        };
        // Mandatory, so it is there without events too.
        let entries = self.event_entries.iter().map(entry).collect();
        members.transaction_id(&self.transaction_id).objects(EVENTS, entries)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        let entry = |entry: Object<'_>| {
            Ok(EventEntries {
                event_id: entry.text(EVENT_ID)?.into_owned(),
                rsp_server_address: entry.text(ADDRESS)?.into_owned(),
                unknown: Unknown::none(),
            })
        };
        let entries = object.objects(EVENTS, &[EVENT_ID, ADDRESS]);
        Ok(Self {
            transaction_id: object.transaction_id()?,
            event_entries: entries?.into_iter().map(entry).collect::<Result<_, _>>()?,
            unknown: Unknown::none(),
        })
    }

    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use AuthenticateClientResponseEs11 as Response;
        let response = match outcome {
            Ok(answer) => Response::AuthenticateClientOk(answer),
            Err(number) => Response::AuthenticateClientError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::AuthenticateClientResponseEs11(response))
    }

    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        use AuthenticateClientResponseEs11 as Response;
        match response {
            RemoteProfileProvisioningResponse::AuthenticateClientResponseEs11(response) => match response {
                Response::AuthenticateClientOk(answer) => Asn1Answer::Ok(answer),
                Response::AuthenticateClientError(error) => {
                    Asn1Answer::Error { number: error.value(), name: error.name() }
                }
            },
            _ => Asn1Answer::OtherFunction,
        }
    }
}
