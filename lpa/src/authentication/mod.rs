//! The common mutual authentication procedure (SGP.22 §3.1.2), the LPA's half: a profile download begins with it, and so
//! does the retrieval of events.
//!
//! The two interfaces are one here. Which function of which of them is called is the caller's business: it passes the
//! call, this module says when.

mod error;
mod server_kind;
mod session;

use asn1::{
    AuthenticateClientRequest, AuthenticateServerRequest, AuthenticateServerResponse, CtxParams1,
    CtxParamsForCommonAuthentication, EuiccInfo1, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest,
    Raw, SubjectKeyIdentifier, TransactionId, Unknown,
};
use certs::Certificate;
use protocol::es9plus::Function;
use protocol::types::ServerAddress;

pub use error::{Failure, Mismatch};
pub use server_kind::ServerKind;
pub(crate) use session::Session;

use crate::card::Card;
use crate::device::Device;
use crate::download::User;
use crate::progress::Step;

/// A server that has shown who it claims to be; the eUICC has not seen it yet.
pub(crate) struct Opened {
    /// By its certificate.
    pub kind: ServerKind,
    /// serverCertificate.
    pub certificate: Certificate,
    answer: InitiateAuthenticationOkEs9,
}

/// An eUICC that has accepted the server.
pub(crate) struct Authenticated {
    /// The session.
    pub transaction_id: TransactionId,
    response: Raw<AuthenticateServerResponse>,
}

impl<C: Card, U: User + ?Sized> Session<'_, C, U> {
    /// SGP.22 §3.1.2 steps 1 to 10. `step` says of which interface `initiate` is the InitiateAuthentication.
    pub async fn open<E, F>(
        &mut self,
        address: &ServerAddress,
        step: Step,
        initiate: impl FnOnce(InitiateAuthenticationRequest) -> F,
    ) -> Result<Opened, Failure<E>>
    where
        F: Future<Output = Result<InitiateAuthenticationOkEs9, E>>,
    {
        self.begin(Step::OpenEuiccSession);
        let euicc_info1 = self.isd_r.get_euicc_info1().map_err(Failure::Euicc)?;
        // SGP.22 §5.7.7: the challenge opens a new session and discards what is left of an earlier one.
        let euicc_challenge = self.isd_r.get_euicc_challenge().map_err(Failure::Euicc)?;

        self.begin(step);
        let function = Function::InitiateAuthentication;
        let opening = InitiateAuthenticationRequest {
            euicc_challenge,
            smdp_address: address.as_str().to_owned(),
            euicc_info1: euicc_info1.clone(),
            unknown: Unknown::none(),
        };
        let answer = initiate(opening).await.map_err(|error| Failure::Server { function, error })?;
        self.isd_r.set_tracer(self.tracer().with_transaction(&answer.transaction_id));

        let signed = &answer.server_signed1;
        let subject = "transactionId in serverSigned1";
        self.require_transaction(subject, function, &answer.transaction_id, &signed.transaction_id)?;
        let same = same_address(address, &signed.server_address);
        self.require("SGP.22 §3.1.2", "serverAddress in serverSigned1", function, same)?;
        let offered = ci_is_offered(&answer.euicc_ci_pk_id_to_be_used, &euicc_info1);
        self.require("SGP.22 §3.1.2", "euiccCiPKIdToBeUsed", function, offered)?;
        let shown = shown(&answer);
        let shown = self.tracer().check("SGP.22 §3.1.2", "serverCertificate is of an SM-DP+ or SM-DS", shown);
        let (kind, certificate) = shown.map_err(|mismatch| Failure::ServerAnswer { function, mismatch })?;
        Ok(Opened { kind, certificate, answer })
    }

    /// SGP.22 §3.1.3 step 2, §3.6.2 step 1: the certificate is that of the procedure.
    pub fn require_kind<E>(&self, opened: &Opened, expected: ServerKind) -> Result<(), Failure<E>> {
        let (section, subject) = match expected {
            ServerKind::Smdp => ("SGP.22 §3.1.3", "serverCertificate is CERT.DPauth"),
            ServerKind::Smds => ("SGP.22 §3.6.2", "serverCertificate is CERT.DSauth"),
        };
        let found = opened.kind;
        let outcome = if found == expected { Ok(()) } else { Err(Mismatch::ServerKind { expected, found }) };
        self.require(section, subject, Function::InitiateAuthentication, outcome)
    }

    /// SGP.22 §3.1.2 steps 11 to 14.
    pub fn authenticate_server<E>(
        &mut self,
        opened: Opened,
        matching_id: &str,
        device: &Device,
    ) -> Result<Authenticated, Failure<E>> {
        self.begin(Step::AuthenticateServer);
        let Opened { answer, .. } = opened;
        let transaction_id = answer.transaction_id;
        let context = CtxParams1::CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication {
            // SGP.22 §3.1.3 step 2, §3.6.2 step 1: present also where it is empty.
            matching_id: Some(matching_id.to_owned()),
            device_info: device.to_device_info(),
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
        self.in_euicc = Some(transaction_id.clone());
        let response = self.isd_r.authenticate_server(&command).map_err(Failure::Euicc)?;
        match response.value() {
            AuthenticateServerResponse::AuthenticateResponseOk(_) => {
                Ok(Authenticated { transaction_id, response })
            }
            // SGP.22 §3.1.2 step 12: the procedure ends here, without a word to the server.
            AuthenticateServerResponse::AuthenticateResponseError(error) => {
                Err(Failure::AuthenticateServer(error.authenticate_error_code))
            }
        }
    }

    /// SGP.22 §3.1.2 step 15. `step` says of which interface `authenticate` is the AuthenticateClient, whose answer is given
    /// as it is: its transactionId is not looked at here.
    pub async fn authenticate_client<A, E, F>(
        &mut self,
        authenticated: Authenticated,
        step: Step,
        authenticate: impl FnOnce(AuthenticateClientRequest) -> F,
    ) -> Result<A, Failure<E>>
    where
        F: Future<Output = Result<A, E>>,
    {
        self.begin(step);
        let request = AuthenticateClientRequest {
            transaction_id: authenticated.transaction_id,
            authenticate_server_response: authenticated.response,
            use_matching_id_for_acr: None,
            unknown: Unknown::none(),
        };
        let function = Function::AuthenticateClient;
        authenticate(request).await.map_err(|error| Failure::Server { function, error })
    }
}

/// SGP.22 §3.1.2 step 10.
fn same_address(expected: &ServerAddress, found: &str) -> Result<(), Mismatch> {
    if expected.is_meant_by(found) {
        return Ok(());
    }
    Err(Mismatch::ServerAddress { expected: expected.to_string(), found: found.to_owned() })
}

/// SGP.22 §3.1.2 step 8: the server takes one of euiccCiPKIdListForSigning. The eUICC would refuse another too; here it
/// can be said which.
fn ci_is_offered(ci: &SubjectKeyIdentifier, euicc_info1: &EuiccInfo1) -> Result<(), Mismatch> {
    if euicc_info1.euicc_ci_pk_id_list_for_signing.contains(ci) {
        return Ok(());
    }
    Err(Mismatch::CiPkId(ci.to_string()))
}

/// Who the server claims to be.
fn shown(answer: &InitiateAuthenticationOkEs9) -> Result<(ServerKind, Certificate), Mismatch> {
    let certificate = Certificate::try_from(&answer.server_certificate);
    let certificate = certificate.map_err(|error| Mismatch::Certificate(error.to_string()))?;
    Ok((ServerKind::of(&certificate)?, certificate))
}
