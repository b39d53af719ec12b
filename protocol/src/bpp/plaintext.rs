//! What the lists of a package carry, before and after SCP03t (SGP.22 §2.5.3, §2.5.4).

use std::borrow::Cow;

use asn1::tlv;
use crypto::scp03t::{Kind, MAX_PLAINTEXT, Protector, SessionKeys, protected_length};
use zeroize::Zeroizing;

use super::bind::{Binding, ProfileElements};
use super::tags;
use crate::trace::Tracer;

/// A ConfigureISDP request without data (SGP.22 §5.5.2): none of ours goes into the ISD-P.
const CONFIGURE_ISDP: &[u8] = &[0xBF, 0x24, 0];

/// The functions of a package in the clear, in the pieces that become one TLV of SCP03t each.
pub(super) struct Plaintext<'a> {
    pub(super) configure_isdp: Cow<'a, [u8]>,
    pub(super) metadata: Vec<&'a [u8]>,
    pub(super) replacement: Option<Replacement>,
    pub(super) package: Vec<&'a [u8]>,
}

/// ReplaceSessionKeys (SGP.22 §5.5.4).
pub(super) struct Replacement {
    /// The request.
    pub(super) command: Zeroizing<Vec<u8>>,
    /// The keys that protect what follows.
    pub(super) keys: SessionKeys,
}

impl Replacement {
    pub(super) fn by(keys: SessionKeys) -> Self {
        Self { command: Self::request(&keys.mac_chaining_value, &keys.s_enc, &keys.s_mac), keys }
    }

    /// The TLV `BF26`.
    pub(super) fn request(chaining_value: &[u8], enc: &[u8], cmac: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut body = Zeroizing::new(tlv::wrap(0x80, chaining_value));
        body.extend(Zeroizing::new(tlv::wrap(0x81, enc)).iter());
        body.extend(Zeroizing::new(tlv::wrap(0x82, cmac)).iter());
        Zeroizing::new(tlv::wrap(0xBF26, &body))
    }
}

impl<'a> Plaintext<'a> {
    /// Cut blindly, whatever the pieces contain (SGP.22 §2.5.3); with nothing of a package that is protected already.
    pub(super) fn of(binding: &Binding<'a>) -> Self {
        Self::new(binding.metadata, binding.profile)
    }

    /// The same of what matters of a binding.
    pub(super) fn new(metadata: &'a [u8], profile: ProfileElements<'a>) -> Self {
        let (replacement, package): (_, &[u8]) = match profile {
            ProfileElements::Unprotected(package) => (None, package),
            ProfileElements::Protected(package) => (Some(Replacement::by(package.keys().clone())), &[]),
        };
        Self {
            configure_isdp: Cow::Borrowed(CONFIGURE_ISDP),
            metadata: metadata.chunks(MAX_PLAINTEXT).collect(),
            replacement,
            package: package.chunks(MAX_PLAINTEXT).collect(),
        }
    }

    /// The lists in the order in which the eUICC opens them; that of the profile elements is the last.
    fn lists(&self) -> Vec<List<'_>> {
        let list = |tag, kind, pieces| List { tag, kind, pieces, keys_behind: None };
        let mut lists = vec![
            list(tags::FIRST_SEQUENCE_OF_87, Kind::Encrypted87, vec![&*self.configure_isdp]),
            // SGP.22 §5.5.3: metadata is authenticated only, in as many '88' as it needs.
            list(tags::SEQUENCE_OF_88, Kind::MacOnly88, self.metadata.clone()),
        ];
        lists.extend(self.replacement.as_ref().map(|Replacement { command, keys }| List {
            keys_behind: Some(keys),
            ..list(tags::SECOND_SEQUENCE_OF_87, Kind::Encrypted87, vec![command.as_slice()])
        }));
        lists.push(list(tags::SEQUENCE_OF_86, Kind::Encrypted86, self.package.clone()));
        lists
    }

    /// The whole package behind InitialiseSecureChannel, written once.
    pub(super) fn package(&self, channel: &[u8], session_keys: SessionKeys, tracer: &Tracer) -> Vec<u8> {
        let lists = self.lists();
        let body = channel.len() + lists.iter().map(List::length).sum::<usize>();
        let mut package = Vec::with_capacity(tlv::length(tags::BOUND_PROFILE_PACKAGE, body));
        tlv::write_header(&mut package, tlv::Tag(tags::BOUND_PROFILE_PACKAGE), body);
        package.extend_from_slice(channel);
        protect(&lists, &mut package, session_keys, tracer);
        package
    }

    /// What stands before the profile elements: InitialiseSecureChannel and the lists up to ReplaceSessionKeys.
    pub(super) fn head(&self, mut channel: Vec<u8>, session_keys: SessionKeys, tracer: &Tracer) -> Vec<u8> {
        let mut lists = self.lists();
        lists.pop();
        // At once: a buffer that grows leaves what it held behind, and ReplaceSessionKeys is written in clear before it is encrypted.
        channel.reserve_exact(lists.iter().map(List::length).sum());
        protect(&lists, &mut channel, session_keys, tracer);
        channel
    }

    /// Each piece as a TLV of SCP03t of its own.
    pub(super) fn protect(&self, session_keys: SessionKeys, tracer: &Tracer) -> Lists {
        let mut protector = Protector::new(session_keys);
        let protected = self.lists().into_iter().map(|list| {
            let tlvs = list.pieces.iter().map(|piece| protector.protect(list.kind, piece)).collect();
            list.change_keys(&mut protector, tracer);
            (list.tag, tlvs)
        });
        Lists(protected.collect())
    }
}

/// One list, before SCP03t.
struct List<'a> {
    tag: u32,
    kind: Kind,
    pieces: Vec<&'a [u8]>,
    /// The keys that protect what follows it.
    keys_behind: Option<&'a SessionKeys>,
}

impl List<'_> {
    /// How long it is when it is protected.
    fn length(&self) -> usize {
        tlv::length(self.tag, self.value_length())
    }

    fn value_length(&self) -> usize {
        self.pieces.iter().map(|piece| protected_length(self.kind, piece.len())).sum()
    }

    fn change_keys(&self, protector: &mut Protector, tracer: &Tracer) {
        if let Some(keys) = self.keys_behind {
            tracer.secret("PPK-ENC", &keys.s_enc);
            tracer.secret("PPK-CMAC", &keys.s_mac);
            protector.replace_keys(keys.clone());
        }
    }
}

fn protect(lists: &[List<'_>], out: &mut Vec<u8>, session_keys: SessionKeys, tracer: &Tracer) {
    let mut protector = Protector::new(session_keys);
    for list in lists {
        tlv::write_header(out, tlv::Tag(list.tag), list.value_length());
        protector.append(out, list.kind, list.pieces.iter().copied());
        list.change_keys(&mut protector, tracer);
    }
}

/// The lists of a package by their tags, each with its TLVs of SCP03t.
pub(super) struct Lists(pub(super) Vec<(u32, Vec<Vec<u8>>)>);

impl Lists {
    /// The package with these lists behind InitialiseSecureChannel.
    pub(super) fn assemble(&self, channel: &[u8]) -> Vec<u8> {
        let mut body = channel.to_vec();
        for (tag, elements) in &self.0 {
            body.extend(tlv::wrap(*tag, &elements.concat()));
        }
        tlv::wrap(tags::BOUND_PROFILE_PACKAGE, &body)
    }
}
