//! Opening a Bound Profile Package as an eUICC does (SGP.22 §2.5.3, §5.5), with no code of the binding side.

use asn1::{Raw, TransactionId, tlv};
use crypto::scp03t::{Opener, SessionKeys};
use crypto::{Engine, OneTimeKey, PublicKey, Signature};
use protocol::types::Eid;

/// What was in a package.
pub struct Contents {
    pub configure_isdp: Vec<u8>,
    pub metadata: Vec<u8>,
    pub protection_keys: Option<SessionKeys>,
    pub package: Vec<u8>,
    /// otPK.DP.ECKA.
    pub smdp_otpk: Vec<u8>,
    /// The keys that InitialiseSecureChannel led to.
    pub session_keys: SessionKeys,
}

/// Verifies and opens a package; panics where an eUICC would refuse it.
pub fn open(
    package: &[u8],
    transaction_id: &TransactionId,
    eid: &Eid,
    one_time_key: &OneTimeKey,
    smdp_key: &PublicKey,
) -> Contents {
    let (outer, rest) = tlv::read(package).unwrap();
    assert_eq!((outer.tag.0, rest.len()), (0xBF36, 0));
    let parts: Vec<_> = tlv::children(outer.value).map(Result::unwrap).collect();
    let tags: Vec<u32> = parts.iter().map(|part| part.tag.0).collect();
    let with_protection_keys = tags == [0xBF23, 0xA0, 0xA1, 0xA2, 0xA3];
    assert!(with_protection_keys || tags == [0xBF23, 0xA0, 0xA1, 0xA3], "{tags:X?}");

    let channel: Raw<asn1::InitialiseSecureChannelRequest> = Raw::from_der(parts[0].raw).unwrap();
    assert_eq!(channel.remote_op_id, asn1::RemoteOpId::INSTALL_BOUND_PROFILE_PACKAGE);
    assert_eq!(&channel.transaction_id, transaction_id);
    let template = &channel.control_ref_template;
    assert_eq!((template.key_type.bytes(), template.key_len.bytes()), (&[0x88], &[0x10]));
    let mut covered = channel.signed_members();
    covered.extend([0x5F, 0x49, 0x41]);
    covered.extend(one_time_key.public_key().point());
    let signature = Signature::from_bytes(channel.smdp_sign.bytes()).unwrap();
    smdp_key.verify(Engine::RustCrypto, &covered, &signature).expect("smdpSign");

    let smdp_otpk = PublicKey::from_point(one_time_key.curve(), channel.smdp_otpk.bytes()).unwrap();
    let secret = one_time_key.agree(&smdp_otpk).unwrap();
    let session_keys = SessionKeys::derive(&secret, template.host_id.bytes(), eid.as_bytes()).unwrap();
    let mut opener = Opener::new(session_keys.clone());
    let mut parts = parts.into_iter().skip(1);
    let mut next = || parts.next().unwrap().value;
    let configure_isdp = open_all(&mut opener, 0x87, next());
    let metadata = open_all(&mut opener, 0x88, next());
    let protection_keys = with_protection_keys.then(|| {
        let command: asn1::ReplaceSessionKeysRequest =
            asn1::der::decode(&open_all(&mut opener, 0x87, next())).unwrap();
        let keys = SessionKeys {
            mac_chaining_value: command.initial_mac_chaining_value.bytes().try_into().unwrap(),
            s_enc: command.ppk_enc.bytes().try_into().unwrap(),
            s_mac: command.ppk_cmac.bytes().try_into().unwrap(),
        };
        opener.replace_keys(keys.clone());
        keys
    });
    let package = open_all(&mut opener, 0x86, next());
    let smdp_otpk = smdp_otpk.point().to_vec();
    Contents { configure_isdp, metadata, protection_keys, package, smdp_otpk, session_keys }
}

fn open_all(opener: &mut Opener, tag: u32, segments: &[u8]) -> Vec<u8> {
    let mut plaintext = Vec::new();
    for segment in tlv::children(segments) {
        let segment = segment.unwrap();
        assert_eq!(segment.tag.0, tag);
        assert!(segment.raw.len() <= 1020, "every eUICC takes segments of 1020 bytes, not more");
        plaintext.extend(opener.open(segment.raw).unwrap().iter());
    }
    plaintext
}

/// A package but for its InitialiseSecureChannel: what stays when it is signed anew.
pub fn without_channel(package: &[u8]) -> Vec<u8> {
    let (outer, _) = tlv::read(package).unwrap();
    tlv::read(outer.value).unwrap().1.to_vec()
}
