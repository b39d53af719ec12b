//! The SM-DS, Root or Alternative.

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, EventEntries, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, Unknown,
};
use protocol::es11::Es11;
use protocol::mutual_authentication::{Opening, initiate_authentication, verify_client};
use protocol::smds_session;
use protocol::status::{Refusal, StatusCode};

use super::scene::{Scene, Stage as Progress};
use super::service::Visit;
use super::waiting::Told;
use crate::lpa::log::Said;
use crate::lpa::situation::Server;

/// An SM-DS, as one request meets it.
pub(super) struct Smds(pub(super) Visit);

impl Smds {
    fn identities(&self) -> Result<&smds_session::Identities, Refusal> {
        let identities = self.0.stage.certificates.smds.as_ref();
        identities.ok_or_else(|| Refusal::configuration("there is no CERT.DSauth"))
    }
}

impl Es11 for Smds {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        let visit = &self.0;
        visit.says(Said::opens(&request));
        visit.refusal()?;
        visit.stage.serve(|scene| {
            let opening = Opening {
                identities: self.identities()?,
                server_address: visit.stage.addresses.of(visit.server),
                transaction_id: scene.transaction_id()?,
                server_challenge: scene.random(),
            };
            let tracer = scene.tracer.clone();
            let (answer, opened) = initiate_authentication(opening, &request, &tracer)?;
            scene.open(answer.transaction_id.clone(), opened);
            Ok(answer)
        })
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, Refusal> {
        let visit = &self.0;
        let client = visit.stage.serve(|scene| {
            let tracer = scene.tracer.with_transaction(&request.transaction_id);
            let opened = scene.opened(&request)?;
            let now = visit.stage.clock.now();
            let client = verify_client(self.identities()?, &opened, &request, now, &tracer);
            scene.note(visit.number, Said::authenticates(&request, client.as_ref().err()));
            client
        })?;
        visit.refusal()?;
        visit.stage.serve(|scene| {
            let told = scene.told_by(visit.server, client.matching_id.as_deref())?;
            let entry = |told: &Told| EventEntries {
                event_id: told.event_id.clone(),
                rsp_server_address: visit.stage.addresses.of(told.server).to_string(),
                unknown: Unknown::none(),
            };
            let event_entries = told.iter().map(entry).collect();
            scene.proceed(&request.transaction_id, Progress::Ended(None));
            Ok(AuthenticateClientOkEs11 {
                transaction_id: request.transaction_id.clone(),
                event_entries,
                unknown: Unknown::none(),
            })
        })
    }
}

impl Scene {
    /// SGP.22 §3.6.2: all events where the MatchingID is empty; at the Alternative, the one that belongs to the EventID.
    fn told_by(&self, server: Server, matching_id: Option<&str>) -> Result<Vec<Told>, Refusal> {
        match (server, matching_id.filter(|id| !id.is_empty())) {
            (Server::Smds, None) => Ok(self.told.clone()),
            (_, id) => {
                let behind = self.told.iter().filter(|told| Some(told.event_id.as_str()) == id);
                let behind: Vec<Told> = behind.filter_map(|told| told.behind.as_deref().cloned()).collect();
                match behind.is_empty() {
                    true => Err(Refusal::incompatible(StatusCode::EVENT_UNKNOWN, "no such event")),
                    false => Ok(behind),
                }
            }
        }
    }
}
