//! What comes back, in both bindings.

use std::fmt::Display;

use asn1::{
    AuthenticateClientOk, AuthenticateClientResponseEs9, BoundProfilePackageTlv, CancelSessionResponseEs9,
    Certificate, GetBoundProfilePackageOk, GetBoundProfilePackageResponse, InitiateAuthenticationOkEs9,
    InitiateAuthenticationResponse, Raw, RemoteProfileProvisioningResponse as Response, Unknown, der,
};
use wire::json::{FieldError, Object, ResponseHeader, Status};

use super::{Ending, Failure};

/// The answer of a function that was executed.
pub(super) trait Answer: Sized {
    /// Its members in JSON, `header` among them.
    const MEMBERS: &'static [&'static str];

    /// Reads its members.
    fn members(object: &Object<'_>) -> Result<Self, FieldError>;

    /// Takes it out of the module's answer: the error's number where it is one, nothing where it is another function's.
    fn of(response: Response) -> Option<Result<Self, i64>>;
}

/// Reads an answer of the JSON binding that came with 200.
pub(super) fn of_json<A: Answer>(body: &[u8]) -> Result<A, Failure> {
    let object = Object::parse(body, A::MEMBERS).map_err(unreadable)?;
    let header: ResponseHeader = object.structure(ResponseHeader::NAME).map_err(unreadable)?;
    match header.into_parts() {
        (Status::ExecutedSuccess | Status::ExecutedWithWarning, _) => A::members(&object).map_err(unreadable),
        (Status::Failed | Status::Expired, Some(code)) => {
            let why = code.message.unwrap_or_default();
            Err(Ending::refused(&code.subject_code, &code.reason_code).because(why))
        }
        (Status::Failed | Status::Expired, None) => Err(Ending::RefusedWithoutCode.into()),
        (Status::Other(status), _) => Err(unreadable(format_args!("status {status:?}"))),
    }
}

/// Reads an answer of the ASN.1 binding that came with 200.
pub(super) fn of_asn1<A: Answer>(body: &[u8]) -> Result<A, Failure> {
    let answer = A::of(der::decode(body).map_err(unreadable)?);
    let answer = answer.ok_or_else(|| unreadable("the answer of another function"))?;
    answer.map_err(|number| Ending::RefusedInAsn1(number).into())
}

fn unreadable(why: impl Display) -> Failure {
    Ending::Unreadable.because(why)
}

impl Answer for InitiateAuthenticationOkEs9 {
    const MEMBERS: &'static [&'static str] = &[
        "header",
        "transactionId",
        "serverSigned1",
        "serverSignature1",
        "euiccCiPKIdToBeUsed",
        "serverCertificate",
    ];

    fn members(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            server_signed1: object.der("serverSigned1", Raw::from_der)?,
            server_signature1: object.der("serverSignature1", der::decode)?,
            euicc_ci_pk_id_to_be_used: object.der("euiccCiPKIdToBeUsed", der::decode)?,
            server_certificate: object.der("serverCertificate", Certificate::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn of(response: Response) -> Option<Result<Self, i64>> {
        use InitiateAuthenticationResponse as R;
        let Response::InitiateAuthenticationResponse(response) = response else { return None };
        Some(match response {
            R::InitiateAuthenticationOk(answer) => Ok(answer),
            R::InitiateAuthenticationError(error) => Err(error.value()),
        })
    }
}

impl Answer for AuthenticateClientOk {
    const MEMBERS: &'static [&'static str] =
        &["header", "transactionId", "profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"];

    fn members(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            profile_metadata: object.der("profileMetadata", Raw::from_der)?,
            smdp_signed2: object.der("smdpSigned2", Raw::from_der)?,
            smdp_signature2: object.der("smdpSignature2", der::decode)?,
            smdp_certificate: object.der("smdpCertificate", Certificate::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn of(response: Response) -> Option<Result<Self, i64>> {
        use AuthenticateClientResponseEs9 as R;
        let Response::AuthenticateClientResponseEs9(response) = response else { return None };
        Some(match response {
            R::AuthenticateClientOk(answer) => Ok(answer),
            R::AuthenticateClientError(error) => Err(error.value()),
        })
    }
}

impl Answer for GetBoundProfilePackageOk {
    const MEMBERS: &'static [&'static str] = &["header", "transactionId", "boundProfilePackage"];

    fn members(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            bound_profile_package: object.der("boundProfilePackage", BoundProfilePackageTlv::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn of(response: Response) -> Option<Result<Self, i64>> {
        use GetBoundProfilePackageResponse as R;
        let Response::GetBoundProfilePackageResponse(response) = response else { return None };
        Some(match response {
            R::GetBoundProfilePackageOk(answer) => Ok(answer),
            R::GetBoundProfilePackageError(error) => Err(error.value()),
        })
    }
}

/// Nothing but a header (SGP.22 §6.5.2.10): of CancelSession, and of notifications where a server gives one.
pub(super) struct Executed;

impl Answer for Executed {
    const MEMBERS: &'static [&'static str] = &["header"];

    fn members(_: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self)
    }

    fn of(response: Response) -> Option<Result<Self, i64>> {
        use CancelSessionResponseEs9 as R;
        let Response::CancelSessionResponseEs9(response) = response else { return None };
        Some(match response {
            R::CancelSessionOk(_) => Ok(Self),
            R::CancelSessionError(error) => Err(error.value()),
        })
    }
}
