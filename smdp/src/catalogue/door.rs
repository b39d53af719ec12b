//! A port whose every InitiateAuthentication is refused (SGP.22 §5.6.1).

use std::sync::Arc;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es9plus::{Es9Plus, Function};
use protocol::status::{Refusal, StatusCode};
use service::observe::observed;

use crate::metrics::Metrics;

/// ES9+ behind which no session is opened.
pub struct Door {
    code: StatusCode,
    metrics: Arc<Metrics>,
}

impl Door {
    /// A door that refuses with this code.
    pub fn new(code: StatusCode, metrics: Arc<Metrics>) -> Self {
        Self { code, metrics }
    }

    async fn refuse<T>(&self, function: Function, code: StatusCode) -> Result<T, Refusal> {
        let message = format!("error catalogue: {}", code.meaning);
        let refused = async { Err(Refusal::incompatible(code, message)) };
        observed(&*self.metrics, function, refused).await
    }
}

impl Es9Plus for Door {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        _: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        self.refuse(Function::InitiateAuthentication, self.code).await
    }

    async fn authenticate_client(
        &self,
        _: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        self.refuse(Function::AuthenticateClient, StatusCode::TRANSACTION_UNKNOWN).await
    }

    async fn get_bound_profile_package(
        &self,
        _: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        self.refuse(Function::GetBoundProfilePackage, StatusCode::TRANSACTION_UNKNOWN).await
    }

    /// Nothing was installed from here; it is acknowledged, so that the eUICC need not keep it.
    async fn handle_notification(&self, _: HandleNotification) -> Result<(), Refusal> {
        Ok(())
    }

    async fn cancel_session(&self, _: CancelSessionRequestEs9) -> Result<(), Refusal> {
        self.refuse(Function::CancelSession, StatusCode::TRANSACTION_UNKNOWN).await
    }
}
