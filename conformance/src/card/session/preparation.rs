//! PrepareDownload, good and otherwise (SGP.22 §5.7.5).

use std::fmt;

use asn1::tlv::wrap;
use crypto::{Engine, SigningKey};
use rand_core::CryptoRng;

use super::{HASH_CC, Session, spoil};
use crate::card::bench::Stop;
use crate::card::servers::Servers;
use crate::pki::Credential;

/// How PrepareDownload is asked for (SGP.22 §5.7.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preparation {
    /// As it should be.
    Good,
    /// With the hash of a confirmation code.
    WithHashCc,
    /// A confirmation code is required, and its hash is not there.
    WithoutRequiredHashCc,
    /// With the bppEuiccOtpk of the session before.
    EarlierOtpk,
    /// With a bppEuiccOtpk that the eUICC never had.
    UnknownOtpk,
    /// With the transactionId of another session.
    OtherTransaction,
    /// With an smdpSignature2 that is wrong in one bit.
    SpoiledSignature,
    /// With an smdpSignature2 of another key.
    SignedByAnotherKey,
    /// With an smdpSignature2 over smdpSigned2 alone.
    SignedWithoutSignature1,
    /// With an smdpSignature2 that covers the euiccSignature1 of the session before.
    EarlierSignature1,
    /// With a ccRequiredFlag that was changed after smdpSigned2 was signed.
    FlagChanged,
}

impl fmt::Display for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrepareDownload")?;
        f.write_str(match self {
            Self::Good => "",
            Self::WithHashCc => " with the hash of a confirmation code",
            Self::WithoutRequiredHashCc => " without the hash of the confirmation code that it requires",
            Self::EarlierOtpk => " with the bppEuiccOtpk of the session before",
            Self::UnknownOtpk => " with a bppEuiccOtpk that the eUICC never had",
            Self::OtherTransaction => " with another transactionId",
            Self::SpoiledSignature => " with one bit of smdpSignature2 changed",
            Self::SignedByAnotherKey => " with smdpSignature2 of another key",
            Self::SignedWithoutSignature1 => " with smdpSignature2 over smdpSigned2 alone",
            Self::EarlierSignature1 => " with smdpSignature2 over the euiccSignature1 of the session before",
            Self::FlagChanged => " with ccRequiredFlag changed after signing",
        })
    }
}

impl Preparation {
    /// The command object. smdpSignature2 is remembered in the session.
    ///
    /// # Errors
    /// Where there is no certificate or key for it.
    pub fn object(
        self,
        session: &mut Session,
        earlier: &Session,
        servers: &Servers<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, Stop> {
        let server = match session.server.clone() {
            Some(server) => server,
            None => servers.smdp(None, rng)?,
        };
        let credential = server.pb;
        let otpk = match self {
            Self::EarlierOtpk => Some(earlier.euicc_otpk.clone()),
            Self::UnknownOtpk => {
                let key = SigningKey::generate(Engine::RustCrypto, credential.key.curve(), rng)?;
                Some(key.public_key().point().to_vec())
            }
            _ => None,
        };
        let transaction_id = match self {
            Self::OtherTransaction => session.transaction_id.iter().map(|byte| !byte).collect(),
            _ => session.transaction_id.clone(),
        };
        let signed2 = |required: bool| {
            let mut members = wrap(0x80, &transaction_id);
            members.extend(wrap(0x01, &[if required { 0xFF } else { 0 }]));
            members.extend(otpk.iter().flat_map(|otpk| wrap(0x5F49, otpk)));
            wrap(0x30, &members)
        };
        let required = matches!(self, Self::WithHashCc | Self::WithoutRequiredHashCc);
        let good = signed2(required);
        session.smdp_signature2 = self.sign(&good, session, earlier, &credential, rng)?;

        let mut members = if self == Self::FlagChanged { signed2(!required) } else { good };
        members.extend(wrap(0x5F37, &session.smdp_signature2));
        // A changed flag asks for the hash, so that only the signature is wrong.
        if matches!(self, Self::WithHashCc | Self::FlagChanged) {
            members.extend(wrap(0x04, &HASH_CC));
        }
        members.extend_from_slice(&credential.certificate);
        Ok(wrap(0xBF21, &members))
    }

    fn sign(
        self,
        signed2: &[u8],
        session: &Session,
        earlier: &Session,
        credential: &Credential,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, Stop> {
        let covered = match self {
            Self::SignedWithoutSignature1 => signed2.to_vec(),
            Self::EarlierSignature1 => [signed2, &wrap(0x5F37, &earlier.euicc_signature1)].concat(),
            _ => [signed2, &wrap(0x5F37, &session.euicc_signature1)].concat(),
        };
        let key = match self {
            Self::SignedByAnotherKey => {
                SigningKey::generate(Engine::RustCrypto, credential.key.curve(), rng)?
            }
            _ => credential.key.clone(),
        };
        let mut signature = key.sign(&covered)?.as_bytes().to_vec();
        if self == Self::SpoiledSignature {
            spoil(&mut signature);
        }
        Ok(signature)
    }
}
