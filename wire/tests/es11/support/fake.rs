use std::sync::{Arc, Mutex};

use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientRequest, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es11::Es11;
use protocol::status::Refusal;

use super::messages;

/// An SM-DS that remembers what it was asked.
#[derive(Clone)]
pub struct Fake {
    seen: Arc<Mutex<Vec<String>>>,
    answer: Result<AuthenticateClientOkEs11, Refusal>,
}

impl Fake {
    pub fn answering(events: &[(&str, &str)]) -> Self {
        Self { seen: Arc::default(), answer: Ok(super::events(events)) }
    }

    pub fn refusing(refusal: Refusal) -> Self {
        Self { seen: Arc::default(), answer: Err(refusal) }
    }

    /// What it was asked so far, in debug notation.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn called(&self, request: &impl std::fmt::Debug) -> Result<AuthenticateClientOkEs11, Refusal> {
        self.seen.lock().unwrap().push(format!("{request:?}"));
        self.answer.clone()
    }
}

impl Es11 for Fake {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        self.called(&request)?;
        Ok(messages::initiate_authentication_ok())
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, Refusal> {
        self.called(&request)
    }
}
