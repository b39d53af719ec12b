//! The EUMs that a batch is made by.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use certs::tree::{self, Pki, Tree};
use certs::workshop::{Factory, Workshop};
use certs::{Role, Variant};
use crypto::Curve;

use crate::command::card::identity;

/// An EUM on the command line: `NAME=DIGITS` for a new one, `NAME` for that of the folder.
#[derive(Clone)]
pub struct EumName {
    organization: String,
    issuer: Option<String>,
}

impl FromStr for EumName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (organization, issuer) = match text.rsplit_once('=') {
            Some((organization, issuer)) => (organization, Some(issuer)),
            None => (text, None),
        };
        // X.520: an organization has at most 64 characters.
        if organization.trim().is_empty() || organization.chars().count() > 64 {
            return Err("the name of an EUM has 1 to 64 characters".to_owned());
        }
        let is_range = |issuer: &str| issuer.len() <= 24 && issuer.bytes().all(|c| c.is_ascii_digit());
        // SGP.29: EIDs begin with 89, the identifier of telecommunications.
        if issuer.is_some_and(|issuer| !issuer.starts_with("89") || !is_range(issuer)) {
            return Err(
                "behind = stand the digits that the EUM's EIDs begin with: 89 and up to 22 more".to_owned()
            );
        }
        Ok(Self { organization: organization.to_owned(), issuer: issuer.map(str::to_owned) })
    }
}

/// An EUM at work.
pub struct Eum {
    /// Its keys.
    pub factory: Factory,
    /// Whether it was founded now, so that its certificates are nowhere yet.
    pub is_new: bool,
}

/// The EUMs of a batch: those named, or that of the folder.
pub fn eums(names: &[EumName], pki: &Pki, curves: &[Curve], workshop: &mut Workshop<'_>) -> Result<Vec<Eum>> {
    if names.is_empty() {
        return Ok(vec![Eum { factory: identity::factory(pki, curves)?, is_new: false }]);
    }
    let mut eums: Vec<Eum> = Vec::new();
    for name in names {
        let eum = match &name.issuer {
            Some(issuer) => {
                let issuers = identity::of_role(pki, Role::Ci, curves)
                    .context("a new EUM needs the private keys of the Certificate Issuer")?;
                let factory = Factory::found(workshop, &issuers, &name.organization, issuer)
                    .with_context(|| format!("cannot make the EUM {:?}", name.organization))?;
                Eum { factory, is_new: true }
            }
            None => of_folder(&name.organization, pki, curves)?,
        };
        let range = eum.factory.issuer();
        let meets = |other: &&Eum| {
            other.factory.issuer().starts_with(range) || range.starts_with(other.factory.issuer())
        };
        if let Some(other) = eums.iter().find(meets) {
            let (one, two) = (other.factory.organization(), eum.factory.organization());
            bail!("{one:?} and {two:?} would give the same EIDs: those that begin with {range}");
        }
        eums.push(eum);
    }
    Ok(eums)
}

fn of_folder(organization: &str, pki: &Pki, curves: &[Curve]) -> Result<Eum> {
    let factory = identity::factory(pki, curves)?;
    let own = factory.organization();
    if own != organization {
        bail!(
            "the EUM of the certificates is {own:?}; for a new one say which digits its EIDs begin with: \
             --eum \"{organization}=89…\""
        );
    }
    Ok(Eum { factory, is_new: false })
}

/// A PKI with this EUM and the first card it would make: all that a card is made of.
pub fn tree_of(factory: &Factory, pki: &Tree, eid: &[u8; 16], workshop: &mut Workshop<'_>) -> Result<Tree> {
    let mut tree = pki.clone();
    for (eum, euicc) in factory.eums().iter().zip(factory.euicc(workshop, eid)?) {
        let curve = eum.certificate().curve();
        tree::insert(&mut tree, Variant::O, curve, Role::Eum, eum)?;
        tree::insert(&mut tree, Variant::O, curve, Role::Euicc, &euicc)?;
    }
    Ok(tree)
}

/// The folder of a new EUM: its certificates and keys, and the certificates of those above it.
pub fn folder_of(factory: &Factory, pki: &Tree) -> Result<Tree> {
    let mut tree = Tree::new();
    for eum in factory.eums() {
        let curve = eum.certificate().curve();
        let issuer = tree::certificate_path(Variant::O, curve, Role::Ci);
        if let Some(certificate) = pki.get(&issuer) {
            tree.insert(issuer, certificate.clone());
        }
        tree::insert(&mut tree, Variant::O, curve, Role::Eum, eum)?;
    }
    Ok(tree)
}
