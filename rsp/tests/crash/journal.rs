//! What the server has acknowledged, as its clients heard it.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard};

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, Iccid, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es9plus::Es9Plus;
use protocol::types::Eid;
use wire::es9plus::{Client, ClientError};

/// Everything that was heard.
#[derive(Clone, Default)]
pub struct Heard {
    /// AuthenticateClient by MatchingID.
    pub offers: BTreeMap<String, Offers>,
    /// To whom a package of a MatchingID was handed out.
    pub packages: Vec<(String, Eid)>,
    /// Notifications that were acknowledged, as they were sent.
    pub notifications: Vec<(Eid, Vec<u8>)>,
    /// Profiles on a card, each with the MatchingID that it came by.
    pub installed: Vec<(Iccid, Eid, String)>,
    /// Cards that were refused a profile because another had it, by MatchingID.
    pub lost_races: Vec<String>,
    /// What DownloadOrder reserved, by functionCallIdentifier.
    pub reserved: BTreeMap<String, Iccid>,
    /// The MatchingID that ConfirmOrder gave.
    pub confirmed: Vec<(Iccid, String)>,
    /// Calls that got no answer.
    pub unanswered: u64,
    /// Calls that the server could not carry out for want of its store.
    pub storage_failures: u64,
    /// What should not have happened.
    pub complaints: Vec<String>,
}

/// How often AuthenticateClient was sent for an order, and how often it was answered with an offer.
#[derive(Clone, Copy, Default, Debug)]
pub struct Offers {
    pub asked: u32,
    pub made: u32,
}

/// The journal of a run.
#[derive(Default)]
pub struct Journal(Mutex<Heard>);

impl Journal {
    pub fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap()
    }

    pub fn complain(&self, complaint: String) {
        self.heard().complaints.push(complaint);
    }
}

/// A client that writes into the journal, and tells whoever wants to know of each answer.
#[derive(Clone)]
pub struct Journaled {
    pub client: Client,
    pub journal: Arc<Journal>,
    pub steps: Sender<()>,
    pub eid: Eid,
    /// The MatchingID of the download.
    pub matching_id: String,
}

impl Journaled {
    fn heard<T>(
        &self,
        outcome: Result<T, ClientError>,
        write: impl FnOnce(&mut Heard),
    ) -> Result<T, ClientError> {
        match &outcome {
            Ok(_) => {
                write(&mut self.journal.heard());
                // Nobody may want to know any more.
                let _ = self.steps.send(());
            }
            Err(ClientError::Transport(_)) => self.journal.heard().unanswered += 1,
            Err(_) => {}
        }
        outcome
    }
}

impl Es9Plus for Journaled {
    type Error = ClientError;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, ClientError> {
        let outcome = self.client.initiate_authentication(request).await;
        self.heard(outcome, |_| ())
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, ClientError> {
        self.journal.heard().offers.entry(self.matching_id.clone()).or_default().asked += 1;
        let outcome = self.client.authenticate_client(request).await;
        self.heard(outcome, |heard| heard.offers.entry(self.matching_id.clone()).or_default().made += 1)
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, ClientError> {
        let outcome = self.client.get_bound_profile_package(request).await;
        self.heard(outcome, |heard| heard.packages.push((self.matching_id.clone(), self.eid)))
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), ClientError> {
        let bytes = request.pending_notification.bytes().to_vec();
        let outcome = self.client.handle_notification(request).await;
        self.heard(outcome, |heard| heard.notifications.push((self.eid, bytes)))
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), ClientError> {
        let outcome = self.client.cancel_session(request).await;
        self.heard(outcome, |_| ())
    }
}
