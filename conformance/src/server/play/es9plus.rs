//! The functions that an LPA calls.

use std::sync::Arc;

use crypto::{Engine, OneTimeKey};
use rand_core::Rng;

use super::{Offered, Player, Session, StepError};
use crate::server::call::{About, Authenticate, CallError, Cancel, Download, Initiate, Key, Notify};
use crate::server::message::{Form, Told};

impl Player<'_> {
    pub(super) async fn initiate_authentication(
        &mut self,
        how: Initiate,
        form: &Form,
    ) -> Result<(), StepError> {
        if self.session.is_some() {
            self.earlier = self.session.take();
        }
        let mut challenge = [0; 16];
        self.rng.fill_bytes(&mut challenge);
        if how == Initiate::SameChallenge {
            challenge = self.earlier.as_ref().map_or(challenge, |earlier| earlier.euicc_challenge);
        }
        let message = how.message(&self.euicc, self.target.address.as_str(), challenge);
        if let Told::Executed(members) = &self.call(message, form).await?.told {
            self.session = Some(Session::opened(challenge, members).map_err(StepError::Answer)?);
        }
        Ok(())
    }

    pub(super) async fn authenticate_client(
        &mut self,
        how: Authenticate,
        form: &Form,
    ) -> Result<(), StepError> {
        let session = self.session.as_ref().ok_or(CallError::OutOfTurn("InitiateAuthentication"))?;
        let matching_id = self.order.as_ref().and_then(|order| order.matching_id.as_deref());
        let (message, euicc_signature1) =
            how.message(&self.euicc, &self.root.authority, session, matching_id, &mut self.rng)?;
        let offered = match &self.call(message, form).await?.told {
            // An SM-DS answers with events.
            Told::Executed(members) if members.octets("smdpSigned2").is_ok() => {
                Some(Offered::read(members).map_err(StepError::Answer)?)
            }
            _ => None,
        };
        if let Some(session) = &mut self.session {
            session.euicc_signature1 = euicc_signature1;
            session.offered = offered.or(session.offered.take());
        }
        Ok(())
    }

    pub(super) async fn get_bound_profile_package(
        &mut self,
        how: Download,
        form: &Form,
    ) -> Result<(), StepError> {
        let session = self.session.as_ref().ok_or(CallError::OutOfTurn("InitiateAuthentication"))?;
        let earlier = self.earlier.as_ref().and_then(|earlier| earlier.one_time_key.clone());
        let key = match (how, earlier) {
            (Download::Key(Key::Same), Some(key)) => key,
            (Download::Key(Key::Same), None) => {
                return Err(CallError::OutOfTurn("GetBoundProfilePackage").into());
            }
            _ => OneTimeKey::generate(Engine::RustCrypto, self.euicc.curve, &mut self.rng)
                .map(Arc::new)
                .map_err(CallError::Crypto)?,
        };
        let asked = session.offered.as_ref().is_some_and(|offered| offered.cc_required);
        let code = self.order.as_ref().and_then(|order| order.confirmation_code.as_deref());
        let message = how.message(&self.euicc, session, &key, code.filter(|_| asked), &mut self.rng)?;
        let package = match &self.call(message, form).await?.told {
            Told::Executed(members) => {
                Some(members.octets("boundProfilePackage").map_err(StepError::Answer)?.to_vec())
            }
            _ => None,
        };
        if let Some(session) = &mut self.session {
            session.one_time_key = Some(key);
            session.package = package.or(session.package.take());
        }
        Ok(())
    }

    pub(super) async fn handle_notification(&mut self, how: Notify, form: &Form) -> Result<(), StepError> {
        let session = self.session.as_ref().ok_or(CallError::OutOfTurn("InitiateAuthentication"))?;
        let about = About {
            euicc: &mut self.euicc,
            session,
            address: self.target.address.as_str(),
            last: self.last_notification.as_deref(),
        };
        let (message, notification) = how.message(about, &self.root.authority, &mut self.rng)?;
        self.last_notification = Some(notification);
        self.call(message, form).await.map(drop)
    }

    pub(super) async fn cancel_session(&mut self, how: Cancel, form: &Form) -> Result<(), StepError> {
        let session = self.session.as_ref().ok_or(CallError::OutOfTurn("InitiateAuthentication"))?;
        let message = how.message(&self.euicc, session)?;
        self.call(message, form).await.map(drop)
    }
}
