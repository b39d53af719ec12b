//! Bound Profile Packages of the judge's SM-DP+, and their segments.

use std::fmt;

use asn1::TransactionId;
use asn1::tlv;
use crypto::scp03t::SessionKeys;
use crypto::{Engine, OneTimeKey, PublicKey};
use protocol::bpp::defect::{PackageDefect, bind_with};
use protocol::bpp::{Binding, HostId, ProfileElements, ProtectedPackage, bind};
use protocol::trace::Tracer;
use rand_core::CryptoRng;

use super::bench::Stop;
use super::profile::{Form, Profile, Slot};
use super::properties::{Properties, free_memory};
use super::session::{Session, curve_of};

/// Which package is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Package {
    /// As it should be, protected with the session keys.
    Good(Slot, Form),
    /// As it should be, with Profile Protection Keys.
    WithKeys(Slot, Form),
    /// As it should be, with a host id of so many bytes.
    WithHostId(Slot, u8),
    /// That of profile A with a defect.
    Defect(PackageDefect),
}

impl Package {
    /// Whose package it is.
    pub fn slot(self) -> Slot {
        match self {
            Self::Good(slot, _) | Self::WithKeys(slot, _) | Self::WithHostId(slot, _) => slot,
            Self::Defect(_) => Slot::A,
        }
    }

    /// What kind of profile is in it.
    pub fn form(self) -> Form {
        match self {
            Self::Good(_, form) | Self::WithKeys(_, form) => form,
            Self::WithHostId(..) | Self::Defect(_) => Form::Plain,
        }
    }

    /// Binds it for the session.
    ///
    /// # Errors
    /// Where the card's one-time key is none, or the profile has no place for the defect.
    pub fn bind(
        self,
        profile: &Profile,
        session: &Session,
        card: &Properties,
        rng: &mut dyn CryptoRng,
        tracer: &Tracer,
    ) -> Result<Vec<u8>, Stop> {
        let (Some(server), Some(curve)) = (&session.server, curve_of(session)) else {
            return Err(Stop::impossible("no download is prepared"));
        };
        let euicc_otpk = PublicKey::from_point(curve, &session.euicc_otpk)?;
        let one_time_key = OneTimeKey::generate(Engine::RustCrypto, curve, rng)?;
        let mut host = vec![b'h'; 16];
        if let Self::WithHostId(_, length) = self {
            host.truncate(usize::from(length));
        }
        let host_id = HostId::new(&host).map_err(|error| Stop::impossible(&error))?;
        let transaction_id = TransactionId::new(session.transaction_id.clone());
        let transaction_id = transaction_id.map_err(|error| Stop::impossible(&error))?;
        let metadata = profile.store_metadata()?;
        let free_memory = card.info2.as_ref().ok().and_then(free_memory).unwrap_or(0);
        let package = profile.package(free_memory)?;
        let unknown = |why: &String| Stop::Impossible(format!("the EID is not known: {why}"));
        let protected = match self {
            Self::WithKeys(..) => Some(ProtectedPackage::protect(&package, random_keys(rng))),
            _ => None,
        };
        let binding = Binding {
            transaction_id: &transaction_id,
            eid: card.eid.as_ref().map_err(unknown)?,
            host_id: &host_id,
            euicc_otpk: &euicc_otpk,
            one_time_key: &one_time_key,
            metadata: &metadata,
            profile: match &protected {
                Some(protected) => ProfileElements::Protected(protected),
                None => ProfileElements::Unprotected(&package),
            },
            signing_key: &server.pb.key,
        };
        let bound = match self {
            Self::Defect(defect) => bind_with(defect, binding, tracer),
            _ => bind(binding, tracer),
        };
        bound.map_err(|error| Stop::impossible(&error))
    }
}

fn random_keys(rng: &mut dyn CryptoRng) -> SessionKeys {
    let mut keys = SessionKeys { mac_chaining_value: [0; 16], s_enc: [0; 16], s_mac: [0; 16] };
    for key in [&mut keys.mac_chaining_value, &mut keys.s_enc, &mut keys.s_mac] {
        rng.fill_bytes(key);
    }
    keys
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(slot, form) => write!(f, "the package of {slot} ({form})"),
            Self::WithKeys(slot, form) => {
                write!(f, "the package of {slot} ({form}) with Profile Protection Keys")
            }
            Self::WithHostId(slot, length) => {
                write!(f, "the package of {slot} with a host id of {length} bytes")
            }
            Self::Defect(defect) => {
                write!(f, "the package of profile A with the defect {defect}: {}", defect.description())
            }
        }
    }
}

/// Cuts a package into the segments of SGP.22 §2.5.5. Unlike the LPA's cut this one takes any package: what has no TLV
/// structure is a segment as it is.
pub fn segments(package: &[u8]) -> Vec<Vec<u8>> {
    let mut cut = Vec::new();
    let Ok((outer, _)) = tlv::read(package) else { return vec![package.to_vec()] };
    let header = package.len().saturating_sub(outer.value.len());
    let mut pending = package.get(..header).unwrap_or_default().to_vec();
    let mut parts = tlv::children(outer.value);
    for part in parts.by_ref().map_while(Result::ok) {
        match part.tag.0 {
            0xA0..=0xA3 => cut.extend(list(&pending, part)),
            _ => cut.push([&pending, part.raw].concat()),
        }
        pending.clear();
    }
    pending.extend_from_slice(parts.rest());
    cut.extend((!pending.is_empty()).then_some(pending));
    cut
}

/// A list: with '87' its header travels with the first TLV, otherwise alone.
fn list(before: &[u8], part: tlv::Tlv<'_>) -> Vec<Vec<u8>> {
    let header = part.raw.len().saturating_sub(part.value.len());
    let mut first = [before, part.raw.get(..header).unwrap_or_default()].concat();
    let mut elements = Vec::new();
    let mut children = tlv::children(part.value);
    for element in children.by_ref().map_while(Result::ok) {
        elements.push(element.raw.to_vec());
    }
    elements.extend(Some(children.rest().to_vec()).filter(|rest| !rest.is_empty()));
    if matches!(part.tag.0, 0xA0 | 0xA2) && !elements.is_empty() {
        first.extend(elements.remove(0));
    }
    [vec![first], elements].concat()
}
