//! TLS certificates: those of servers, and what they share with those of clients.

use std::net::IpAddr;

use certs::Role;
use certs::workshop::Holder;
use rand_core::CryptoRng;

use super::draft::Draft;
use super::flaw::{ELSEWHERE, set_host};
use super::tls_defect::{Above, Spoils, TlsDefect, Wildcard};
use super::{Authority, Credential, PkiError, TlsChain};

/// The range of an EUM that issues what is not its to issue.
const IIN: &str = "89049032";

impl Authority {
    /// The certificate of a TLS server on these hosts (names, and IP addresses besides), CERT.DP.TLS or CERT.DS.TLS, good
    /// but for the defect. It is that of the directory only where the Certificate Issuer's key is not there.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the Certificate Issuer's key, unless the directory has a good one for all the hosts;
    /// [`PkiError::Host`] where the first name has too few labels for the defect; [`PkiError::Workshop`] if one is no host
    /// or `role` is none of the two.
    pub fn tls(
        &self,
        role: Role,
        hosts: &[String],
        defect: Option<TlsDefect>,
        rng: &mut dyn CryptoRng,
    ) -> Result<TlsChain, PkiError> {
        if let (None, false, Some(own)) = (defect, self.has_ci_key(), self.own_tls(role, hosts)) {
            return Ok(own);
        }
        let host = hosts.iter().find(|host| host.parse::<IpAddr>().is_err());
        let host = host.map(String::as_str).unwrap_or_default();
        let spoils = defect.map(TlsDefect::spoils);
        let elsewhere = [ELSEWHERE.to_owned()];
        let holder = match spoils {
            Some(Spoils::Host) => Holder::Tls(role, &elsewhere),
            _ => Holder::Tls(role, hosts),
        };
        self.tls_chain(&holder, host, spoils, rng)
    }

    /// What the directory has, if it is for all these hosts.
    fn own_tls(&self, role: Role, hosts: &[String]) -> Option<TlsChain> {
        let own = self.identity(role)?;
        let certificate = own.certificate();
        let named = |host: &String| match host.parse::<IpAddr>() {
            Ok(address) => certificate.ip_addresses().contains(&address),
            Err(_) => certificate.dns_names().iter().any(|name| name.eq_ignore_ascii_case(host)),
        };
        hosts
            .iter()
            .all(named)
            .then(|| TlsChain { chain: vec![certificate.raw().to_vec()], key: own.key().clone() })
    }

    /// A chain of a server or of a client.
    pub(super) fn tls_chain(
        &self,
        holder: &Holder<'_>,
        host: &str,
        spoils: Option<Spoils>,
        rng: &mut dyn CryptoRng,
    ) -> Result<TlsChain, PkiError> {
        let (issuer, above) = match spoils {
            Some(Spoils::UnknownCi(above)) => {
                let unknown = self.stranger(rng)?.ci()?;
                (unknown, matches!(above, Above::Shown))
            }
            Some(Spoils::ForgedCi) => (self.forged_ci(rng)?, true),
            Some(Spoils::BelowEum) => {
                (Draft::new(&self.ci()?, &Holder::Eum(&[IIN]), rng)?.finish_good()?, true)
            }
            Some(Spoils::Certificate(_) | Spoils::Host | Spoils::Wildcard(_)) | None => (self.ci()?, false),
        };
        let mut draft = Draft::new(&issuer, holder, rng)?;
        match spoils {
            Some(Spoils::Certificate(flaw)) => flaw.spoil(&mut draft, rng)?,
            Some(Spoils::Wildcard(wildcard)) => set_host(&mut draft.description, &wildcard.of(host)?),
            _ => {}
        }
        let Credential { certificate, key } = draft.finish()?;
        let mut chain = vec![certificate];
        if above {
            chain.push(issuer.certificate().raw().to_vec());
        }
        Ok(TlsChain { chain, key })
    }
}

impl Wildcard {
    fn of(self, host: &str) -> Result<String, PkiError> {
        match self {
            Self::TooLow => Ok(format!("*.{host}")),
            Self::TooHigh => {
                let above = host.split_once('.').and_then(|(_, above)| above.split_once('.'));
                let above = above.map(|(_, above)| above).filter(|above| !above.is_empty());
                let why = "it has fewer than three labels";
                let above = above.ok_or_else(|| PkiError::Host { host: host.to_owned(), why })?;
                Ok(format!("*.{above}"))
            }
        }
    }
}
