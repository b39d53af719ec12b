//! The certificates that a server signs messages with.

use certs::Role;
use certs::workshop::Holder;
use rand_core::CryptoRng;

use super::draft::Draft;
use super::flaw::{Flaw, NamesFlaw};
use super::signing_defect::{SigningDefect, Spoils};
use super::{Authority, Credential, PkiError, ServerDefect, ServerPair};

impl Authority {
    /// The two certificates of an SM-DP+, good but for the defect. Without one they are those of the directory, where it has
    /// both with their keys.
    ///
    /// With [`SigningDefect::Revoked`] both are good; what refuses them is the list of [`Authority::crl`], which is to be
    /// made of the one that the defect concerns.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the Certificate Issuer's key.
    pub fn server_pair(
        &self,
        defect: Option<ServerDefect>,
        rng: &mut dyn CryptoRng,
    ) -> Result<ServerPair, PkiError> {
        let own = (self.identity(Role::DpAuth), self.identity(Role::DpPb));
        if let (None, (Some(auth), Some(pb))) = (defect, own) {
            return Ok(ServerPair { auth: auth.into(), pb: pb.into() });
        }
        let of = |concerned: Option<SigningDefect>| concerned.map(SigningDefect::spoils);
        let (auth, pb) = match defect {
            None | Some(ServerDefect::AuthTwice) => (None, None),
            Some(ServerDefect::Auth(defect)) => (of(Some(defect)), None),
            Some(ServerDefect::Pb(defect)) => (None, of(Some(defect))),
            Some(ServerDefect::OidsDiffer) => {
                (None, Some(Spoils::Certificate(Flaw::Names(NamesFlaw::OtherRegisteredId))))
            }
        };
        let auth = self.signing(Role::DpAuth, auth, rng)?;
        let pb = match defect {
            Some(ServerDefect::AuthTwice) => auth.clone(),
            _ => self.signing(Role::DpPb, pb, rng)?,
        };
        Ok(ServerPair { auth, pb })
    }

    /// CERT.DPauth.ECDSA below this Certificate Issuer and CERT.DPpb.ECDSA below another: an eUICC that trusts both has
    /// to refuse the second in PrepareDownload, since their chains lead to different roots (SGP.22 §5.7.5).
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the key of one of the two Certificate Issuers.
    pub fn server_pair_below_two(
        &self,
        other: &Self,
        rng: &mut dyn CryptoRng,
    ) -> Result<ServerPair, PkiError> {
        let auth = self.signing(Role::DpAuth, None, rng)?;
        Ok(ServerPair { auth, pb: other.signing(Role::DpPb, None, rng)? })
    }

    /// CERT.DSauth.ECDSA, good but for the defect. Without one it is that of the directory, if it is there.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the Certificate Issuer's key.
    pub fn ds_auth(
        &self,
        defect: Option<SigningDefect>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Credential, PkiError> {
        match (defect, self.identity(Role::DsAuth)) {
            (None, Some(own)) => Ok(own.into()),
            _ => self.signing(Role::DsAuth, defect.map(SigningDefect::spoils), rng),
        }
    }

    fn signing(
        &self,
        role: Role,
        spoils: Option<Spoils>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Credential, PkiError> {
        let issuer = match spoils {
            Some(Spoils::UnknownCi) => self.stranger(rng)?.ci()?,
            _ => self.ci()?,
        };
        let role = match spoils {
            Some(Spoils::OtherRole) => other_role(role),
            _ => role,
        };
        let mut draft = Draft::new(&issuer, &Holder::Server(role), rng)?;
        if let Some(Spoils::Certificate(flaw)) = spoils {
            flaw.spoil(&mut draft, rng)?;
        }
        draft.finish()
    }
}

/// The signing role that a certificate in this place must not have.
const fn other_role(role: Role) -> Role {
    match role {
        Role::DpPb => Role::DpAuth,
        _ => Role::DpPb,
    }
}
