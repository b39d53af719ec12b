//! Binding with one step spoiled.

use std::borrow::Cow;

use asn1::tlv;
use crypto::scp03t::{Kind, MAX_PLAINTEXT, SessionKeys};
use crypto::{Engine, SigningKey};

use super::{PackageDefect, metadata, profile};
use crate::bpp::BppError;
use crate::bpp::bind::{Binding, ProfileElements, session_keys};
use crate::bpp::channel::ChannelRequest;
use crate::bpp::plaintext::{Plaintext, Replacement};
use crate::trace::Tracer;

/// So many bytes one `86` carries where many are wanted.
const SHORT_SEGMENT: usize = 100;
/// The plaintext of an `86` that has more than 1024 bytes with header, padding and MAC.
const OVERSIZED_PLAINTEXT: usize = 1040;

/// Makes the package of [`super::super::bind`] with one defect.
///
/// # Errors
/// Those of [`super::super::bind`], and [`BppError::Defect`] where the profile has no place for the defect, as one without
/// EF.ICCID has none for another ICCID.
pub fn bind_with(defect: PackageDefect, binding: Binding<'_>, tracer: &Tracer) -> Result<Vec<u8>, BppError> {
    let impossible = BppError::Defect(defect);
    let opened;
    let package = match binding.profile {
        ProfileElements::Unprotected(package) => package,
        ProfileElements::Protected(package) => {
            opened = package.open()?;
            &opened
        }
    };
    let package = profile::spoiled(defect, package).ok_or(impossible.clone())?;
    let metadata = metadata::spoiled(defect, binding.metadata).ok_or(impossible)?;
    let binding = Binding { metadata: &metadata, ..binding };

    let session_keys = session_keys(&binding, tracer)?;
    let channel = channel(defect, &binding)?;
    let mut plaintext = Plaintext::of(&binding);
    plaintext.package = package.chunks(MAX_PLAINTEXT).collect();
    defect.spoil(&mut plaintext, &metadata, &package, &session_keys);
    let mut lists = plaintext.protect(session_keys, tracer);
    defect.spoil_lists(&mut lists);
    Ok(lists.assemble(&channel))
}

fn channel(defect: PackageDefect, binding: &Binding<'_>) -> Result<Vec<u8>, BppError> {
    let mut request = ChannelRequest::of(binding);
    match defect {
        PackageDefect::WrongTransactionId => flip_last(&mut request.transaction_id),
        PackageDefect::WrongRemoteOpId => request.remote_op_id = 2,
        // DES, as in older control reference templates.
        PackageDefect::WrongKeyType => request.key_type = 0x80,
        PackageDefect::WrongKeyLength => request.key_length = 0x20,
        PackageDefect::OtherHostId => flip_last(&mut request.host_id),
        PackageDefect::OtpkOffTheCurve => flip_last(&mut request.smdp_otpk),
        PackageDefect::OtpkOfAnotherKey => {
            request.smdp_otpk = other_key(binding.signing_key)?.public_key().point().to_vec();
        }
        _ => {}
    }
    let (otpk, key) = (binding.euicc_otpk, binding.signing_key);
    match defect {
        PackageDefect::WrongSignature => {
            let mut signature = *key.sign(&request.signed(otpk.point()))?.as_bytes();
            flip_last(&mut signature);
            Ok(request.with_signature(&signature))
        }
        PackageDefect::SignedByAnotherKey => request.sign(otpk, &other_key(key)?),
        PackageDefect::SignedWithoutEuiccOtpk => {
            Ok(request.with_signature(key.sign(&request.members())?.as_bytes()))
        }
        _ => request.sign(otpk, key),
    }
}

impl PackageDefect {
    fn spoil<'a>(
        self,
        plaintext: &mut Plaintext<'a>,
        metadata: &'a [u8],
        package: &'a [u8],
        session_keys: &SessionKeys,
    ) {
        match self {
            Self::WrongMac(segment) | Self::Altered(segment) => match segment.kind() {
                Kind::Encrypted87 if segment.number() == 2 => plaintext.replace_keys(session_keys),
                Kind::Encrypted87 => {}
                Kind::MacOnly88 => plaintext.metadata = cut(metadata, segment.number().into()),
                Kind::Encrypted86 => plaintext.package = cut(package, segment.number().into()),
            },
            Self::UnknownCommandIn87 => plaintext.configure_isdp = Cow::Borrowed(&[0xBF, 0x2F, 0]),
            Self::IsdpDataTooLong => plaintext.configure_isdp = Cow::Owned(configure_isdp_of(129)),
            Self::MetadataInTwoSegments => plaintext.metadata = cut(metadata, 2),
            Self::ShortReplacementKeys => {
                plaintext.replace_keys(session_keys);
                if let Some(replacement) = &mut plaintext.replacement {
                    replacement.command = Replacement::request(&[0x11; 8], &[0x22; 8], &[0x33; 8]);
                }
            }
            Self::ReplacementKeysUnused => {
                plaintext.replace_keys(session_keys);
                if let Some(replacement) = &mut plaintext.replacement {
                    replacement.keys = session_keys.clone();
                }
            }
            Self::SegmentsSwapped | Self::SegmentRepeated | Self::SegmentMissing => {
                plaintext.package = cut(package, 3);
            }
            Self::EmptySegment => {
                plaintext.package = cut(package, 2);
                plaintext.package.insert(1, &[]);
            }
            Self::ShortSegments => plaintext.package = package.chunks(SHORT_SEGMENT).collect(),
            Self::OversizedSegment => {
                let (first, rest) = package.split_at_checked(OVERSIZED_PLAINTEXT).unwrap_or((package, &[]));
                plaintext.package = std::iter::once(first).chain(rest.chunks(MAX_PLAINTEXT)).collect();
            }
            _ => {}
        }
    }
}

impl Plaintext<'_> {
    /// With a ReplaceSessionKeys, if there is none yet.
    fn replace_keys(&mut self, session_keys: &SessionKeys) {
        let keys = || SessionKeys {
            mac_chaining_value: session_keys.mac_chaining_value.map(|byte| !byte),
            s_enc: session_keys.s_enc.map(|byte| !byte),
            s_mac: session_keys.s_mac.map(|byte| !byte),
        };
        self.replacement.get_or_insert_with(|| Replacement::by(keys()));
    }
}

/// In at least so many pieces, none of them longer than one may be.
fn cut(bytes: &[u8], pieces: usize) -> Vec<&[u8]> {
    // A whole number of pieces may come out smaller where the bytes are few: so the rest goes to the last one.
    let size = (bytes.len() / pieces.max(1)).clamp(1, MAX_PLAINTEXT);
    let (first, rest) = bytes.split_at_checked(size * pieces.saturating_sub(1)).unwrap_or((bytes, &[]));
    first.chunks(size).chain(rest.chunks(MAX_PLAINTEXT)).collect()
}

/// ConfigureISDP with dpProprietaryData of so many bytes: dpOid, then what the SM-DP+ likes.
fn configure_isdp_of(length: usize) -> Vec<u8> {
    const DP_OID: [u8; 3] = [0x88, 0x37, 0x0A];
    let mut data = tlv::wrap(0x80, &DP_OID);
    data.extend(tlv::wrap(0x81, &vec![0; length]));
    tlv::wrap(0xBF24, &tlv::wrap(0xB8, &data))
}

/// A key on the same curve that nobody trusts.
fn other_key(key: &SigningKey) -> Result<SigningKey, BppError> {
    Ok(SigningKey::from_scalar(Engine::RustCrypto, key.curve(), &[0x5A; 32])?)
}

pub(super) fn flip_last(bytes: &mut [u8]) {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
}
