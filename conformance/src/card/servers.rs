//! The servers that the judge plays: good ones, and such as no eUICC may believe.

use certs::tree::Chain;
use certs::{Certificate, Identity, Role, tree};
use crypto::{Curve, Engine};
use rand_core::CryptoRng;

use super::bench::Stop;
use crate::pki::{Authority, Credential, PkiError, ServerDefect, ServerPair, SigningDefect};

/// A Certificate Issuer that judge and card know.
pub struct Root {
    /// The curve of all keys below it.
    pub curve: Curve,
    /// What can be issued below it.
    pub authority: Authority,
    /// The issuer itself, where the directory has its key: for revocation lists.
    pub issuer: Option<Identity>,
}

impl Root {
    /// The root of a chain of a certificate directory.
    ///
    /// # Errors
    /// [`PkiError`] where there is no Certificate Issuer in it.
    pub fn from_chain(chain: &Chain) -> Result<Self, PkiError> {
        let issuer = chain.identity(Role::Ci, Engine::RustCrypto).ok();
        Ok(Self { curve: chain.curve(), authority: Authority::from_chain(chain)?, issuer })
    }

    /// All roots of a certificate directory.
    ///
    /// # Errors
    /// [`PkiError`] where one of them cannot be read.
    pub fn all(pki: &tree::Pki) -> Result<Vec<Self>, PkiError> {
        pki.chains().map(Self::from_chain).collect()
    }
}

/// An SM-DP+ or SM-DS.
#[derive(Clone, Debug)]
pub struct Server {
    /// What it authenticates with.
    pub auth: Credential,
    /// What it binds packages with.
    pub pb: Credential,
}

impl From<ServerPair> for Server {
    fn from(pair: ServerPair) -> Self {
        Self { auth: pair.auth, pb: pair.pb }
    }
}

/// The servers of one case, on one curve.
pub struct Servers<'r> {
    root: &'r Root,
    other: Option<&'r Root>,
    /// The one that a revocation list of this case is about.
    revoked: Option<Server>,
}

impl<'r> Servers<'r> {
    /// Servers below this root; another one is there for certificates that do not belong together.
    pub fn new(root: &'r Root, other: Option<&'r Root>) -> Self {
        Self { root, other, revoked: None }
    }

    /// The Certificate Issuer.
    pub fn root(&self) -> &'r Root {
        self.root
    }

    /// What is issued below the Certificate Issuer.
    pub fn authority(&self) -> &'r Authority {
        &self.root.authority
    }

    /// The Certificate Issuer on the other curve.
    ///
    /// # Errors
    /// Where there is one curve only.
    pub fn other_authority(&self) -> Result<&'r Authority, Stop> {
        let other = self.other.ok_or_else(|| Stop::impossible("there is no second Certificate Issuer"))?;
        Ok(&other.authority)
    }

    /// An SM-DP+, good or not.
    ///
    /// # Errors
    /// Where the directory has no key for it.
    pub fn smdp(&self, defect: Option<ServerDefect>, rng: &mut dyn CryptoRng) -> Result<Server, Stop> {
        Ok(self.authority().server_pair(defect, rng)?.into())
    }

    /// An SM-DP+ whose two certificates are under two Certificate Issuers.
    ///
    /// # Errors
    /// Where the directory has no key for it, or one curve only.
    pub fn under_two_cis(&self, rng: &mut dyn CryptoRng) -> Result<Server, Stop> {
        Ok(self.authority().server_pair_below_two(self.other_authority()?, rng)?.into())
    }

    /// An SM-DS, good or not. Where it is asked to prepare a download it does so as an SM-DP+ would.
    ///
    /// # Errors
    /// Where the directory has no key for it.
    pub fn smds(&self, defect: Option<SigningDefect>, rng: &mut dyn CryptoRng) -> Result<Server, Stop> {
        let auth = self.authority().ds_auth(defect, rng)?;
        Ok(Server { auth, pb: self.smdp(None, rng)?.pb })
    }

    /// The SM-DP+ that the revocation lists of this case are about. It is issued for the case, so that nobody else is
    /// revoked.
    ///
    /// # Errors
    /// Where the directory has no key for it.
    pub fn revoked(&mut self, rng: &mut dyn CryptoRng) -> Result<Server, Stop> {
        let revoked = ServerDefect::Auth(SigningDefect::Revoked);
        let server = match self.revoked.take() {
            Some(server) => server,
            None => self.smdp(Some(revoked), rng)?,
        };
        self.revoked = Some(server.clone());
        Ok(server)
    }
}

impl Server {
    /// Both certificates.
    ///
    /// # Errors
    /// Where one cannot be read: such a server is none to revoke.
    pub fn certificates(&self) -> Result<Vec<Certificate>, Stop> {
        let read = |credential: &Credential| Certificate::from_der(&credential.certificate);
        let certificates = [&self.auth, &self.pb].map(read).into_iter().collect::<Result<_, _>>();
        certificates.map_err(|error| Stop::impossible(&error))
    }
}
