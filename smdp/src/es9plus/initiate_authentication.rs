//! InitiateAuthentication (SGP.22 §5.6.1).

use asn1::{InitiateAuthenticationOkEs9, InitiateAuthenticationRequest};
use protocol::mutual_authentication::{Opening, fresh_transaction_id, initiate_authentication};
use protocol::smdp_session::Stage;
use service::failure::Failure;
use service::observe::of_transaction;

use crate::domain::SessionRecord;
use crate::faults::{Call, Involved};
use crate::server::Smdp;
use crate::store::{Store, StoreError};

impl<S: Store> Smdp<S> {
    pub(super) async fn initiate(
        &self,
        request: &InitiateAuthenticationRequest,
        call: &Call,
    ) -> Result<InitiateAuthenticationOkEs9, Failure> {
        self.disturbed(call, Involved::default())?;
        let now = self.clock.now();
        let transaction_id = fresh_transaction_id(now, self.random());
        let tracer = of_transaction(&self.tracer, &transaction_id);
        tracer.object("EUICCInfo1", request.euicc_info1.bytes());
        let opening = Opening {
            identities: &self.identities,
            server_address: &self.config.address,
            transaction_id: transaction_id.clone(),
            server_challenge: self.random(),
        };
        let (answer, opened) = initiate_authentication(opening, request, &tracer)?;
        let session = SessionRecord::begin(transaction_id, now, Stage::Opened(opened));
        match self.store.open_session(session.clone()).await {
            // SGP.22 §3.1.1.4: a TransactionID is never used twice; draw another.
            Err(StoreError::Taken(_)) => Err(Failure::Conflict),
            Err(other) => Err(other.into()),
            Ok(()) => {
                self.at_hand.opened(session);
                tracer.state("session", &"none", &"opened");
                tracer.object("serverSigned1", answer.server_signed1.bytes());
                Ok(answer)
            }
        }
    }
}
