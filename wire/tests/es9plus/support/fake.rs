use std::sync::{Arc, Mutex};

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use tokio::sync::Notify;

use super::messages;

/// An SM-DP+ that remembers what it was asked.
#[derive(Clone, Default)]
pub struct Fake(Arc<State>);

#[derive(Default)]
struct State {
    seen: Mutex<Vec<String>>,
    behaviour: Behaviour,
}

#[derive(Default)]
pub enum Behaviour {
    /// Gives the answers of [`messages`].
    #[default]
    Answer,
    /// Refuses everything.
    Refuse(Refusal),
    /// Has a defect that shows when the address is "panic".
    PanicOnRequest,
    /// Says that it has begun, and goes on when it is told to.
    Wait { begun: Arc<Notify>, go_on: Arc<Notify> },
}

impl Fake {
    pub fn that(behaviour: Behaviour) -> Self {
        Self(Arc::new(State { behaviour, ..State::default() }))
    }

    pub fn refusing(refusal: Refusal) -> Self {
        Self::that(Behaviour::Refuse(refusal))
    }

    /// What it was asked and answered so far, in debug notation.
    pub fn seen(&self) -> Vec<String> {
        self.0.seen.lock().unwrap().clone()
    }

    async fn called(&self, request: &impl std::fmt::Debug) -> Result<(), Refusal> {
        let request = format!("{request:?}");
        match &self.0.behaviour {
            Behaviour::Refuse(refusal) => return Err(refusal.clone()),
            Behaviour::PanicOnRequest if request.contains("panic") => panic!("as asked"),
            Behaviour::Wait { begun, go_on } => {
                begun.notify_one();
                go_on.notified().await;
            }
            _ => {}
        }
        self.0.seen.lock().unwrap().push(request);
        Ok(())
    }
}

impl Es9Plus for Fake {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        self.called(&request).await?;
        Ok(messages::initiate_authentication_ok())
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        self.called(&request).await?;
        Ok(messages::authenticate_client_ok())
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        self.called(&request).await?;
        Ok(messages::get_bound_profile_package_ok())
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Refusal> {
        self.called(&request).await
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Refusal> {
        self.called(&request).await
    }
}
