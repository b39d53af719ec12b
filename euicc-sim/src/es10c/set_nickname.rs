//! SetNickname (SGP.22 §5.7.21).

use asn1::SetNicknameResult;
use asn1::tlv::Tlv;

use crate::apdu::StatusWord;
use crate::engine::Target;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{member, members, outcome};

/// Characters a nickname may have (SGP.22 §5.7.21, counted as §2.8.2 says).
const MAX_CHARACTERS: usize = 64;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let members = members(request.value)?;
    let target = Target::read(member(&members, 0x5A)?)?;
    let nickname = member(&members, 0x90)?.value;
    let nickname = str::from_utf8(nickname).map_err(|_| StatusWord::WRONG_DATA)?;
    set_nickname(isdr, target, nickname).map(|result| outcome(tag::SET_NICKNAME, result.value()))
}

fn set_nickname(
    isdr: &mut Isdr,
    target: Target<'_>,
    nickname: &str,
) -> Result<SetNicknameResult, StatusWord> {
    let mut draft = isdr.state().clone();
    let profile = draft.profiles.iter_mut().find(|profile| target.is(profile));
    let profile = profile.ok_or(SetNicknameResult::ICCID_NOT_FOUND);
    let profile = match isdr.tracer().check("SGP.22 §5.7.21", "the profile is on the card", profile) {
        Ok(profile) => profile,
        Err(result) => return Ok(result),
    };
    if nickname.chars().count() > MAX_CHARACTERS {
        return Ok(SetNicknameResult::UNDEFINED_ERROR);
    }
    // SGP.22 §5.7.21: the empty string removes the nickname, whether there is one or not.
    profile.nickname = (!nickname.is_empty()).then(|| nickname.to_owned());
    isdr.commit(draft)?;
    Ok(SetNicknameResult::OK)
}
