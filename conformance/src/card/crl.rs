//! Revocation lists for LoadCRL (SGP.22 §4.6, §5.7.12).

use std::fmt;

use asn1::tlv::wrap;
use certs::crl::{CrlNumber, Part};
use certs::workshop::{CrlDescription, CrlForm, Workshop};
use certs::{Certificate, Identity, UnixTime};

use super::bench::{Bench, Stop};
use super::servers::Root;

/// 2026-01-01: when every list is issued, as every certificate is.
const ISSUED: UnixTime = UnixTime(1_767_225_600);
/// 2049-12-31.
const NEXT_UPDATE: UnixTime = UnixTime(2_524_607_999);

/// Which list is loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crl {
    /// A new complete list with nothing in it.
    Empty,
    /// A new complete list of the two certificates of the server to be revoked.
    Revoking,
    /// The list that was loaded last, once more.
    Same,
    /// One with the number before that of the list that was loaded last.
    Older,
    /// A new list whose signature is wrong in one bit.
    SpoiledSignature,
    /// A new list of a Certificate Issuer that the eUICC does not know.
    UnknownIssuer,
    /// A new list without a number.
    WithoutNumber,
    /// A new delta list to one that was never loaded.
    DeltaWithoutBase,
    /// The second of three parts of a new list.
    SecondOfThree,
}

impl Crl {
    /// The command object. The number of a list that shall be new is above all that this card was seen to have.
    ///
    /// # Errors
    /// Where the directory has not the key of the Certificate Issuer.
    pub(super) fn object(self, bench: &mut Bench<'_>) -> Result<Vec<u8>, Stop> {
        if let (Self::Same, Some(last)) = (self, &bench.last_crl) {
            return Ok(last.object.clone());
        }
        let number = match (self, &bench.last_crl) {
            (Self::Older, Some(last)) => last.number.saturating_sub(1),
            _ => bench.next_crl_number(),
        };
        let mut list = match self {
            Self::UnknownIssuer => {
                let stranger = certs_issuer(bench)?;
                describe(bench, &stranger, number, Self::Empty)?.sign(stranger.key())
            }
            Self::WithoutNumber => {
                let issuer = issuer(bench.servers.root())?;
                let mut description = describe(bench, issuer, number, self)?;
                // id-ce-cRLNumber, 2.5.29.20.
                let is_number = |id: &certs::Oid| id.to_string() == "2.5.29.20";
                description.extensions.retain(|extension| !is_number(&extension.id));
                description.sign(issuer.key())
            }
            _ => {
                let issuer = issuer(bench.servers.root())?;
                describe(bench, issuer, number, self)?.sign(issuer.key())
            }
        }
        .map_err(|error| Stop::impossible(&error))?;
        if self == Self::SpoiledSignature
            && let Some(last) = list.last_mut()
        {
            *last ^= 1;
        }
        // LoadCRLRequest has automatic tags: the list under A0 in place of 30.
        let members = asn1::tlv::read(&list).map_or(&[][..], |(list, _)| list.value);
        let object = wrap(0xBF35, &wrap(0xA0, members));
        if self.is_loaded() {
            bench.last_crl = Some(Loaded { number, object: object.clone() });
        }
        Ok(object)
    }

    /// Whether a good card keeps it.
    fn is_loaded(self) -> bool {
        matches!(self, Self::Empty | Self::Revoking | Self::SecondOfThree)
    }

    /// Whether its number has to be above that of every list before.
    pub(super) fn is_new(self) -> bool {
        !matches!(self, Self::Same | Self::Older)
    }
}

/// A list that was sent.
pub struct Loaded {
    number: u64,
    object: Vec<u8>,
}

fn issuer(root: &Root) -> Result<&Identity, Stop> {
    let missing = || Stop::Unavailable("the directory has no key of the Certificate Issuer".to_owned());
    root.issuer.as_ref().ok_or_else(missing)
}

/// A Certificate Issuer of the same curve that no card knows.
fn certs_issuer(bench: &mut Bench<'_>) -> Result<Identity, Stop> {
    let curve = bench.servers.root().curve;
    let mut workshop = Workshop::new(ISSUED, &mut bench.rng);
    workshop.certificate_issuer(curve).map_err(|error| Stop::impossible(&error))
}

fn describe(bench: &mut Bench<'_>, issuer: &Identity, number: u64, crl: Crl) -> Result<CrlDescription, Stop> {
    let revoked = match crl {
        Crl::Revoking | Crl::SecondOfThree => bench.servers.revoked(&mut bench.rng)?.certificates()?,
        _ => Vec::new(),
    };
    let revoked: Vec<&Certificate> = revoked.iter().collect();
    let mut form = CrlForm::complete(number);
    match crl {
        Crl::DeltaWithoutBase => form.base = Some(CrlNumber::from(number.saturating_sub(1))),
        Crl::SecondOfThree => form.part = Part::new(2, 3),
        _ => {}
    }
    let workshop = Workshop::new(ISSUED, &mut bench.rng);
    let list = workshop.describe_crl(issuer.certificate(), &form, &revoked);
    let mut list = list.map_err(|error| Stop::impossible(&error))?;
    list.next_update = Some(NEXT_UPDATE);
    Ok(list)
}

impl fmt::Display for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a new complete list without entries",
            Self::Revoking => "a new complete list of the certificates of an SM-DP+",
            Self::Same => "the same list once more",
            Self::Older => "a list with a lower number",
            Self::SpoiledSignature => "a list with one bit of its signature changed",
            Self::UnknownIssuer => "a list of an unknown Certificate Issuer",
            Self::WithoutNumber => "a list without a number",
            Self::DeltaWithoutBase => "a delta list to one that was never loaded",
            Self::SecondOfThree => "the second of three parts of a new list",
        })
    }
}
