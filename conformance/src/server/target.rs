//! The server under test: how it is reached and what is known of it beforehand.

mod callers;
mod reports;

pub use callers::{Callers, CallersError};
pub use reports::{Report, Reports};

use std::sync::Arc;

use certs::chain::TrustAnchor;
use certs::{Role, tree};
use crypto::{Curve, Engine};
use protocol::clock::Clock;
use protocol::types::ServerAddress;
use wire::transport::Transport;

use super::orders::OrdersFile;
use crate::pki::Authority;

/// Which of the two kinds of server it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An SM-DP+.
    Smdp,
    /// An SM-DS.
    Smds,
}

/// The server under test.
pub struct Target {
    /// Which kind it is.
    pub kind: Kind,
    /// Whether it is an Alternative SM-DS, that stands below a Root and does not offer ES15 (SGP.22 §5.10).
    pub is_alternative: bool,
    /// Its address, as LPAs write it into messages.
    pub address: ServerAddress,
    /// How LPAs reach it: ES9+ or ES11.
    pub lpa: Transport,
    /// What the judge is certified by, one root a curve; the curves are those that the run is made on.
    pub roots: Vec<Root>,
    /// An operator of the SM-DP+, where ES2+ is offered.
    pub operator: Option<Operator>,
    /// Another operator of the SM-DP+, that has other profiles, of another type.
    pub other_operator: Option<Operator>,
    /// Where the SM-DP+ tells the operator of downloads.
    pub reports: Option<Reports>,
    /// The port at which callers show a certificate: ES2+ of an SM-DP+, ES12 of an SM-DS. `None` where it is not to be judged.
    pub callers: Option<Callers>,
    /// Orders that are there already.
    pub orders: OrdersFile,
    /// The time that certificates of the server are judged by.
    pub clock: Arc<dyn Clock>,
}

/// An operator as the SM-DP+ knows it.
pub struct Operator {
    /// How it reaches the SM-DP+: with its certificate.
    pub transport: Transport,
    /// functionRequesterIdentifier; where it is the object identifier of its certificate, others try to pass for it.
    pub requester: String,
    /// The type of the profiles that it orders; the SM-DP+ has enough of them.
    pub profile_type: String,
}

/// A Certificate Issuer that server and judge know.
pub struct Root {
    /// The curve of all keys below it.
    pub curve: Curve,
    /// Its certificate, to verify the server's.
    pub anchor: TrustAnchor,
    /// What can be issued below it.
    pub authority: Authority,
}

impl Root {
    /// The root of a chain of a certificate directory.
    ///
    /// # Errors
    /// [`tree::TreeError`] where the CI's certificate is missing or none.
    pub fn from_chain(chain: &tree::Chain) -> Result<Self, tree::TreeError> {
        let anchor = chain.trust_anchor(Engine::RustCrypto)?;
        let authority = Authority::from_chain(chain)?;
        Ok(Self { curve: chain.curve(), anchor, authority })
    }
}

impl Target {
    /// The root on a curve; the first one where no curve is asked for.
    pub fn root(&self, curve: Option<Curve>) -> Option<&Root> {
        match curve {
            Some(curve) => self.roots.iter().find(|root| root.curve == curve),
            None => self.roots.first(),
        }
    }

    /// The role of the certificate that the server authenticates with.
    pub fn auth_role(&self) -> Role {
        match self.kind {
            Kind::Smdp => Role::DpAuth,
            Kind::Smds => Role::DsAuth,
        }
    }
}
