//! How a mutual authentication ends that does not succeed.

use asn1::AuthenticateErrorCode;
use certs::Role;
use protocol::es9plus::Function;
use thiserror::Error;

use super::ServerKind;
use crate::error::{Blame, EuiccError};

/// Why eUICC and server did not authenticate each other. `E` is what the client of the server fails with.
#[derive(Debug, Error)]
pub enum Failure<E> {
    /// The eUICC could not be talked to, or its answer not be read.
    #[error(transparent)]
    Euicc(EuiccError),
    /// The server refused or could not be reached.
    #[error("{} failed: {error}", function.name())]
    Server {
        /// The function of ES9+, or that of ES11 with the same name.
        function: Function,
        /// What its client says.
        error: E,
    },
    /// The answer of the server does not fit the session.
    #[error("the answer of {} is not acceptable: {mismatch}", function.name())]
    ServerAnswer {
        /// The function of ES9+, or that of ES11 with the same name.
        function: Function,
        /// What does not fit.
        mismatch: Mismatch,
    },
    /// The eUICC did not accept the server (SGP.22 §5.7.13).
    #[error("the eUICC does not accept the server: {0}")]
    AuthenticateServer(AuthenticateErrorCode),
}

impl<E> Failure<E> {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Euicc(error) => error.blame(),
            Self::Server { .. } | Self::ServerAnswer { .. } => Blame::Server,
            Self::AuthenticateServer(_) => Blame::Euicc,
        }
    }
}

/// What in an answer of the server does not fit the session.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Mismatch {
    /// Another TransactionID than that of the session.
    #[error("it is for TransactionID {found}, the session is {expected}")]
    TransactionId {
        /// That of the session.
        expected: asn1::TransactionId,
        /// What was found.
        found: asn1::TransactionId,
    },
    /// SGP.22 §3.1.2 step 10: serverAddress is not the address that was asked.
    #[error("the server names itself {found:?}, {expected:?} was asked")]
    ServerAddress {
        /// The address that was asked.
        expected: String,
        /// serverAddress in serverSigned1.
        found: String,
    },
    /// SGP.22 §3.1.3 step 2: the OID of the activation code is not in CERT.DPauth.
    #[error("CERT.DPauth carries the SM-DP+ OID {found}, the activation code asks for {expected}")]
    SmdpOid {
        /// The OID of the activation code.
        expected: String,
        /// The registeredIDs of the certificate.
        found: String,
    },
    /// serverCertificate cannot be read, so it cannot be told whose it is.
    #[error("serverCertificate cannot be read: {0}")]
    Certificate(String),
    /// SGP.22 §3.1.2: serverCertificate is neither CERT.DPauth nor CERT.DSauth.
    #[error("serverCertificate is neither CERT.DPauth nor CERT.DSauth; its policies name {}", role(*.0))]
    Role(Option<Role>),
    /// SGP.22 §3.1.3 step 2, §3.6.2 step 1: a server of the one kind where the other is expected.
    #[error("the server shows {}, so it is an {found}; an {expected} is expected", found.certificate())]
    ServerKind {
        /// What the procedure needs.
        expected: ServerKind,
        /// What the certificate says.
        found: ServerKind,
    },
    /// SGP.22 §3.1.2 step 8: euiccCiPKIdToBeUsed is none that the eUICC signs under.
    #[error("euiccCiPKIdToBeUsed {0} is none that the eUICC offers for signing")]
    CiPkId(String),
}

fn role(named: Option<Role>) -> &'static str {
    named.map_or("no role or several", Role::certificate_name)
}
