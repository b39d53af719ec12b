//! The one table of status codes, and the refusal that carries one.
//!
//! A handler returns a [`Refusal`]; the JSON binding shows its subject and reason, the ASN.1 binding the number of
//! [`asn1_error`]. Codes are compared as text: `3.10` is not `3.1`.

use std::borrow::Cow;
use std::fmt;

use crate::es9plus::Function;
use crate::es11;

/// A subject code with a reason code (SGP.22 §5.2.6), and where it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StatusCode {
    /// What it is about, dotted.
    pub subject: &'static str,
    /// What is wrong with it, dotted.
    pub reason: &'static str,
    /// Where the specification lists it.
    pub section: &'static str,
    /// Both in words.
    pub meaning: &'static str,
}

/// `8.2.6/3.8`.
impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.subject, self.reason)
    }
}

macro_rules! status_codes {
    ($($name:ident = $subject:literal / $reason:literal, $section:literal, $meaning:literal;)*) => {
        impl StatusCode {
            $(
                #[doc = concat!($subject, "/", $reason, ": ", $meaning, " (", $section, ").")]
                pub const $name: Self =
                    Self { subject: $subject, reason: $reason, section: $section, meaning: $meaning };
            )*

            /// Every code this project uses, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

status_codes! {
    EXECUTION_ERROR = "1.2" / "4.2", "SGP.02", "the server failed while it executed the function";
    BUSY = "1.2" / "4.4", "SGP.02", "the server is busy";
    INVALID_PARAMETER = "1.6" / "2.1", "SGP.02", "a parameter is malformed";
    MANDATORY_PARAMETER_MISSING = "1.6" / "2.2", "SGP.02", "a mandatory parameter is missing";
    CONDITIONAL_PARAMETER_MISSING = "1.6" / "2.3", "SGP.02", "a parameter that this case needs is missing";
    REQUESTER_UNKNOWN = "1.1" / "1.1", "SGP.02", "the caller is unknown";
    REQUESTER_NOT_ALLOWED = "1.1" / "1.2", "SGP.02", "the caller may not use this function";
    SVN_UNSUPPORTED = "8.8.3" / "3.1", "SGP.22 §5.6.1", "the specification version of the eUICC is not supported";
    SMDP_ADDRESS_REFUSED = "8.8.1" / "3.8", "SGP.22 §5.6.1", "the address is not one of this SM-DP+";
    SECURITY_CONFIGURATION_UNSUPPORTED = "8.8.2" / "3.1", "SGP.22 §5.6.1", "no CI key that the eUICC signs under is known here";
    SMDP_CERTIFICATE_UNAVAILABLE = "8.8.4" / "3.7", "SGP.22 §5.6.1", "no CERT.DPauth under a CI key that the eUICC verifies with";
    TRANSACTION_UNKNOWN = "8.10.1" / "3.9", "SGP.22 §5.6.2, §5.6.3, §5.6.5", "no RSP session in this state has this TransactionID";
    CI_UNKNOWN = "8.11.1" / "3.9", "SGP.22 §5.6.3", "the CI of the EUM certificate is not known here";
    EUM_CERTIFICATE_INVALID = "8.1.2" / "6.1", "SGP.22 §5.6.3", "the EUM certificate is invalid";
    EUM_CERTIFICATE_EXPIRED = "8.1.2" / "6.3", "SGP.22 §5.6.3", "the EUM certificate has expired";
    EUICC_CERTIFICATE_INVALID = "8.1.3" / "6.1", "SGP.22 §5.6.3", "the eUICC certificate is invalid";
    EUICC_CERTIFICATE_EXPIRED = "8.1.3" / "6.3", "SGP.22 §5.6.3", "the eUICC certificate has expired";
    EUICC_SIGNATURE_INVALID = "8.1" / "6.1", "SGP.22 §5.6.2, §5.6.3, §5.6.5", "the eUICC signature or the serverChallenge is invalid";
    EUICC_MEMORY_INSUFFICIENT = "8.1" / "4.8", "SGP.22 §5.6.3", "the eUICC has not enough memory for this profile";
    MATCHING_ID_REFUSED = "8.2.6" / "3.8", "SGP.22 §5.6.3", "the MatchingID names no order of this eUICC";
    EID_REFUSED = "8.1.1" / "3.8", "SGP.22 §5.6.3", "the order is for another eUICC, or there is none for this one";
    PROFILE_NOT_RELEASED = "8.2" / "1.2", "SGP.22 §5.6.3", "the profile is not released";
    PROFILE_TYPE_STOPPED = "8.2.5" / "4.3", "SGP.22 §5.6.3", "no profile of this type is eligible for this eUICC or device";
    ORDER_EXPIRED = "8.8.5" / "4.10", "SGP.22 §5.6.2, §5.6.3", "the download order has expired";
    DOWNLOAD_ATTEMPTS_EXCEEDED = "8.8.5" / "6.4", "SGP.22 §5.6.3", "the order has been tried too often";
    CONFIRMATION_CODE_MISSING = "8.2.7" / "2.2", "SGP.22 §5.6.2", "the confirmation code is missing";
    CONFIRMATION_CODE_REFUSED = "8.2.7" / "3.8", "SGP.22 §5.6.2", "the confirmation code is wrong";
    CONFIRMATION_CODE_ATTEMPTS_EXCEEDED = "8.2.7" / "6.4", "SGP.22 §5.6.2", "the confirmation code was wrong too often";
    PROFILE_UNAVAILABLE = "8.2" / "3.7", "SGP.22 §5.6.2", "the profile cannot be bound to this eUICC any more";
    SMDP_OID_MISMATCH = "8.8" / "3.10", "SGP.22 §5.6.5", "the OID is not the one of the CERT.DPauth of this session";
    ICCID_UNKNOWN = "8.2.1" / "3.9", "SGP.22 tables 24, 27, 30, 32", "no profile here has this ICCID";
    ICCID_NOT_ALLOWED = "8.2.1" / "1.2", "SGP.22 tables 24, 27, 30, 32", "the profile is not the caller's";
    ICCID_IN_USE = "8.2.1" / "3.3", "SGP.22 tables 24, 30", "the profile is not available, or already downloaded";
    ICCID_INVALID_ASSOCIATION = "8.2.1" / "3.10", "SGP.22 table 30", "the profile is linked to another EID";
    ICCID_INVALID_TRANSITION = "8.2.1" / "3.5", "SGP.22 table 32", "the state of the profile does not allow this function";
    PROFILE_TYPE_UNKNOWN = "8.2.5" / "3.9", "SGP.22 table 24", "the profile type is unknown";
    PROFILE_TYPE_NOT_ALLOWED = "8.2.5" / "1.2", "SGP.22 table 24", "the profile type is not the caller's";
    PROFILE_TYPE_UNAVAILABLE = "8.2.5" / "3.7", "SGP.22 table 24", "no profile of this type is left";
    PROFILE_TYPE_REFUSED = "8.2.5" / "3.8", "SGP.22 table 24", "the profile with this ICCID is of another type";
    EID_MISSING = "8.1.1" / "2.2", "SGP.22 table 27", "an SM-DS address or an empty MatchingID needs an EID";
    EID_INVALID_ASSOCIATION = "8.1.1" / "3.10", "SGP.22 table 27", "the profile is linked to another EID";
    MATCHING_ID_IN_USE = "8.2.6" / "3.3", "SGP.22 table 27", "another order has this MatchingID";
    MATCHING_ID_INVALID_ASSOCIATION = "8.2.6" / "3.10", "SGP.22 table 30", "the order has another MatchingID";
    MATCHING_ID_INVALID = "8.2.6" / "2.1", "SGP.22 v3.1", "the MatchingID is malformed, or empty where an SM-DS needs one";
    MATCHING_ID_MISSING = "8.2.6" / "2.2", "SGP.22 v3.1", "the order has a MatchingID, which has to be given";
    SMDS_INACCESSIBLE = "8.9" / "5.1", "SGP.22 table 27, §5.9", "the SM-DS address is invalid or cannot be reached";
    SMDS_EXECUTION_ERROR = "8.9" / "4.2", "SGP.22 table 27, §5.9", "the SM-DS reported an error";
    SMDS_ADDRESS_REFUSED = "8.9.1" / "3.8", "SGP.22 §5.8.1", "the address is not one of this SM-DS";
    SMDS_SECURITY_CONFIGURATION_UNSUPPORTED = "8.9.2" / "3.1", "SGP.22 §5.8.1", "no CI key that the eUICC signs under is known here";
    SMDS_SVN_UNSUPPORTED = "8.9.3" / "3.1", "SGP.22 §5.8.1", "the specification version of the eUICC is not supported";
    SMDS_CERTIFICATE_UNAVAILABLE = "8.9.4" / "3.7", "SGP.22 §5.8.1", "no CERT.DSauth under a CI key that the eUICC verifies with";
    EVENT_IN_USE = "8.9.5" / "3.3", "SGP.22 §5.9.1", "the caller has used this EventID already";
    EVENT_UNKNOWN = "8.9.5" / "3.9", "SGP.22 §5.8.2, §5.9.2", "no event record has this EventID";
    ORDER_REFUSED = "8.8.5" / "3.8", "SGP.22 table 32b", "the end user rejected the download";
    PPR_NOT_ALLOWED = "8.2.8" / "1.2", "SGP.22 table 32b", "the eUICC does not allow the profile policy rules of this profile";
    METADATA_CHANGED = "8.2.9" / "3.11", "SGP.22 table 32b", "the profile metadata is not what the end user agreed to";
    BPP_EXECUTION_ERROR = "8.2.10" / "4.2", "SGP.22 table 32b", "the eUICC could not load the bound profile package";
    RSP_EXECUTION_ERROR = "8" / "4.2", "SGP.22 table 32b", "the download was cancelled for an undefined reason";
}

/// Whose fault a refusal is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The peer broke the specification, or sent bytes that are none of its messages.
    PeerMisbehaved,
    /// The peer did nothing wrong, but cannot be served: another version, CI, order state.
    PeerIncompatible,
    /// This server lacks something that its operator has to configure.
    OurConfiguration,
    /// This server could not read or keep something.
    OurStorage,
}

/// A function that was not executed, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The code for the wire.
    pub code: StatusCode,
    /// Whose fault it is, for our log.
    pub fault: Fault,
    /// For the human at the other end.
    pub message: Cow<'static, str>,
}

impl Refusal {
    /// A peer that broke the specification.
    pub fn misbehaved(code: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, fault: Fault::PeerMisbehaved, message: message.into() }
    }

    /// A peer that cannot be served.
    pub fn incompatible(code: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, fault: Fault::PeerIncompatible, message: message.into() }
    }

    /// A fault of our storage; what exactly stays in our log.
    pub fn storage() -> Self {
        let message = Cow::Borrowed("the server could not keep its records");
        Self { code: StatusCode::EXECUTION_ERROR, fault: Fault::OurStorage, message }
    }

    /// A fault of our configuration.
    pub fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: StatusCode::EXECUTION_ERROR, fault: Fault::OurConfiguration, message: message.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

/// The INTEGER by which the ASN.1 binding says a code (Annex H of SGP.22); 127 where it has no number of its own.
///
/// InitiateAuthentication lists no undefinedError in v2.2; 127 is what later versions call it.
pub fn asn1_error(function: Function, code: StatusCode) -> i64 {
    use StatusCode as C;
    const UNDEFINED: i64 = 127;
    match function {
        Function::InitiateAuthentication => match code {
            C::SMDP_ADDRESS_REFUSED => 1,
            C::SVN_UNSUPPORTED => 2,
            C::SECURITY_CONFIGURATION_UNSUPPORTED | C::SMDP_CERTIFICATE_UNAVAILABLE => 3,
            _ => UNDEFINED,
        },
        Function::AuthenticateClient => match code {
            C::EUM_CERTIFICATE_INVALID => 1,
            C::EUM_CERTIFICATE_EXPIRED => 2,
            C::EUICC_CERTIFICATE_INVALID => 3,
            C::EUICC_CERTIFICATE_EXPIRED => 4,
            C::EUICC_SIGNATURE_INVALID => 5,
            C::MATCHING_ID_REFUSED => 6,
            C::EID_REFUSED => 7,
            C::PROFILE_TYPE_STOPPED => 8,
            C::CI_UNKNOWN => 9,
            C::TRANSACTION_UNKNOWN => 10,
            C::EUICC_MEMORY_INSUFFICIENT => 11,
            // v2.6 gave it a number; v2.2 clients see an unknown one either way.
            C::ORDER_EXPIRED => 18,
            _ => UNDEFINED,
        },
        Function::GetBoundProfilePackage => match code {
            C::EUICC_SIGNATURE_INVALID => 1,
            C::CONFIRMATION_CODE_MISSING => 2,
            C::CONFIRMATION_CODE_REFUSED => 3,
            C::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED => 4,
            C::PROFILE_UNAVAILABLE => 5,
            C::ORDER_EXPIRED => 6,
            C::TRANSACTION_UNKNOWN => 95,
            _ => UNDEFINED,
        },
        Function::CancelSession => match code {
            C::TRANSACTION_UNKNOWN => 1,
            C::EUICC_SIGNATURE_INVALID => 2,
            _ => UNDEFINED,
        },
        Function::HandleNotification => UNDEFINED,
    }
}

/// The same for ES11 (SGP.22 §6.6.2.7), whose AuthenticateClient shares the first numbers with ES9+.
pub(crate) fn es11_asn1_error(function: es11::Function, code: StatusCode) -> i64 {
    use StatusCode as C;
    match function {
        es11::Function::InitiateAuthentication => match code {
            C::SMDS_ADDRESS_REFUSED => 1,
            C::SMDS_SVN_UNSUPPORTED => 2,
            C::SMDS_SECURITY_CONFIGURATION_UNSUPPORTED | C::SMDS_CERTIFICATE_UNAVAILABLE => 3,
            _ => 127,
        },
        es11::Function::AuthenticateClient => match code {
            C::EVENT_UNKNOWN => 6,
            C::TRANSACTION_UNKNOWN => 7,
            other => match asn1_error(Function::AuthenticateClient, other) {
                number @ 1..=5 => number,
                _ => 127,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_of_the_table_are_the_same_code() {
        for (i, one) in StatusCode::ALL.iter().enumerate() {
            for other in &StatusCode::ALL[i + 1..] {
                assert_ne!((one.subject, one.reason), (other.subject, other.reason));
            }
        }
    }

    #[test]
    fn a_trailing_zero_is_part_of_the_code() {
        assert_eq!(StatusCode::ORDER_EXPIRED.to_string(), "8.8.5/4.10");
        assert_eq!(StatusCode::SMDP_OID_MISMATCH.to_string(), "8.8/3.10");
    }

    #[test]
    fn the_asn1_binding_uses_the_numbers_of_the_module() {
        use Function as F;
        assert_eq!(asn1_error(F::InitiateAuthentication, StatusCode::SMDP_ADDRESS_REFUSED), 1);
        assert_eq!(asn1_error(F::AuthenticateClient, StatusCode::TRANSACTION_UNKNOWN), 10);
        assert_eq!(asn1_error(F::GetBoundProfilePackage, StatusCode::TRANSACTION_UNKNOWN), 95);
        assert_eq!(asn1_error(F::CancelSession, StatusCode::SMDP_OID_MISMATCH), 127);
    }
}
