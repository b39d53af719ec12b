//! The client half: the client of ES9+ asks an SM-DS.

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es11::Es11;

use crate::es9plus::{Client, ClientError};

impl Es11 for Client {
    type Error = ClientError;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, ClientError> {
        self.call(request).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, ClientError> {
        self.call(request).await
    }
}
