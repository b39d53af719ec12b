//! Authentication by an SM-DP+, and what it offers then (SGP.22 §3.1.3 steps 2 to 6).

use asn1::{ObjectIdentifier, Raw, SignatureTlv, SmdpSigned2, StoreMetadataRequest, TransactionId};
use certs::Certificate;
use protocol::es9plus::{Es9Plus, Function};

use super::Run;
use super::error::Failure;
use super::user::User;
use crate::authentication::{Authenticated, Mismatch, Opened, ServerKind};
use crate::card::Card;
use crate::progress::Step;

/// What the SM-DP+ offers (SGP.22 §3.1.3 step 6).
pub(super) struct Offered {
    pub transaction_id: TransactionId,
    pub metadata: Raw<StoreMetadataRequest>,
    pub smdp_signed2: Raw<SmdpSigned2>,
    pub smdp_signature2: SignatureTlv,
    pub smdp_certificate: asn1::Certificate,
}

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    /// SGP.22 §3.1.2 steps 1 to 10.
    pub(super) async fn open(&mut self) -> Result<Opened, Failure<S::Error>> {
        let Self { session, server, request } = self;
        let initiate = |opening| server.initiate_authentication(opening);
        Ok(session.open(&request.smdp_address, Step::InitiateAuthentication, initiate).await?)
    }

    /// SGP.22 §3.1.2 steps 10 to 14.
    pub(super) fn authenticate_server(&mut self, opened: Opened) -> Result<Authenticated, Failure<S::Error>> {
        let Self { session, request, .. } = self;
        session.require_kind(&opened, ServerKind::Smdp)?;
        if let Some(oid) = &request.smdp_oid {
            let outcome = carries_oid(&opened.certificate, oid);
            let subject = "SM-DP+ OID of the activation code in CERT.DPauth";
            session.require("SGP.22 §3.1.3", subject, Function::InitiateAuthentication, outcome)?;
        }
        Ok(session.authenticate_server(opened, &request.matching_id, &request.device)?)
    }

    /// SGP.22 §3.1.2 step 15 and §3.1.3 steps 3 to 6.
    pub(super) async fn authenticate_client(
        &mut self,
        authenticated: Authenticated,
    ) -> Result<Offered, Failure<S::Error>> {
        let Self { session, server, .. } = self;
        let transaction_id = authenticated.transaction_id.clone();
        let authenticate = |request| server.authenticate_client(request);
        let answer =
            session.authenticate_client(authenticated, Step::AuthenticateClient, authenticate).await?;
        let function = Function::AuthenticateClient;
        for (subject, found) in [
            ("transactionId of AuthenticateClient", &answer.transaction_id),
            ("transactionId in smdpSigned2", &answer.smdp_signed2.transaction_id),
        ] {
            session.require_transaction(subject, function, &transaction_id, found)?;
        }
        Ok(Offered {
            transaction_id,
            metadata: answer.profile_metadata,
            smdp_signed2: answer.smdp_signed2,
            smdp_signature2: answer.smdp_signature2,
            smdp_certificate: answer.smdp_certificate,
        })
    }
}

/// SGP.22 §4.1, §3.1.3 step 2: the OID is a registeredID in the subjectAltName of CERT.DPauth.
fn carries_oid(certificate: &Certificate, expected: &str) -> Result<(), Mismatch> {
    let found = certificate.registered_ids().iter().map(dotted).collect::<Vec<_>>();
    if found.iter().any(|oid| oid == expected) {
        return Ok(());
    }
    Err(Mismatch::SmdpOid { expected: expected.to_owned(), found: found.join(", ") })
}

fn dotted(oid: &ObjectIdentifier) -> String {
    let arcs: &[u32] = oid.as_ref();
    arcs.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}
