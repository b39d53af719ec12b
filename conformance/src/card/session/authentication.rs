//! AuthenticateServer, good and otherwise (SGP.22 §5.7.13).

use std::fmt;

use asn1::tlv::wrap;
use crypto::{Engine, SigningKey};
use rand_core::CryptoRng;

use super::{Session, spoil};
use crate::card::bench::Stop;
use crate::card::servers::Servers;
use crate::pki::{Credential, ServerDefect, SigningDefect};

/// How AuthenticateServer is asked for (SGP.22 §5.7.13).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Authentication {
    /// As it should be.
    Good,
    /// With the certificate of an SM-DS.
    Smds,
    /// Of an SM-DP+ whose certificates are wrong in one thing.
    Defect(ServerDefect),
    /// With the certificate of an SM-DS that is wrong in one thing.
    SmdsDefect(SigningDefect),
    /// Of an SM-DP+ whose CERT.DPpb is under another Certificate Issuer, which the eUICC trusts as well.
    TwoCis,
    /// Of an SM-DP+ whose certificates are on a revocation list.
    Revoked,
    /// With the euiccChallenge of the session before.
    EarlierChallenge,
    /// With a euiccChallenge that no eUICC gave.
    OtherChallenge,
    /// With a serverSignature1 that is wrong in one bit.
    SpoiledSignature,
    /// With a serverSignature1 of another key.
    SignedByAnotherKey,
    /// With a transactionId that was changed after serverSigned1 was signed.
    TransactionChanged,
    /// With a serverAddress that was changed after serverSigned1 was signed.
    AddressChanged,
    /// With the euiccCiPKIdToBeUsed of nobody.
    UnknownCi,
    /// With the euiccCiPKIdToBeUsed of the other curve, under which the eUICC has a certificate too.
    CiOfOtherCurve,
    /// With a transactionId of so many bytes.
    TransactionOf(u8),
    /// With everything in ctxParams1 that there is, and some that there is not yet.
    FullContext,
    /// With the least that ctxParams1 can have.
    LeastContext,
}

impl fmt::Display for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticateServer")?;
        f.write_str(match self {
            Self::Good => "",
            Self::Smds => " of an SM-DS",
            Self::Defect(defect) => return write!(f, ": {}", defect.what()),
            Self::SmdsDefect(defect) => return write!(f, " of an SM-DS: {}", defect.what()),
            Self::TwoCis => " of an SM-DP+ whose CERT.DPpb.ECDSA is under another Certificate Issuer",
            Self::Revoked => " of the SM-DP+ that the revocation list is about",
            Self::EarlierChallenge => " with the euiccChallenge of the session before",
            Self::OtherChallenge => " with a euiccChallenge that the eUICC never gave",
            Self::SpoiledSignature => " with one bit of serverSignature1 changed",
            Self::SignedByAnotherKey => " with serverSignature1 of another key",
            Self::TransactionChanged => " with the transactionId changed after signing",
            Self::AddressChanged => " with the serverAddress changed after signing",
            Self::UnknownCi => " with an unknown euiccCiPKIdToBeUsed",
            Self::CiOfOtherCurve => " with the euiccCiPKIdToBeUsed of the other curve",
            Self::TransactionOf(length) => return write!(f, " with a transactionId of {length} bytes"),
            Self::FullContext => " with every member of ctxParams1",
            Self::LeastContext => " with nothing in ctxParams1 but the TAC",
        })
    }
}

impl Authentication {
    /// The command object. What is signed is remembered in the session.
    ///
    /// # Errors
    /// Where there is no certificate or key for it.
    pub fn object(
        self,
        session: &mut Session,
        earlier: &Session,
        servers: &mut Servers<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, Stop> {
        let server = match self {
            Self::Smds => servers.smds(None, rng)?,
            Self::SmdsDefect(defect) => servers.smds(Some(defect), rng)?,
            Self::Defect(defect) => servers.smdp(Some(defect), rng)?,
            Self::TwoCis => servers.under_two_cis(rng)?,
            Self::Revoked => servers.revoked(rng)?,
            _ => servers.smdp(None, rng)?,
        };
        if let Self::TransactionOf(length) = self {
            session.transaction_id.resize(usize::from(length), 0xA5);
        }
        rng.fill_bytes(&mut session.server_challenge);
        session.ctx_params1 = self.ctx_params1();
        let (signed1, signature) = self.signed1(session, earlier, &server.auth, rng)?;
        let ci = match self {
            Self::UnknownCi => vec![0x55; 20],
            Self::CiOfOtherCurve => servers.other_authority()?.key_id().bytes().to_vec(),
            _ => servers.authority().key_id().bytes().to_vec(),
        };
        let members = [
            signed1,
            wrap(0x5F37, &signature),
            wrap(0x04, &ci),
            server.auth.certificate.clone(),
            session.ctx_params1.clone(),
        ];
        session.server = Some(server);
        Ok(wrap(0xBF38, &members.concat()))
    }

    fn signed1(
        self,
        session: &Session,
        earlier: &Session,
        credential: &Credential,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Vec<u8>, Vec<u8>), Stop> {
        let challenge = match self {
            Self::EarlierChallenge => earlier.euicc_challenge.clone(),
            Self::OtherChallenge => session.euicc_challenge.iter().map(|byte| !byte).collect(),
            _ => session.euicc_challenge.clone(),
        };
        let signed1 = |transaction_id: &[u8], address: &str| {
            let members = [
                wrap(0x80, transaction_id),
                wrap(0x81, &challenge),
                wrap(0x83, address.as_bytes()),
                wrap(0x84, &session.server_challenge),
            ];
            wrap(0x30, &members.concat())
        };
        let good = signed1(&session.transaction_id, &session.server_address);
        let key = match self {
            Self::SignedByAnotherKey => {
                SigningKey::generate(Engine::RustCrypto, credential.key.curve(), rng)?
            }
            _ => credential.key.clone(),
        };
        let mut signature = key.sign(&good)?.as_bytes().to_vec();
        if self == Self::SpoiledSignature {
            spoil(&mut signature);
        }
        let sent = match self {
            Self::TransactionChanged => {
                let other: Vec<u8> = session.transaction_id.iter().map(|byte| !byte).collect();
                signed1(&other, &session.server_address)
            }
            Self::AddressChanged => signed1(&session.transaction_id, "other.conformance.example.com"),
            _ => good,
        };
        Ok((sent, signature))
    }

    /// `A0`: ctxParamsForCommonAuthentication.
    fn ctx_params1(self) -> Vec<u8> {
        const TAC: [u8; 4] = [0x35, 0x29, 0x06, 0x11];
        let tac = wrap(0x80, &TAC);
        let members = match self {
            Self::LeastContext => wrap(0xA1, &[tac, wrap(0xA1, &[])].concat()),
            Self::FullContext => {
                // SGP.22 §4.2: each radio technology of v2.2 with its release.
                let capabilities: Vec<u8> = (0x80..=0x87).flat_map(|tag| wrap(tag, &[0x0C, 0, 0])).collect();
                let imei = wrap(0x82, &[0x53, 0x92, 0x60, 0x11, 0x21, 0x43, 0x65, 0xF7]);
                let device = [tac, wrap(0xA1, &capabilities), imei].concat();
                [wrap(0x80, b"CONFORMANCE-1234567890"), wrap(0xA1, &device)].concat()
            }
            _ => {
                let capabilities = wrap(0x85, &[0x0C, 0, 0]);
                let device = [tac, wrap(0xA1, &capabilities)].concat();
                [wrap(0x80, &[]), wrap(0xA1, &device)].concat()
            }
        };
        wrap(0xA0, &members)
    }
}
