//! ES11, the interface between LPA and SM-DS (SGP.22 §5.8), free of any binding.
//!
//! It is ES9+ as far as the mutual authentication goes, at the same paths; what AuthenticateClient gives is a list of events
//! instead of a profile. As on ES9+, one trait stands for both ends.

use std::future::Future;
use std::sync::Arc;

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};

use crate::es9plus;
use crate::status::{self, StatusCode};

/// The functions of ES11.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Function {
    /// SGP.22 §5.8.1.
    InitiateAuthentication,
    /// SGP.22 §5.8.2.
    AuthenticateClient,
}

impl Function {
    /// Both.
    pub const ALL: [Self; 2] = [Self::InitiateAuthentication, Self::AuthenticateClient];

    /// The name in the specification and the last element of the JSON path.
    pub const fn name(self) -> &'static str {
        self.on_es9plus().name()
    }

    /// The path of the JSON binding: that of ES9+ (SGP.22 §6.5.2).
    pub const fn json_path(self) -> &'static str {
        self.on_es9plus().json_path()
    }

    /// The INTEGER by which the ASN.1 binding says a code (SGP.22 §6.6.2.7); 127 where it has no number of its own.
    pub fn asn1_error(self, code: StatusCode) -> i64 {
        status::es11_asn1_error(self, code)
    }

    const fn on_es9plus(self) -> es9plus::Function {
        match self {
            Self::InitiateAuthentication => es9plus::Function::InitiateAuthentication,
            Self::AuthenticateClient => es9plus::Function::AuthenticateClient,
        }
    }
}

/// The two functions, as an SM-DS offers them or as an LPA reaches them.
///
/// A server's error is a [`crate::status::Refusal`]; a client adds what may happen on the way.
pub trait Es11: Send + Sync {
    /// Why a function was not executed.
    type Error: Send;

    /// Opens an RSP session (SGP.22 §5.8.1).
    fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> impl Future<Output = Result<InitiateAuthenticationOkEs9, Self::Error>> + Send;

    /// Authenticates the eUICC and tells its events, in the order in which they were registered (SGP.22 §5.8.2).
    fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> impl Future<Output = Result<AuthenticateClientOkEs11, Self::Error>> + Send;
}

/// Several ports and tasks share one server.
impl<T: Es11> Es11 for Arc<T> {
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
    ) -> Result<AuthenticateClientOkEs11, T::Error> {
        T::authenticate_client(self, request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_are_those_of_es9plus() {
        for function in Function::ALL {
            assert_eq!(function.json_path(), format!("/gsma/rsp2/es9plus/{}", function.name()));
        }
    }

    #[test]
    fn the_asn1_binding_uses_the_numbers_of_the_module() {
        assert_eq!(Function::AuthenticateClient.asn1_error(StatusCode::EVENT_UNKNOWN), 6);
        assert_eq!(Function::AuthenticateClient.asn1_error(StatusCode::TRANSACTION_UNKNOWN), 7);
        // v2.2 has no number for an unknown CI on ES11.
        assert_eq!(Function::AuthenticateClient.asn1_error(StatusCode::CI_UNKNOWN), 127);
        assert_eq!(Function::InitiateAuthentication.asn1_error(StatusCode::SMDS_ADDRESS_REFUSED), 1);
    }
}
