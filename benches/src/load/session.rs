//! One attempt: the common procedure up to the function that is asked for (SGP.22 §3.1.2, §3.1.3).

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use asn1::CancelSessionReason;
use certs::Oid;
use protocol::es9plus::Function;

use super::ending::{Ending, Failure};
use super::stopwatch::Stopwatch;
use super::target::Line;
use crate::euicc::Euicc;

/// An eUICC on its way through a session.
pub(super) struct Session<'a, L> {
    pub(super) line: L,
    /// What the eUICC calls the server.
    pub(super) address: &'a str,
    pub(super) euicc: &'a Euicc,
    /// euiccChallenge, of which no two are the same.
    pub(super) challenge: [u8; 16],
    pub(super) matching_id: Option<String>,
    /// seqNumber of the notification.
    pub(super) sequence_number: u64,
    pub(super) oids: &'a Oids,
}

impl<L: Line> Session<'_, L> {
    /// Goes as far as the function `last`.
    pub(super) async fn run(&self, last: Function, watch: &mut Stopwatch) -> Result<(), Failure> {
        let line = &self.line;
        let request = watch.compute(|| Ok(self.euicc.initiate(self.address, self.challenge)))?;
        let call = line.initiate_authentication(request);
        let initiated = watch.call(Function::InitiateAuthentication, line, call).await?;
        if last == Function::InitiateAuthentication {
            return Ok(());
        }

        let matching_id = self.matching_id.as_deref();
        let request = watch.compute(|| self.euicc.authenticate(&initiated, matching_id))?;
        let call = line.authenticate_client(request);
        let offer = watch.call(Function::AuthenticateClient, line, call).await?;
        if last == Function::AuthenticateClient {
            return Ok(());
        }
        if last == Function::CancelSession {
            // A reason that ends the order, so that the server has all of the work (SGP.22 §3.1.3.1).
            let oid = self.oid(&initiated.server_certificate)?;
            let reason = CancelSessionReason::END_USER_REJECTION;
            let request = watch.compute(|| self.euicc.cancel(&offer.transaction_id, &oid, reason))?;
            return watch.call(Function::CancelSession, line, line.cancel_session(request)).await;
        }

        let request = watch.compute(|| self.euicc.prepare(&offer))?;
        let call = line.get_bound_profile_package(request);
        let _package = watch.call(Function::GetBoundProfilePackage, line, call).await?;
        if last == Function::GetBoundProfilePackage {
            return Ok(());
        }

        let oid = self.oid(&offer.smdp_certificate)?;
        let request = watch.compute(|| {
            let (iccid, address) = (offer.profile_metadata.iccid, &initiated.server_signed1.server_address);
            self.euicc.installed(&offer.transaction_id, iccid, address, &oid, self.sequence_number)
        })?;
        watch.call(Function::HandleNotification, line, line.handle_notification(request)).await
    }

    fn oid(&self, certificate: &asn1::Certificate) -> Result<Oid, Failure> {
        let oid = self.oids.of(certificate);
        oid.map_err(|why| Ending::ServerCertificate.because(format_args!("{why:#}")))
    }
}

/// The OIDs of a server's certificates, which are read once.
#[derive(Default)]
pub(super) struct Oids(Mutex<Vec<(Vec<u8>, Oid)>>);

/// A server has a CERT.DPauth and a CERT.DPpb on each curve, and other ones when they are renewed.
const KEPT: usize = 8;

impl Oids {
    fn of(&self, certificate: &asn1::Certificate) -> Result<Oid> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, oid)) = known.iter().find(|(raw, _)| raw == certificate.raw()) {
            return Ok(oid.clone());
        }
        let read = certs::Certificate::try_from(certificate)?;
        let oid = read.registered_ids().first().context("it names no OID")?.clone();
        if known.len() < KEPT {
            known.push((certificate.raw().to_vec(), oid.clone()));
        }
        Ok(oid)
    }
}
