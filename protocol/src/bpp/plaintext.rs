//! What the lists of a package carry, before and after SCP03t (SGP.22 §2.5.3, §2.5.4).

use std::borrow::Cow;

use asn1::tlv;
use crypto::scp03t::{Kind, MAX_PLAINTEXT, Protector, SessionKeys};
use zeroize::Zeroizing;

use super::bind::{Binding, Protection};
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
    /// Cut blindly, whatever the pieces contain (SGP.22 §2.5.3).
    pub(super) fn of(binding: Binding<'a>) -> Self {
        let replacement = match binding.protection {
            Protection::SessionKeys => None,
            Protection::ProfileProtectionKeys(keys) => Some(Replacement::by(keys)),
        };
        Self {
            configure_isdp: Cow::Borrowed(CONFIGURE_ISDP),
            metadata: binding.metadata.chunks(MAX_PLAINTEXT).collect(),
            replacement,
            package: binding.package.chunks(MAX_PLAINTEXT).collect(),
        }
    }

    /// Each piece as a TLV of SCP03t, in the order in which the eUICC opens them.
    pub(super) fn protect(self, session_keys: SessionKeys, tracer: &Tracer) -> Lists {
        let mut protector = Protector::new(session_keys);
        let mut lists = Lists(Vec::new());
        lists.push(
            tags::FIRST_SEQUENCE_OF_87,
            [&*self.configure_isdp].map(|piece| protector.protect(Kind::Encrypted87, piece)),
        );
        // SGP.22 §5.5.3: metadata is authenticated only, in as many '88' as it needs.
        lists.push(
            tags::SEQUENCE_OF_88,
            self.metadata.into_iter().map(|piece| protector.protect(Kind::MacOnly88, piece)),
        );
        if let Some(Replacement { command, keys }) = self.replacement {
            tracer.secret("PPK-ENC", &keys.s_enc);
            tracer.secret("PPK-CMAC", &keys.s_mac);
            let command = protector.protect(Kind::Encrypted87, &command);
            lists.push(tags::SECOND_SEQUENCE_OF_87, [command]);
            protector.replace_keys(keys);
        }
        lists.push(
            tags::SEQUENCE_OF_86,
            self.package.into_iter().map(|piece| protector.protect(Kind::Encrypted86, piece)),
        );
        lists
    }
}

/// The lists of a package by their tags, each with its TLVs of SCP03t.
pub(super) struct Lists(pub(super) Vec<(u32, Vec<Vec<u8>>)>);

impl Lists {
    fn push(&mut self, tag: u32, elements: impl IntoIterator<Item = Vec<u8>>) {
        self.0.push((tag, elements.into_iter().collect()));
    }

    /// The package with these lists behind InitialiseSecureChannel.
    pub(super) fn assemble(&self, channel: &[u8]) -> Vec<u8> {
        let mut body = channel.to_vec();
        for (tag, elements) in &self.0 {
            body.extend(tlv::wrap(*tag, &elements.concat()));
        }
        tlv::wrap(tags::BOUND_PROFILE_PACKAGE, &body)
    }
}
