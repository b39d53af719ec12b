//! The one RSP session an eUICC has at a time (SGP.22 §5.7.7). It lives in volatile memory.

use asn1::{SubjectKeyIdentifier, TransactionId};
use certs::Certificate;
use crypto::{OneTimeKey, PublicKey, Signature};

use crate::es8plus::Installation;

/// A session, by how far it has come.
#[expect(clippy::large_enum_variant, reason = "a card has one")]
pub(crate) enum RspSession {
    /// GetEUICCChallenge was answered.
    Challenged(Challenge),
    /// AuthenticateServer succeeded.
    Authenticated(Challenge, AuthenticatedServer),
    /// PrepareDownload succeeded.
    Prepared(Challenge, AuthenticatedServer, PreparedDownload),
    /// A Bound Profile Package is being received.
    Loading(Box<Installation>),
}

/// What the server has to sign.
pub(crate) type Challenge = [u8; 16];

/// What AuthenticateServer attached to the session (SGP.22 §5.7.13).
#[derive(Clone)]
pub(crate) struct AuthenticatedServer {
    /// Chosen by the server.
    pub transaction_id: TransactionId,
    /// As the server wrote it in serverSigned1.
    pub server_address: String,
    /// CERT.DPauth.ECDSA or CERT.DSauth.ECDSA.
    pub certificate: Certificate,
    /// The CI whose eUICC key signs in this session: euiccCiPKIdToBeUsed.
    pub euicc_ci_pk_id: SubjectKeyIdentifier,
    /// What smdpSignature2 has to cover.
    pub euicc_signature1: Signature,
}

/// What PrepareDownload attached to the session (SGP.22 §5.7.5).
pub(crate) struct PreparedDownload {
    /// PK.DPpb.ECDSA.
    pub dp_pb_key: PublicKey,
    /// The SM-DP+'s OID, DER contents octets.
    pub smdp_oid: Vec<u8>,
    /// otSK.EUICC.ECKA with its public half.
    pub one_time_key: OneTimeKey,
}

impl RspSession {
    /// What the server has to sign; no longer known once a package is being received.
    pub fn challenge(&self) -> Option<&Challenge> {
        match self {
            Self::Challenged(challenge)
            | Self::Authenticated(challenge, _)
            | Self::Prepared(challenge, ..) => Some(challenge),
            Self::Loading(_) => None,
        }
    }

    /// The server, once it is authenticated.
    pub fn server(&self) -> Option<&AuthenticatedServer> {
        match self {
            Self::Challenged(_) => None,
            Self::Authenticated(_, server) | Self::Prepared(_, server, _) => Some(server),
            Self::Loading(installation) => Some(&installation.server),
        }
    }

    /// Whether a Bound Profile Package is being received.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading(_))
    }
}
