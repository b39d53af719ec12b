//! ES11 as this SM-DS offers it (SGP.22 §5.8): one file per function.

mod authenticate_client;
mod initiate_authentication;

use std::future::Future;

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es11::{Es11, Function};
use protocol::status::Refusal;
use service::failure::until_undisturbed;
use service::observe::observed;
use tracing::Instrument;
use tracing::field::Empty;

use crate::root::RootSmds;
use crate::server::Smds;
use crate::store::Store;

impl<S: Store, R: RootSmds> Smds<S, R> {
    /// One call: counted, and in a span of the log that says what it belongs to as soon as that is known.
    async fn es11_call<T>(
        &self,
        function: Function,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let span = tracing::error_span!(
            "ES11",
            function = function.name(),
            transaction_id = Empty,
            eid = Empty,
            events = Empty,
        );
        observed(&*self.metrics, function, work).instrument(span).await
    }
}

impl<S: Store, R: RootSmds> Es11 for Smds<S, R> {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        let work = until_undisturbed(|| self.initiate(&request));
        self.es11_call(Function::InitiateAuthentication, work).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, Refusal> {
        let work = until_undisturbed(|| self.tell_events(&request));
        self.es11_call(Function::AuthenticateClient, work).await
    }
}
