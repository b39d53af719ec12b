//! Ending an RSP session before its time (SGP.22 §3.1.3.1).

use asn1::{CancelSessionReason, CancelSessionRequestEs9, CancelSessionResponse, TransactionId, Unknown};
use protocol::es9plus::Es9Plus;

use super::Run;
use super::error::{Cancel, CancelOutcome, Cancellation, DownloadError, Failure};
use super::user::User;
use crate::card::Card;

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    /// Ends the session as the failure demands and makes the error of it.
    pub(super) async fn give_up(&mut self, failure: Failure<S::Error>) -> DownloadError<S::Error> {
        let cancellation = match (self.session.in_euicc.take(), failure.cancel()) {
            // Before AuthenticateServer the eUICC knows no TransactionID: there is nothing to cancel.
            (None, _) | (_, Cancel::Nobody) => None,
            (Some(transaction_id), Cancel::Euicc(reason)) => {
                Some(self.cancel(transaction_id, reason, false).await)
            }
            (Some(transaction_id), Cancel::Both(reason)) => {
                Some(self.cancel(transaction_id, reason, true).await)
            }
        };
        DownloadError { step: self.session.step, failure, cancellation }
    }

    async fn cancel(
        &mut self,
        transaction_id: TransactionId,
        reason: CancelSessionReason,
        tell_server: bool,
    ) -> Cancellation<S::Error> {
        let outcome = match self.session.isd_r.cancel_session(&transaction_id, reason) {
            Err(error) => CancelOutcome::EuiccFailed(error),
            Ok(response) => match response.value() {
                // Unsigned, so of no use to the server.
                CancelSessionResponse::CancelSessionResponseError(error) => {
                    CancelOutcome::EuiccRefused(*error)
                }
                CancelSessionResponse::CancelSessionResponseOk(_) if !tell_server => CancelOutcome::EuiccOnly,
                CancelSessionResponse::CancelSessionResponseOk(_) => {
                    let request = CancelSessionRequestEs9 {
                        transaction_id,
                        cancel_session_response: response,
                        unknown: Unknown::none(),
                    };
                    match self.server.cancel_session(request).await {
                        Ok(()) => CancelOutcome::Complete,
                        Err(error) => CancelOutcome::ServerFailed(error),
                    }
                }
            },
        };
        Cancellation { reason, outcome }
    }
}
