//! The RSP sessions of a case, and what is written down of their calls.

use asn1::{AuthenticateClientRequest, GetBoundProfilePackageRequest, TransactionId};
use protocol::mutual_authentication::{Opened, unknown_transaction};
use protocol::smdp_session::Offered;
use protocol::status::Refusal;

use super::scene::{Scene, Session, Stage};
use crate::lpa::log::{Call, Said};

impl Scene {
    fn find(&self, transaction_id: &TransactionId) -> Option<&Stage> {
        let session = self.sessions.iter().find(|session| session.transaction_id == *transaction_id);
        session.map(|session| &session.stage)
    }

    /// What a call means.
    pub(super) fn note(&mut self, number: usize, said: Said) {
        self.call(number, |call| call.said = Some(said));
    }

    /// A deed fell to a call.
    pub(super) fn twisted(&mut self, number: usize) {
        self.call(number, |call| call.twisted = true);
    }

    /// A call is about something from before this case.
    pub(super) fn left_over(&mut self, number: usize) {
        self.call(number, |call| call.left_over = true);
    }

    fn call(&mut self, number: usize, change: impl FnOnce(&mut Call)) {
        self.log.calls.get_mut(number).map(change);
    }

    pub(super) fn ci_of(&self, transaction_id: &TransactionId) -> Result<&[u8], Refusal> {
        match self.find(transaction_id) {
            Some(Stage::Opened(opened)) => Ok(&opened.ci),
            _ => Err(unknown_transaction(transaction_id)),
        }
    }

    pub(super) fn offered(
        &self,
        request: &GetBoundProfilePackageRequest,
    ) -> Result<(Offered, usize), Refusal> {
        let id = &request.transaction_id;
        match self.find(id) {
            Some(Stage::Offered(offered, order)) => Ok((offered.clone(), *order)),
            _ => Err(unknown_transaction(id)),
        }
    }

    pub(super) fn proceed(&mut self, transaction_id: &TransactionId, stage: Stage) {
        if let Some(session) = self.session(transaction_id) {
            session.stage = stage;
        }
    }

    pub(super) fn open(&mut self, transaction_id: TransactionId, opened: Opened) {
        self.sessions.push(Session { transaction_id, stage: Stage::Opened(opened) });
    }

    pub(super) fn opened(&self, request: &AuthenticateClientRequest) -> Result<Opened, Refusal> {
        let id = &request.transaction_id;
        match self.find(id) {
            Some(Stage::Opened(opened)) => Ok(opened.clone()),
            _ => Err(unknown_transaction(id)),
        }
    }
}
