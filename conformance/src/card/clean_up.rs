//! After a case the card is as it was before: without the profiles, the notifications and the address of the case.

use asn1::tlv::wrap;
use asn1::{DisableResult, Iccid, ProfileInfo, ProfileState, ResetOptions};

use super::bench::{Bench, Stop};
use super::reply::{Code, Reply};

/// Takes away what the case brought. What Profile Policy Rules protect goes only where the user allows it.
///
/// # Errors
/// Says what could not be taken away.
pub(super) fn clean_up(bench: &mut Bench<'_>, destructive: bool) -> Result<(), String> {
    bench.restart().map_err(text)?;
    profiles(bench, destructive)?;
    enable_again(bench)?;
    notifications(bench)?;
    address(bench)
}

fn text(stop: Stop) -> String {
    stop.to_string()
}

fn own_profiles(bench: &mut Bench<'_>) -> Result<Vec<ProfileInfo>, String> {
    let all = bench.profiles_info(&[0x5A, 0x9F70]).map_err(text)??;
    let own: Vec<Iccid> = bench.own_iccids().collect();
    Ok(all.into_iter().filter(|info| info.iccid.is_some_and(|iccid| own.contains(&iccid))).collect())
}

fn profiles(bench: &mut Bench<'_>, destructive: bool) -> Result<(), String> {
    // A Test Profile that goes may bring back an operational one.
    for _ in 0..3 {
        let own = own_profiles(bench)?;
        let enabled = own.iter().filter(|info| info.profile_state == Some(ProfileState::ENABLED));
        for iccid in enabled.filter_map(|info| info.iccid) {
            let identifier = wrap(0xA0, &wrap(0x5A, iccid.bytes()));
            let command = wrap(0xBF32, &[identifier, vec![0x81, 1, 0]].concat());
            let allowed = [Reply::Done, Reply::Code(Code::Disable(DisableResult::DISALLOWED_BY_POLICY))];
            let reply = send(bench, &command)?;
            if !allowed.contains(&reply) {
                return Err(format!("DisableProfile: {reply}"));
            }
        }
    }
    for iccid in own_profiles(bench)?.iter().filter_map(|info| info.iccid) {
        send(bench, &wrap(0xBF33, &wrap(0x5A, iccid.bytes())))?;
    }
    if !own_profiles(bench)?.is_empty() && destructive {
        let operational = ResetOptions::of([ResetOptions::DELETE_OPERATIONAL_PROFILES]);
        let options = asn1::der::encode(&operational);
        let value = asn1::tlv::read(&options).map_or(&[][..], |(tlv, _)| tlv.value);
        send(bench, &wrap(0xBF34, &wrap(0x82, value)))?;
    }
    let left = own_profiles(bench)?;
    if left.is_empty() { Ok(()) } else { Err(format!("{} profiles cannot be deleted", left.len())) }
}

/// The profile that was enabled before, if one was.
fn enable_again(bench: &mut Bench<'_>) -> Result<(), String> {
    let Ok(before) = &bench.properties.profiles else { return Ok(()) };
    let enabled = before.iter().find(|info| info.profile_state == Some(ProfileState::ENABLED));
    let Some(iccid) = enabled.and_then(|info| info.iccid) else { return Ok(()) };
    let now = bench.profiles_info(&[0x5A, 0x9F70]).map_err(text)??;
    let disabled = Some(ProfileState::DISABLED);
    if !now.iter().any(|info| info.iccid == Some(iccid) && info.profile_state == disabled) {
        return Ok(());
    }
    let identifier = wrap(0xA0, &wrap(0x5A, iccid.bytes()));
    done(bench, "EnableProfile", &wrap(0xBF31, &[identifier, vec![0x81, 1, 0]].concat()))
}

fn notifications(bench: &mut Bench<'_>) -> Result<(), String> {
    let before = &bench.properties.sequence_numbers;
    bench.noted.clone_from(before);
    for notification in bench.new_notifications().map_err(text)?? {
        let number = asn1::der::encode(&notification.metadata().seq_number);
        let value = asn1::tlv::read(&number).map_or(&[][..], |(tlv, _)| tlv.value);
        done(bench, "RemoveNotificationFromList", &wrap(0xBF30, &wrap(0x80, value)))?;
    }
    Ok(())
}

fn address(bench: &mut Bench<'_>) -> Result<(), String> {
    let Ok(before) = &bench.properties.addresses else { return Ok(()) };
    let before = before.default_dp_address.clone().unwrap_or_default();
    let now = bench.send(super::request::Request::GetEuiccConfiguredAddresses).map_err(text)?;
    let now: asn1::EuiccConfiguredAddressesResponse =
        asn1::der::decode(&now.answer.data).map_err(|error| error.to_string())?;
    if now.default_dp_address.unwrap_or_default() == before {
        return Ok(());
    }
    done(bench, "SetDefaultDpAddress", &wrap(0xBF3F, &wrap(0x80, before.as_bytes())))
}

fn done(bench: &mut Bench<'_>, function: &str, command: &[u8]) -> Result<(), String> {
    match send(bench, command)? {
        reply if reply.is_done() => Ok(()),
        reply => Err(format!("{function}: {reply}")),
    }
}

fn send(bench: &mut Bench<'_>, command: &[u8]) -> Result<Reply, String> {
    let answer = bench.line.object(command).map_err(|error| error.to_string())?;
    Ok(Reply::of(command, &answer))
}
