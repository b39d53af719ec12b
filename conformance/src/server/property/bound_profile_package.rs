//! Of the Bound Profile Package, opened as the eUICC opens it (SGP.22 §2.5.3 to §2.5.5, §5.5).

use asn1::tlv::{self, Tlv, wrap};
use asn1::{InitialiseSecureChannelRequest, StoreMetadataRequest, der};
use crypto::PublicKey;
use crypto::scp03t::{Opener, SessionKeys};
use protocol::status::StatusCode as Code;

use super::{complete, session, signature};
use crate::server::expected::{Property, executed, is_refused_with};
use crate::server::play::{Player, Session};

/// The longest segment that every eUICC takes, with tag and length (SGP.22 §2.5.3).
const MAX_SEGMENT: usize = 1024;

/// SGP.22 §5.6.2, table of output.
pub const COMPLETE: Property = Property {
    says: "transactionId and boundProfilePackage are there",
    verify: |player| {
        let (_, answer) = player.last().ok_or("nothing was called")?;
        complete(answer.members()?, &["transactionId", "boundProfilePackage"])
    },
};

/// SGP.22 §2.5.4.
pub const ORDER: Property = Property {
    says: "the package is BF36 with BF23, A0, A1, A2 if need be, and A3",
    verify: |player| {
        let parts = Parts::of(session(player)?)?;
        let tags: Vec<u32> = parts.all.iter().map(|part| part.tag.0).collect();
        match tags.as_slice() {
            [0xBF23, 0xA0, 0xA1, 0xA3] | [0xBF23, 0xA0, 0xA1, 0xA2, 0xA3] => Ok(()),
            _ => Err(format!(
                "it has {}",
                parts.all.iter().map(|part| part.tag.to_string()).collect::<Vec<_>>().join(", ")
            )),
        }
    },
};

/// SGP.22 §5.5.1: over the request and otPK.EUICC, which the request does not carry.
pub const SIGNATURE: Property = Property {
    says: "smdpSign verifies with the key of CERT.DPpb over the request and both one-time keys",
    verify: |player| {
        let session = session(player)?;
        let parts = Parts::of(session)?;
        let members: Vec<Tlv<'_>> = children(parts.initialise)?;
        let Some((sign, signed)) = members.split_last() else { return Err("BF23 is empty".to_owned()) };
        let mut covered: Vec<u8> = signed.iter().flat_map(|member| member.raw).copied().collect();
        covered.extend(wrap(0x5F49, own_key(session)?));
        let offered = session.offered.as_ref().ok_or("no profile was offered")?;
        signature(offered.members.octets("smdpCertificate")?, sign.raw, &covered, "smdpSign")
    },
};

/// SGP.22 §5.5.1.
pub const TRANSACTION: Property = Property {
    says: "InitialiseSecureChannel names the transactionId of the session",
    verify: |player| {
        let session = session(player)?;
        let named = Parts::of(session)?.request()?.transaction_id;
        if named.bytes() == session.transaction_id { Ok(()) } else { Err(format!("it names {named}")) }
    },
};

/// SGP.22 §5.5.1: key type 88, key length 10.
pub const CONTROL_REFERENCE: Property = Property {
    says: "controlRefTemplate names AES-128 and a host id of 1 to 16 bytes",
    verify: |player| {
        let template = Parts::of(session(player)?)?.request()?.control_ref_template;
        let (kind, length) = (template.key_type.bytes(), template.key_len.bytes());
        let host = template.host_id.bytes().len();
        if *kind == [0x88] && *length == [0x10] && (1..=16).contains(&host) {
            Ok(())
        } else {
            Err(format!("key type {kind:02X?}, key length {length:02X?}, a host id of {host} bytes"))
        }
    },
};

/// SGP.22 §2.5.3: with keys of ECKA over both one-time keys.
pub const MACS: Property = Property {
    says: "every segment opens with the keys that both sides agree upon",
    verify: |player| Opened::of(player).map(drop),
};

/// SGP.22 §3.1.3, §5.7.6: the LPA compares both.
pub const METADATA: Property = Property {
    says: "StoreMetadata has the metadata that AuthenticateClient offered",
    verify: |player| {
        let stored = Opened::of(player)?.metadata;
        let offered = session(player)?.offered.as_ref().ok_or("no profile was offered")?;
        if stored == offered.members.octets("profileMetadata")? {
            Ok(())
        } else {
            Err("it has others".to_owned())
        }
    },
};

/// SGP.22 §2.5.3.
pub const SEGMENTS: Property = Property {
    says: "no segment has more than 1024 bytes with tag and length",
    verify: |player| {
        let parts = Parts::of(session(player)?)?;
        for part in parts.all.iter().skip(1) {
            let longest = children(*part)?.iter().map(|segment| segment.raw.len()).max().unwrap_or(0);
            if longest > MAX_SEGMENT {
                return Err(format!("one has {longest} bytes"));
            }
        }
        Ok(())
    },
};

/// SGP.22 §2.5.2, §5.5.3.
pub const ICCID: Property = Property {
    says: "the header of the profile package has the ICCID of the metadata",
    verify: |player| {
        let opened = Opened::of(player)?;
        let metadata: StoreMetadataRequest =
            der::decode(&opened.metadata).map_err(|why| format!("the metadata cannot be read: {why}"))?;
        // ProfileHeader A0, iccid 83: the digits in the order in which they are written.
        let header = tlv::read(&opened.profile).map_err(|why| format!("the package is no TLV: {why}"))?.0;
        let iccid = tlv::find(header.value, 0x83).ok_or("its header has no ICCID")?.value;
        let swapped: Vec<u8> = iccid.iter().map(|pair| pair.rotate_left(4)).collect();
        if header.tag.0 == 0xA0 && (swapped == metadata.iccid.bytes() || iccid == metadata.iccid.bytes()) {
            Ok(())
        } else {
            Err(format!("it has {iccid:02X?}"))
        }
    },
};

/// SGP.22 §5.6.2: only InitialiseSecureChannel is made anew.
pub const SAME_PACKAGE: Property = Property {
    says: "everything behind InitialiseSecureChannel is the same as before",
    verify: |player| {
        let earlier = player.earlier.as_ref().ok_or("there was no session before")?;
        let (now, before) = (Parts::of(session(player)?)?, Parts::of(earlier)?);
        let behind = |parts: &Parts<'_>| -> Vec<u8> {
            parts.all.iter().skip(1).flat_map(|part| part.raw).copied().collect()
        };
        if behind(&now) == behind(&before) { Ok(()) } else { Err("it is another".to_owned()) }
    },
};

/// SGP.22 §5.6.2 leaves both to the SM-DP+.
pub const BOUND_ANEW_OR_REFUSED: Property = Property {
    says: "it hands out a package for the new key, or refuses with 8.2/3.7",
    verify: |player| match refused_rebinding(player)? {
        true => Ok(()),
        false => Opened::of(player).map(drop),
    },
};

/// SGP.22 §5.6.2: otSK.DP is erased as soon as it was used.
pub const FRESH_KEY_OR_REFUSED: Property = Property {
    says: "a package that is bound anew has another one-time key of the SM-DP+",
    verify: |player| {
        if refused_rebinding(player)? {
            return Ok(());
        }
        let earlier = player.earlier.as_ref().ok_or("there was no session before")?;
        let key =
            |session| Parts::of(session).and_then(|parts| parts.request()).map(|request| request.smdp_otpk);
        if key(session(player)?)? == key(earlier)? { Err("it is the same".to_owned()) } else { Ok(()) }
    },
};

/// SGP.22 §3.1.3.2 step 7.
pub const SAID_TOO_OFTEN: Property = Property {
    says: "one wrong code is answered with 8.2.7/6.4",
    verify: |player| {
        let said = player.exchanges.iter().any(|exchange| {
            is_refused_with(
                Code::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED,
                exchange.message.function,
                &exchange.answer,
            )
        });
        if said { Ok(()) } else { Err(format!("none of {} answers says so", player.exchanges.len())) }
    },
};

fn refused_rebinding(player: &Player<'_>) -> Result<bool, String> {
    let (function, answer) = player.last().ok_or("nothing was called")?;
    if is_refused_with(Code::PROFILE_UNAVAILABLE, function, answer) {
        return Ok(true);
    }
    if executed(function, answer) { Ok(false) } else { Err(answer.told.to_string()) }
}

fn own_key(session: &Session) -> Result<&[u8; 65], String> {
    session
        .one_time_key
        .as_ref()
        .map(|key| key.public_key().point())
        .ok_or_else(|| "no key was told".to_owned())
}

fn children(tlv: Tlv<'_>) -> Result<Vec<Tlv<'_>>, String> {
    tlv::children(tlv.value)
        .collect::<Result<_, _>>()
        .map_err(|why| format!("{} holds no TLVs: {why}", tlv.tag))
}

/// The parts of a package, unopened.
struct Parts<'a> {
    all: Vec<Tlv<'a>>,
    initialise: Tlv<'a>,
}

impl<'a> Parts<'a> {
    fn of(session: &'a Session) -> Result<Self, String> {
        let package = session.package.as_ref().ok_or("no package was handed out")?;
        let (package, rest) = tlv::read(package).map_err(|why| format!("the package is no TLV: {why}"))?;
        if package.tag.0 != 0xBF36 || !rest.is_empty() {
            return Err("the package is not one BF36".to_owned());
        }
        let all = children(package)?;
        let initialise = *all.first().ok_or("the package is empty")?;
        Ok(Self { all, initialise })
    }

    fn request(&self) -> Result<InitialiseSecureChannelRequest, String> {
        der::decode(self.initialise.raw)
            .map_err(|why| format!("InitialiseSecureChannel cannot be read: {why}"))
    }
}

/// What a package holds.
struct Opened {
    metadata: Vec<u8>,
    profile: Vec<u8>,
}

impl Opened {
    fn of(player: &Player<'_>) -> Result<Self, String> {
        let session = session(player)?;
        let parts = Parts::of(session)?;
        let mut opener = Opener::new(keys(player, session, &parts.request()?)?);
        let mut opened = Self { metadata: Vec::new(), profile: Vec::new() };
        for part in parts.all.iter().skip(1) {
            let mut content = Vec::new();
            for (number, segment) in (1..).zip(children(*part)?) {
                let plain = opener.open(segment.raw);
                let plain = plain.map_err(|why| format!("segment {number} of {}: {why}", part.tag))?;
                content.extend_from_slice(&plain);
            }
            match part.tag.0 {
                0xA1 => opened.metadata = content,
                0xA2 => opener.replace_keys(replaced(&content)?),
                0xA3 => opened.profile = content,
                _ => {}
            }
        }
        Ok(opened)
    }
}

/// SGP.22 §2.6.5, annex G.
fn keys(
    player: &Player<'_>,
    session: &Session,
    request: &InitialiseSecureChannelRequest,
) -> Result<SessionKeys, String> {
    let own = session.one_time_key.as_ref().ok_or("no key was told")?;
    let theirs = PublicKey::from_point(own.curve(), request.smdp_otpk.bytes())
        .map_err(|why| format!("the one-time key of the SM-DP+ is none: {why}"))?;
    let secret = own.agree(&theirs).map_err(|why| why.to_string())?;
    let host_id = request.control_ref_template.host_id.bytes();
    SessionKeys::derive(&secret, host_id, &player.euicc.chain.eid).map_err(|why| why.to_string())
}

/// ReplaceSessionKeysRequest (SGP.22 §5.5.4).
fn replaced(content: &[u8]) -> Result<SessionKeys, String> {
    let (request, _) = tlv::read(content).map_err(|why| format!("ReplaceSessionKeys is no TLV: {why}"))?;
    let key = |tag| {
        let value = tlv::find(request.value, tag).map(|member| member.value).unwrap_or_default();
        <[u8; 16]>::try_from(value).map_err(|_| "ReplaceSessionKeys has no keys of 16 bytes".to_owned())
    };
    Ok(SessionKeys { mac_chaining_value: key(0x80)?, s_enc: key(0x81)?, s_mac: key(0x82)? })
}
