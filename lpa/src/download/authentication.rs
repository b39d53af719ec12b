//! The common mutual authentication procedure (SGP.22 §3.1.2) as part of a download.

use asn1::{
    AuthenticateClientRequest, AuthenticateServerRequest, AuthenticateServerResponse, CtxParams1,
    CtxParamsForCommonAuthentication, EuiccInfo1, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest,
    Raw, StoreMetadataRequest, TransactionId, Unknown,
};
use certs::Certificate;
use protocol::es9plus::{Es9Plus, Function};

use super::Run;
use super::error::{Failure, Mismatch};
use super::user::{Step, User};
use crate::card::Card;

/// What the SM-DP+ offers (SGP.22 §3.1.3 step 6).
pub(super) struct Offered {
    pub metadata: Raw<StoreMetadataRequest>,
    pub smdp_signed2: Raw<asn1::SmdpSigned2>,
    pub smdp_signature2: asn1::SignatureTlv,
    pub smdp_certificate: asn1::Certificate,
}

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    /// SGP.22 §3.1.2 steps 1 to 14.
    pub(super) async fn authenticate_server(
        &mut self,
    ) -> Result<(TransactionId, Raw<AuthenticateServerResponse>), Failure<S::Error>> {
        self.begin(Step::OpenEuiccSession);
        let euicc_info1 = self.isd_r.get_euicc_info1().map_err(Failure::Euicc)?;
        // SGP.22 §5.7.7: the challenge opens a new session and discards what is left of an earlier one.
        let euicc_challenge = self.isd_r.get_euicc_challenge().map_err(Failure::Euicc)?;

        self.begin(Step::InitiateAuthentication);
        let opening = InitiateAuthenticationRequest {
            euicc_challenge,
            smdp_address: self.request.smdp_address.as_str().to_owned(),
            euicc_info1: euicc_info1.clone(),
            unknown: Unknown::none(),
        };
        let function = Function::InitiateAuthentication;
        let answer = self.server.initiate_authentication(opening).await;
        let answer = answer.map_err(|error| Failure::Server { function, error })?;
        let transaction_id = answer.transaction_id.clone();
        self.isd_r.set_tracer(self.tracer().with_transaction(&transaction_id));
        self.check_opening(&answer, &euicc_info1)?;

        self.begin(Step::AuthenticateServer);
        let context = CtxParams1::CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication {
            // SGP.22 §3.1.3 step 2: present also where it is empty.
            matching_id: Some(self.request.matching_id.clone()),
            device_info: self.request.device.to_device_info(),
            unknown: Unknown::none(),
        });
        // What the server signed goes on as it came (SGP.22 §3.1.2 step 11).
        let command = AuthenticateServerRequest {
            server_signed1: answer.server_signed1,
            server_signature1: answer.server_signature1,
            euicc_ci_pk_id_to_be_used: answer.euicc_ci_pk_id_to_be_used,
            server_certificate: answer.server_certificate,
            ctx_params1: Raw::new(context),
            unknown: Unknown::none(),
        };
        // From here on the eUICC may hold a session of this TransactionID (SGP.22 §5.7.13).
        self.session = Some(transaction_id.clone());
        let response = self.isd_r.authenticate_server(&command).map_err(Failure::Euicc)?;
        match response.value() {
            AuthenticateServerResponse::AuthenticateResponseOk(_) => {}
            // SGP.22 §3.1.2 step 12: the procedure ends here, without a word to the server.
            AuthenticateServerResponse::AuthenticateResponseError(error) => {
                return Err(Failure::AuthenticateServer(error.authenticate_error_code));
            }
        }
        Ok((transaction_id, response))
    }

    /// What the LPA checks before the eUICC checks the rest (SGP.22 §3.1.2 step 10, §3.1.3 step 2).
    fn check_opening(
        &self,
        answer: &InitiateAuthenticationOkEs9,
        euicc_info1: &EuiccInfo1,
    ) -> Result<(), Failure<S::Error>> {
        let function = Function::InitiateAuthentication;
        let signed = &answer.server_signed1;
        self.require_transaction(
            "transactionId in serverSigned1",
            function,
            &answer.transaction_id,
            &signed.transaction_id,
        )?;
        self.require(
            "SGP.22 §3.1.2",
            "serverAddress in serverSigned1",
            function,
            self.same_address(&signed.server_address),
        )?;
        self.require(
            "SGP.22 §3.1.2",
            "euiccCiPKIdToBeUsed",
            function,
            ci_is_offered(&answer.euicc_ci_pk_id_to_be_used, euicc_info1),
        )?;
        match &self.request.smdp_oid {
            Some(oid) => self.require(
                "SGP.22 §3.1.3",
                "SM-DP+ OID of the activation code in CERT.DPauth",
                function,
                carries_oid(&answer.server_certificate, oid),
            ),
            None => Ok(()),
        }
    }

    fn same_address(&self, found: &str) -> Result<(), Mismatch> {
        let expected = &self.request.smdp_address;
        if expected.is_meant_by(found) {
            return Ok(());
        }
        Err(Mismatch::ServerAddress { expected: expected.to_string(), found: found.to_owned() })
    }

    /// SGP.22 §3.1.2 step 15 and §3.1.3 steps 3 to 6.
    pub(super) async fn authenticate_client(
        &mut self,
        transaction_id: &TransactionId,
        response: Raw<AuthenticateServerResponse>,
    ) -> Result<Offered, Failure<S::Error>> {
        self.begin(Step::AuthenticateClient);
        let function = Function::AuthenticateClient;
        let request = AuthenticateClientRequest {
            transaction_id: transaction_id.clone(),
            authenticate_server_response: response,
            use_matching_id_for_acr: None,
            unknown: Unknown::none(),
        };
        let answer = self.server.authenticate_client(request).await;
        let answer = answer.map_err(|error| Failure::Server { function, error })?;
        self.require_transaction(
            "transactionId of AuthenticateClient",
            function,
            transaction_id,
            &answer.transaction_id,
        )?;
        self.require_transaction(
            "transactionId in smdpSigned2",
            function,
            transaction_id,
            &answer.smdp_signed2.transaction_id,
        )?;
        Ok(Offered {
            metadata: answer.profile_metadata,
            smdp_signed2: answer.smdp_signed2,
            smdp_signature2: answer.smdp_signature2,
            smdp_certificate: answer.smdp_certificate,
        })
    }
}

/// SGP.22 §3.1.2 step 8: the server takes one of euiccCiPKIdListForSigning. The eUICC would refuse another too; here it
/// can be said which.
fn ci_is_offered(ci: &asn1::SubjectKeyIdentifier, euicc_info1: &EuiccInfo1) -> Result<(), Mismatch> {
    if euicc_info1.euicc_ci_pk_id_list_for_signing.contains(ci) {
        return Ok(());
    }
    Err(Mismatch::CiPkId(ci.to_string()))
}

/// SGP.22 §4.1, §3.1.3 step 2: the OID is a registeredID in the subjectAltName of CERT.DPauth.
fn carries_oid(certificate: &asn1::Certificate, expected: &str) -> Result<(), Mismatch> {
    let certificate = Certificate::from_der(certificate.raw());
    let certificate = certificate.map_err(|error| Mismatch::Certificate(error.to_string()))?;
    let found = certificate.registered_ids().iter().map(dotted).collect::<Vec<_>>();
    if found.iter().any(|oid| oid == expected) {
        return Ok(());
    }
    Err(Mismatch::SmdpOid { expected: expected.to_owned(), found: found.join(", ") })
}

fn dotted(oid: &asn1::ObjectIdentifier) -> String {
    let arcs: &[u32] = oid.as_ref();
    arcs.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}
