//! ES9+, the interface between LPA and SM-DP+ (SGP.22 §5.6), free of any binding.
//!
//! The messages are the ASN.1 types of Annex H; the JSON binding is another spelling of the same. One trait stands for
//! both ends: a server implements it, and so does a client that reaches one.

use std::future::Future;
use std::sync::Arc;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};

/// The functions of ES9+.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Function {
    /// SGP.22 §5.6.1.
    InitiateAuthentication,
    /// SGP.22 §5.6.3.
    AuthenticateClient,
    /// SGP.22 §5.6.2.
    GetBoundProfilePackage,
    /// SGP.22 §5.6.4.
    HandleNotification,
    /// SGP.22 §5.6.5.
    CancelSession,
}

impl Function {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::InitiateAuthentication,
        Self::AuthenticateClient,
        Self::GetBoundProfilePackage,
        Self::HandleNotification,
        Self::CancelSession,
    ];

    /// The name in the specification and the last element of the JSON path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InitiateAuthentication => "initiateAuthentication",
            Self::AuthenticateClient => "authenticateClient",
            Self::GetBoundProfilePackage => "getBoundProfilePackage",
            Self::HandleNotification => "handleNotification",
            Self::CancelSession => "cancelSession",
        }
    }

    /// The path of the JSON binding (SGP.22 §6.5.2).
    pub const fn json_path(self) -> &'static str {
        match self {
            Self::InitiateAuthentication => "/gsma/rsp2/es9plus/initiateAuthentication",
            Self::AuthenticateClient => "/gsma/rsp2/es9plus/authenticateClient",
            Self::GetBoundProfilePackage => "/gsma/rsp2/es9plus/getBoundProfilePackage",
            Self::HandleNotification => "/gsma/rsp2/es9plus/handleNotification",
            Self::CancelSession => "/gsma/rsp2/es9plus/cancelSession",
        }
    }
}

/// The one path of the ASN.1 binding (SGP.22 §6.6).
pub const ASN1_PATH: &str = "/gsma/rsp2/asn1";

/// The five functions, as an SM-DP+ offers them or as an LPA reaches them.
///
/// A server's error is a [`crate::status::Refusal`]; a client adds what may happen on the way.
pub trait Es9Plus: Send + Sync {
    /// Why a function was not executed.
    type Error: Send;

    /// Opens an RSP session (SGP.22 §5.6.1).
    fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> impl Future<Output = Result<InitiateAuthenticationOkEs9, Self::Error>> + Send;

    /// Authenticates the eUICC and offers a profile (SGP.22 §5.6.3).
    fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> impl Future<Output = Result<AuthenticateClientOk, Self::Error>> + Send;

    /// Binds the profile to the eUICC and hands it out (SGP.22 §5.6.2).
    fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> impl Future<Output = Result<GetBoundProfilePackageOk, Self::Error>> + Send;

    /// Takes a notification (SGP.22 §5.6.4). There is no answer but the acknowledgement.
    fn handle_notification(
        &self,
        request: HandleNotification,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Ends an RSP session early (SGP.22 §5.6.5).
    fn cancel_session(
        &self,
        request: CancelSessionRequestEs9,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Several ports and tasks share one server.
impl<T: Es9Plus> Es9Plus for Arc<T> {
    type Error = T::Error;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, T::Error> {
        T::initiate_authentication(self, request).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, T::Error> {
        T::authenticate_client(self, request).await
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, T::Error> {
        T::get_bound_profile_package(self, request).await
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), T::Error> {
        T::handle_notification(self, request).await
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), T::Error> {
        T::cancel_session(self, request).await
    }
}
