//! InitiateAuthentication (SGP.22 §5.6.1, §5.8.1).

use asn1::{
    EuiccInfo1, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, Octet16, Raw, ServerSigned1,
    SubjectKeyIdentifier, TransactionId,
};

use super::{Identities, Kind, Opened, ServerIdentity};
use crate::clock::Timestamp;
use crate::status::Refusal;
use crate::trace::Tracer;
use crate::types::ServerAddress;

/// What the server adds to a request: fresh values and its own address.
pub struct Opening<'a, I> {
    /// The identities to choose from.
    pub identities: &'a Identities<I>,
    /// This server's address.
    pub server_address: &'a ServerAddress,
    /// Fresh, and never used before.
    pub transaction_id: TransactionId,
    /// Fresh.
    pub server_challenge: [u8; 16],
}

/// A TransactionID for a session that begins now (SGP.22 §3.1.1.4: never used before): six bytes of time, most significant first,
/// and ten of chance. Sessions that follow each other stand beside each other in an index; chance alone would spread them over
/// all of it.
pub fn fresh_transaction_id(now: Timestamp, random: [u8; 10]) -> TransactionId {
    let mut octets = [0; 16];
    let (time, chance) = octets.split_at_mut(6);
    time.copy_from_slice(&now.unix_millis().to_be_bytes()[2..]);
    chance.copy_from_slice(&random);
    TransactionId::from(octets)
}

/// Opens a session.
///
/// # Errors
/// The refusals of SGP.22 §5.6.1 or §5.8.1.
pub fn initiate_authentication<I: ServerIdentity>(
    opening: Opening<'_, I>,
    request: &InitiateAuthenticationRequest,
    tracer: &Tracer,
) -> Result<(InitiateAuthenticationOkEs9, Opened), Refusal> {
    let (kind, section) = (&I::KIND, I::KIND.initiate_authentication);
    let info = request.euicc_info1.value();
    tracer.check(section, "the SVN of the eUICC is supported", supported_svn(kind, info))?;
    let address = address_is_ours(kind, opening.server_address, &request.smdp_address);
    let subject = format!("smdpAddress is an address of this {}", kind.name);
    let address = tracer.check(section, &subject, address)?;
    let euicc_ci = tracer.check(
        section,
        "a CI key that the eUICC signs under is trusted",
        ci_to_be_used(opening.identities, info),
    )?;
    let subject = format!("a {} chains to a CI key that the eUICC verifies with", kind.certificate);
    let identity = tracer.check(section, &subject, identity_to_show(opening.identities, info))?;
    let Opening { transaction_id, server_challenge, .. } = opening;
    open_session(&address, transaction_id, server_challenge, &Chosen { identity, euicc_ci }, request)
}

/// The keys of a session, chosen from what both sides know.
pub struct Chosen<'a, I> {
    /// Whom the server shows itself as.
    pub identity: &'a I,
    /// euiccCiPKIdToBeUsed: the CI under which the eUICC shall sign.
    pub euicc_ci: SubjectKeyIdentifier,
}

/// Builds and signs the answer once every choice is made.
///
/// # Errors
/// Only where a key or certificate of ours fails.
pub fn open_session<I: ServerIdentity>(
    server_address: &ServerAddress,
    transaction_id: TransactionId,
    server_challenge: [u8; 16],
    chosen: &Chosen<'_, I>,
    request: &InitiateAuthenticationRequest,
) -> Result<(InitiateAuthenticationOkEs9, Opened), Refusal> {
    let Chosen { identity, euicc_ci } = chosen;
    let server_signed1 = Raw::new(ServerSigned1 {
        transaction_id: transaction_id.clone(),
        euicc_challenge: request.euicc_challenge,
        server_address: server_address.to_string(),
        server_challenge: Octet16::from(server_challenge),
        unknown: Default::default(),
    });
    let signature = identity.auth().key().sign(server_signed1.bytes()).map_err(super::our_crypto)?;
    let ci = identity.ci().ok_or_else(super::our_identity)?;
    let opened = Opened {
        server_challenge: server_challenge.to_vec(),
        ci: ci.bytes().to_vec(),
        euicc_ci: euicc_ci.bytes().to_vec(),
        svn: request.euicc_info1.value().svn.bytes().to_vec(),
        server_address: server_address.to_string(),
    };
    let answer = InitiateAuthenticationOkEs9 {
        transaction_id,
        server_signed1,
        server_signature1: super::signature_tlv(&signature)?,
        euicc_ci_pk_id_to_be_used: euicc_ci.clone(),
        server_certificate: identity.auth().certificate().to_asn1(),
        unknown: Default::default(),
    };
    Ok((answer, opened))
}

/// Any v2: a v3 eUICC names its lowest version in this place (SGP.22 v3.1, EUICCInfo1).
fn supported_svn(kind: &Kind, info: &EuiccInfo1) -> Result<(), Refusal> {
    if info.svn.bytes().first() == Some(&2) {
        return Ok(());
    }
    Err(Refusal::incompatible(
        kind.svn_unsupported,
        format!("the eUICC supports SGP.22 v{}, this {} v2", info.svn, kind.name),
    ))
}

/// The address in the LPA's own spelling: that is what gets signed, since the LPA compares it with what it sent (SGP.22
/// §3.1.2 steps 6, 8 and 10).
fn address_is_ours(kind: &Kind, ours: &ServerAddress, theirs: &str) -> Result<ServerAddress, Refusal> {
    theirs.parse().ok().filter(|_| ours.is_meant_by(theirs)).ok_or_else(|| {
        let theirs: String = theirs.chars().take(255).collect();
        Refusal::incompatible(
            kind.address_refused,
            format!("the LPA asked for {theirs:?}, this {} is {ours}", kind.name),
        )
    })
}

/// The eUICC lists its keys in falling preference and the server has none of its own (SGP.22 §2.6.7.1).
fn ci_to_be_used<I: ServerIdentity>(
    identities: &Identities<I>,
    info: &EuiccInfo1,
) -> Result<SubjectKeyIdentifier, Refusal> {
    let offered = &info.euicc_ci_pk_id_list_for_signing;
    offered.iter().find(|ci| identities.trusts(ci)).cloned().ok_or_else(|| {
        Refusal::incompatible(
            I::KIND.security_configuration_unsupported,
            format!("the eUICC signs under {}, none of which is trusted here", listed(offered)),
        )
    })
}

fn identity_to_show<'a, I: ServerIdentity>(
    identities: &'a Identities<I>,
    info: &EuiccInfo1,
) -> Result<&'a I, Refusal> {
    let known = &info.euicc_ci_pk_id_list_for_verification;
    known.iter().find_map(|ci| identities.under(ci)).ok_or_else(|| {
        Refusal::incompatible(
            I::KIND.certificate_unavailable,
            format!(
                "the eUICC verifies under {}, and no {} here is from one of them",
                listed(known),
                I::KIND.certificate
            ),
        )
    })
}

fn listed(ids: &[SubjectKeyIdentifier]) -> String {
    if ids.is_empty() {
        return "no CI key".to_owned();
    }
    let names: Vec<String> = ids.iter().take(8).map(ToString::to_string).collect();
    format!("CI key {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transaction_ids_follow_each_other_as_their_sessions_do_and_differ_by_chance() {
        let moment = |millis| Timestamp::from_unix_millis(millis);
        let (before, after) = (1_795_318_860_255, 1_795_318_860_256);
        assert!(
            fresh_transaction_id(moment(before), [255; 10]) < fresh_transaction_id(moment(after), [0; 10])
        );
        let id = fresh_transaction_id(moment(after), [7; 10]);
        assert_eq!(id.bytes().len(), 16);
        assert_eq!(&id.bytes()[6..], [7; 10]);
        assert_ne!(id, fresh_transaction_id(moment(after), [8; 10]));
    }
}
