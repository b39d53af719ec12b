//! Which broken card fails which case.

use asn1::ProfileState;
use conformance::card::Case;
use conformance::card::check::{
    Address, Authenticated, Cancelled, Check, Information, Installed, Notified, Prepared, Profiles, Transport,
};
use conformance::card::expected::{Expected, Told};
use conformance::card::request::Request;
use conformance::card::step::Step;
use conformance::card::uicc::{Answered, Wanted};
use protocol::bpp::defect::Verdict;

use super::broken::{ANY_APDU, ANY_OBJECT, How, MANAGE_CHANNEL, PHONE, SEGMENT, SELECT, Spoil};

/// A way in which a card is broken.
#[derive(Clone, Copy, Debug)]
pub struct Defect {
    /// What it does wrong.
    pub name: &'static str,
    /// Where.
    pub spoil: Spoil,
}

const fn broken(name: &'static str, on: u32, how: How) -> Defect {
    Defect { name, spoil: Spoil { on, from: 1, how } }
}

/// From that time on.
const fn later(name: &'static str, on: u32, from: u32, how: How) -> Defect {
    Defect { name, spoil: Spoil { on, from, how } }
}

/// The list is read once before the notification in question is made.
const NUMBER_AGAIN: Defect = later("a number is used again", 0xBF2B, 2, How::PutLast(&[0xBF2F, 0x80], "00"));

/// Cases for which the rules below find no card that is broken in the right way.
const OF_ONE_CASE: &[(&str, Defect)] = &[
    ("ES10.TransportCommand.5.7.2-05", broken("without Le there is no data", 0xBF3E, How::NeedsLe)),
    ("ES10.TransportCommand.5.7.2-15", later("a broken chain is remembered", 0xBF3E, 3, How::Flip(&[0x5A]))),
    ("ES10.TransportCommand.5.7.2-21", broken("a long answer is cut", 0xBF38, How::Drop(&[0xA0, 0x5F37]))),
    (
        "ES10a.GetEuiccConfiguredAddresses.5.7.3-02",
        broken("defaultDpAddress is not told", 0xBF3C, How::Drop(&[0x80])),
    ),
    (
        "ES10a.GetEuiccConfiguredAddresses.5.7.3-03",
        broken("an address is told that is not there", 0xBF3C, How::Instead("BF3C06 800161 810162")),
    ),
    (
        "ES10a.SetDefaultDpAddress.5.7.4-03",
        later("an address is never removed", 0xBF3F, 2, How::Swallow("BF3F03800100")),
    ),
    (
        "ES10a.SetDefaultDpAddress.5.7.4-04",
        later("there has to be something to remove", 0xBF3F, 2, How::Instead("BF3F0380017F")),
    ),
    (
        "ES10b.GetEUICCInfo.5.7.8-11",
        broken("a session ends when it is asked who is there", 0xBF22, How::Then("BF2E00")),
    ),
    ("ES10b.GetEUICCInfo.5.7.8-03", broken("ppVersion is missing", 0xBF22, How::Drop(&[0x04]))),
    (
        "ES10b.GetEUICCChallenge.5.7.7-01",
        broken("a challenge has 15 bytes", 0xBF2E, How::Put(&[0x80], "000102030405060708090A0B0C0D0E")),
    ),
    (
        "ES10b.CancelSession.5.7.14-15",
        broken("a refused CancelSession ends the session", 0xBF41, How::Then("BF2E00")),
    ),
    ("ES10b.ListNotification.5.7.9-06", broken("profileManagementOperation is ignored", 0xBF28, How::Ignore)),
    ("ES10b.ListNotification.5.7.9-04", broken("one is left out", 0xBF28, How::DropLast)),
    ("ES10b.LoadCRL.5.7.12-03", later("the same list is an error", 0xBF35, 2, How::Instead("BF3503810105"))),
    (
        "ES10b.LoadBoundProfilePackage.5.7.6-13",
        broken("an unknown tag ends the session", SEGMENT, How::Flip(&[0xBF27, 0xBF2F, 0x5A])),
    ),
    (
        "ES10b.LoadBoundProfilePackage.5.7.6-16",
        broken("an ISD-P has any AID", 0xBF2D, How::Put(&[0xA0, 0xE3, 0x4F], "A000000087")),
    ),
    (
        "ES10b.LoadBoundProfilePackage.5.7.6-18",
        broken("there is room for one profile in the list", 0xBF2D, How::DropFirst),
    ),
    (
        "ES10b.PrepareDownload.5.7.5-07",
        broken("a key is told that is none", 0xBF21, How::Flip(&[0xA0, 0x30, 0x5F49])),
    ),
    (
        "ES10b.RetrieveNotificationsList.5.7.10-07",
        later("a list is signed anew each time", 0xBF2B, 2, How::FlipLast),
    ),
    (
        "ES10b.GetRAT.5.7.22-01",
        broken("an entry is about nothing", 0xBF43, How::Put(&[0xA0], "3009 800100 A100 82020000")),
    ),
    ("ES10b.RetrieveNotificationsList.5.7.10-08", NUMBER_AGAIN),
    ("ES10b.RemoveNotificationFromList.5.7.11-05", NUMBER_AGAIN),
    ("ES10c.GetEID.5.7.20-02", broken("the EID changes", 0xBF3E, How::Count(&[0x5A]))),
    ("ES10c.GetProfilesInfo.5.7.15-01", broken("no state is told", 0xBF2D, How::Drop(&[0xA0, 0xE3, 0x9F70]))),
    (
        "ES10c.GetProfilesInfo.5.7.15-15",
        later("an empty list is an error", 0xBF2D, 2, How::Instead("BF2D0381017F")),
    ),
    (
        "ES10c.EnableProfile.5.7.16-21",
        broken("two profiles are enabled", 0xBF2D, How::PutLast(&[0x9F70], "01")),
    ),
    (
        "ES10c.SetNickname.5.7.21-03",
        later("a nickname is never removed", 0xBF29, 2, How::Swallow("BF2903800100")),
    ),
    ("ES10c.GetProfilesInfo.5.7.15-12", broken("the tag list is ignored", 0xBF2D, How::Ignore)),
    (
        "ES10c.SetNickname.5.7.21-04",
        broken("there has to be something to remove", 0xBF29, How::Instead("BF290380017F")),
    ),
    ("ES10c.SetNickname.5.7.21-09", broken("a nickname is not kept", 0xBF29, How::Swallow("BF2903800100"))),
    (
        "ES10c.DeleteProfile.5.7.18-15",
        broken("a deleted profile is not listed any more", 0xBF2D, How::Put(&[0xA0], "")),
    ),
    (
        "ES10c.DisableProfile.5.7.17-09",
        broken("a profile to come back has to be there", 0xBF32, How::Instead("BF320380017F")),
    ),
    ("ES10c.eUICCMemoryReset.5.7.19-04", broken("all profiles are deleted", 0xBF2D, How::Put(&[0xA0], ""))),
    ("ES10c.eUICCMemoryReset.5.7.19-05", broken("all profiles are deleted", 0xBF2D, How::Put(&[0xA0], ""))),
    ("ES10c.eUICCMemoryReset.5.7.19-06", broken("all profiles are deleted", 0xBF2D, How::Put(&[0xA0], ""))),
    (
        "ES10c.eUICCMemoryReset.5.7.19-10",
        broken("pending notifications are forgotten", 0xBF2B, How::Put(&[0xA0], "")),
    ),
];

/// A card that fails this case.
pub fn of(case: &Case) -> Defect {
    let id = case.head.id.to_string();
    if let Some((_, defect)) = OF_ONE_CASE.iter().find(|(one, _)| *one == id) {
        return *defect;
    }
    match case.expected {
        Expected::AsTheStepsSay => phone(case),
        Expected::Done(checks) => of_checks(case, checks),
        Expected::OneOfAnd(told, checks) if told.contains(&Told::Done) => of_checks(case, checks),
        Expected::OneOf([Told::NoData, ..]) | Expected::OneOfAnd([Told::NoData, ..], _) => no_data(case),
        Expected::OneOfAnd(
            [Told::AnyCode],
            [check @ Check::Authenticated(_) | check @ Check::Prepared(_)],
        ) => of_check(case, *check).unwrap_or_else(|| accepting(case)),
        Expected::Judged(defect) if defect.verdict() == Verdict::Installed => {
            broken("the result is not signed", SEGMENT, How::Flip(&[0x5F37]))
        }
        Expected::Judged(defect) if defect.verdict() == Verdict::MayBeInstalled => {
            broken("the result names another transaction", SEGMENT, How::Flip(&[0xBF27, 0x80]))
        }
        _ => accepting(case),
    }
}

/// The last command of the phone is answered otherwise.
fn phone(case: &Case) -> Defect {
    let asked = case.steps.iter().rev().find_map(|step| match step {
        Step::Exchange(exchange) => {
            Some((super::broken::bytes(exchange.command)[1], of_answer(exchange.wanted)))
        }
        Step::Challenge(challenge) => Some((0x88, of_challenge(challenge.wanted))),
        _ => None,
    });
    let (instruction, (name, how)) =
        asked.unwrap_or_else(|| panic!("{}: a phone asks nothing", case.head.id));
    broken(name, PHONE + u32::from(instruction), how)
}

fn of_answer(wanted: Wanted) -> (&'static str, How) {
    match wanted {
        Wanted::Status(_) | Wanted::OneOf(_) => ("everything is accepted", How::Accept),
        Wanted::Data("") | Wanted::Done => ("it is refused", How::Status(0x6F00)),
        Wanted::Data(_) => ("the last bit is another", How::FlipLast),
        Wanted::FcpAtLeast(..) => ("the total size is 0", How::Put(&[0x81], "00")),
        Wanted::Fcp(_) => ("the file control parameters are empty", How::Instead("6200")),
    }
}

fn of_challenge(wanted: Answered) -> (&'static str, How) {
    match wanted {
        Answered::Status(_) => ("everybody is believed", How::Accept),
        _ => ("the last bit is another", How::FlipLast),
    }
}

/// Every error of the function that is asked last becomes success.
fn accepting(case: &Case) -> Defect {
    let name = "everything is accepted";
    match last(case) {
        Some(request) => broken(name, tag(request), How::Accept),
        None => broken(name, ANY_APDU, How::Accept),
    }
}

fn no_data(case: &Case) -> Defect {
    match last(case) {
        Some(Request::Load(_)) => {
            broken("every segment is answered with data", SEGMENT, How::Instead("3000"))
        }
        request => {
            let on = request.map_or(ANY_APDU, tag);
            broken("the case 3 form is not known", on, How::Status(0x6A86))
        }
    }
}

/// The command that is asked last; none where it is an APDU of its own.
pub fn last(case: &Case) -> Option<Request> {
    case.steps.iter().rev().find_map(|step| match step {
        Step::Ask(request) => Some(Some(*request)),
        Step::AskApdu(..) | Step::AskSelect(..) => Some(None),
        _ => None,
    })?
}

/// The tag of the command object.
pub fn tag(request: Request) -> u32 {
    match request {
        Request::GetEuiccConfiguredAddresses => 0xBF3C,
        Request::SetDefaultDpAddress(_) => 0xBF3F,
        Request::GetEuiccChallenge => 0xBF2E,
        Request::GetEuiccInfo1 => 0xBF20,
        Request::GetEuiccInfo2 => 0xBF22,
        Request::ListNotification(_) => 0xBF28,
        Request::RetrieveNotificationsList(_) => 0xBF2B,
        Request::RemoveNotificationFromList(_) => 0xBF30,
        Request::LoadCrl(_) => 0xBF35,
        Request::AuthenticateServer(_) => 0xBF38,
        Request::PrepareDownload(_) => 0xBF21,
        Request::Load(_) => SEGMENT,
        Request::CancelSession(_) => 0xBF41,
        Request::GetRat => 0xBF43,
        Request::LpaeActivation => 0xBF42,
        Request::GetProfilesInfo(_) => 0xBF2D,
        Request::EnableProfile(_) => 0xBF31,
        Request::DisableProfile(_) => 0xBF32,
        Request::DeleteProfile(..) => 0xBF33,
        Request::EuiccMemoryReset(_) => 0xBF34,
        Request::GetEid => 0xBF3E,
        Request::SetNickname(..) => 0xBF29,
        Request::Bytes(_, hex) => {
            let object = super::broken::bytes(hex);
            match asn1::tlv::header(&object) {
                Ok(Some(header)) if header.tag.0 & 0xFF00 == 0xBF00 => header.tag.0,
                _ => ANY_OBJECT,
            }
        }
    }
}

fn of_checks(case: &Case, checks: &[Check]) -> Defect {
    let known = checks.iter().find_map(|check| of_check(case, *check));
    let on = last(case).map_or(SELECT, tag);
    known.unwrap_or_else(|| broken("the function is refused", on, How::Status(0x6A80)))
}

/// A card for which this does not hold.
fn of_check(case: &Case, check: Check) -> Option<Defect> {
    Some(match check {
        Check::Transport(check) => transport(case, check),
        Check::Address(check) => address(case, check),
        Check::Information(check) => information(check)?,
        Check::Authenticated(check) => authenticated(check),
        Check::Prepared(check) => prepared(check),
        Check::Cancelled(check) => cancelled(check),
        Check::Installed(check) => installed(check),
        Check::Notified(check) => notified(case, check)?,
        Check::Profiles(check) => profiles(case, check)?,
    })
}

fn transport(case: &Case, check: Transport) -> Defect {
    match check {
        Transport::ChannelOpened => broken("no channel is to be had", MANAGE_CHANNEL, How::Status(0x6A81)),
        Transport::TemplateIsLast => broken("the FCI has no E0", SELECT, How::Drop(&[0xE0])),
        Transport::SvnIsOfVersion2 => broken("the SVN is 1.9.9", SELECT, How::Put(&[0xE0, 0x82], "010909")),
        Transport::SvnIsThatOfInfo1 => broken("the SVN is 3.9.9", SELECT, How::Put(&[0xE0, 0x82], "030909")),
        Transport::NoEarlyData | Transport::SameDataAsFirst => {
            broken("each block is answered with data", last(case).map_or(ANY_OBJECT, tag), How::Early)
        }
    }
}

fn address(case: &Case, check: Address) -> Defect {
    match (check, last(case)) {
        (Address::RootIsAHostName, _) => broken("the SM-DS has no name", 0xBF3C, How::Put(&[0x81], "2E2E")),
        (Address::DefaultIsNot(_), _) => broken("the address stays", 0xBF34, How::Swallow("BF3403800100")),
        _ => broken("the address is not kept", 0xBF3F, How::Swallow("BF3F03800100")),
    }
}

fn information(check: Information) -> Option<Defect> {
    Some(match check {
        Information::ChallengesDiffer => broken("the challenge is always the same", 0xBF2E, How::Replay),
        Information::Info1NamesKeys => broken("no key is named", 0xBF20, How::Put(&[0xAA], "")),
        Information::Info1NamesTheDirectory => {
            broken("no key to verify with is named", 0xBF20, How::Put(&[0xA9], ""))
        }
        Information::SameSvn => broken("EUICCInfo2 has another SVN", 0xBF22, How::Put(&[0x82], "010203")),
        Information::SameLists => broken("EUICCInfo2 names no keys", 0xBF22, How::Put(&[0xAA], "")),
        Information::CardResources => {
            broken("one application is told", 0xBF22, How::Put(&[0x84], "810101 820400010000 83020400"))
        }
        Information::NoRpm => broken("rpmSupport is 1", 0xBF22, How::Put(&[0x88], "0520")),
        Information::ForbiddenRules => broken("nothing is forbidden", 0xBF22, How::Put(&[0x99], "00")),
        Information::LessMemory => {
            broken("memory does not go down", 0xBF22, How::Put(&[0x84], "810100 82047FFFFFFF 83020400"))
        }
        Information::EidCheckDigits => broken("a digit of the EID is wrong", 0xBF3E, How::Flip(&[0x5A])),
        Information::SameEid => broken("the EID changes", 0xBF3E, How::Count(&[0x5A])),
        Information::RatIsMeaningful => return None,
        Information::SameRat => {
            later("the table changes", 0xBF43, 2, How::Put(&[0xA0], "300A 80020640 A100 82020780"))
        }
        Information::MissingPartsAre(_) => {
            broken("one part is missing", 0xBF35, How::Put(&[0xA0, 0xA0], "020101"))
        }
    })
}

fn authenticated(check: Authenticated) -> Defect {
    const ON: u32 = 0xBF38;
    match check {
        Authenticated::Echoes => broken("serverChallenge is another one", ON, How::Flip(&[0xA0, 0x30, 0x84])),
        Authenticated::ContextIsCopied => {
            broken("ctxParams1 is changed", ON, How::Flip(&[0xA0, 0x30, 0xA0, 0x80]))
        }
        Authenticated::InfoIsThatOfGetEuiccInfo => {
            broken("euiccInfo2 has another firmware", ON, How::Flip(&[0xA0, 0x30, 0xBF22, 0x83]))
        }
        Authenticated::SignatureVerifies => {
            broken("euiccSignature1 is wrong", ON, How::Flip(&[0xA0, 0x5F37]))
        }
        Authenticated::ChainIsGood
        | Authenticated::ChainIsThatOfOtherCurve
        | Authenticated::CertificateNamesEid => broken("CERT.EUM.ECDSA is damaged", ON, How::FlipLast),
        Authenticated::ErrorNamesTransaction => {
            broken("the error has another transactionId", ON, How::Flip(&[0xA1, 0x80]))
        }
    }
}

fn prepared(check: Prepared) -> Defect {
    const ON: u32 = 0xBF21;
    match check {
        Prepared::EchoesTransaction => {
            broken("transactionId is another one", ON, How::Flip(&[0xA0, 0x30, 0x80]))
        }
        Prepared::OtpkIsOnTheCurve => broken("euiccOtpk is no point", ON, How::Flip(&[0xA0, 0x30, 0x5F49])),
        Prepared::OtpkIsFresh => broken("there is one one-time key", ON, How::Replay),
        Prepared::HashCcIsThere => broken("hashCc is left out", ON, How::Drop(&[0xA0, 0x30, 0x04])),
        Prepared::NoHashCc => broken(
            "hashCc is made up",
            ON,
            How::Append(
                &[0xA0, 0x30],
                "0420 CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
            ),
        ),
        Prepared::SignatureVerifies => broken("euiccSignature2 is wrong", ON, How::Flip(&[0xA0, 0x5F37])),
        Prepared::ErrorNamesTransaction => {
            broken("the error has another transactionId", ON, How::Flip(&[0xA1, 0x80]))
        }
    }
}

fn cancelled(check: Cancelled) -> Defect {
    const ON: u32 = 0xBF41;
    match check {
        Cancelled::EchoesTransaction => {
            broken("transactionId is another one", ON, How::Flip(&[0xA0, 0x30, 0x80]))
        }
        Cancelled::ReasonIs(_) => {
            broken("the reason is another one", ON, How::Put(&[0xA0, 0x30, 0x82], "7E"))
        }
        Cancelled::NamesTheServer => broken("smdpOid is another one", ON, How::Flip(&[0xA0, 0x30, 0x81])),
        Cancelled::SignatureVerifies => broken("the signature is wrong", ON, How::Flip(&[0xA0, 0x5F37])),
    }
}

fn installed(check: Installed) -> Defect {
    const METADATA: u32 = 0xBF2F;
    match check {
        Installed::NamesTransaction => {
            broken("the result has another transactionId", SEGMENT, How::Flip(&[0xBF27, 0x80]))
        }
        Installed::NamesTheServer => broken("smdpOid is another one", SEGMENT, How::Flip(&[0xBF27, 0x06])),
        Installed::MetadataIsRight => {
            broken("the result goes elsewhere", SEGMENT, How::Flip(&[0xBF27, METADATA, 0x0C]))
        }
        Installed::NamesIccid => {
            broken("the result has another ICCID", SEGMENT, How::Flip(&[0xBF27, METADATA, 0x5A]))
        }
        Installed::SignatureVerifies => broken("the result is not signed", SEGMENT, How::Flip(&[0x5F37])),
        Installed::NamesAid => {
            broken("the result has another AID", SEGMENT, How::Flip(&[0xBF27, 0xA2, 0xA0, 0x4F]))
        }
        Installed::IsKept => broken("results are not kept", 0xBF2B, How::Put(&[0xA0], "")),
        Installed::NumberIsNew => {
            broken("every result has the number 0", SEGMENT, How::Put(&[0xBF27, METADATA, 0x80], "00"))
        }
        Installed::OnlyAtTheEnd => broken("every segment is answered with data", SEGMENT, How::Early),
        Installed::Tells(_) => broken("the result says nothing", SEGMENT, How::Put(&[0xBF27, 0xA2], "")),
        Installed::NothingMoreIsTaken => broken("segments are taken for ever", SEGMENT, How::Accept),
    }
}

fn notified(case: &Case, check: Notified) -> Option<Defect> {
    let list = last(case).map_or(0, tag);
    Some(match check {
        Notified::Are(_) | Notified::AreInAnyOrder(_) | Notified::HaveAmongThem(_) if list == 0xBF30 => {
            broken("nothing is removed", 0xBF30, How::Swallow("BF3003800100"))
        }
        Notified::Are([]) => return None,
        Notified::Are(_) | Notified::AreInAnyOrder(_) | Notified::HaveAmongThem(_) => {
            broken("the last notification is not kept", 0xBF2B, How::DropLast)
        }
        Notified::SignaturesVerify => {
            broken("CERT.EUM.ECDSA of a notification is damaged", 0xBF2B, How::FlipLast)
        }
        Notified::ListAgrees => broken("ListNotification leaves one out", 0xBF28, How::DropLast),
        Notified::ListIsEmpty | Notified::ListIsOf(_) | Notified::ListIsTheNewest => {
            broken("what is searched for is ignored", list, How::Ignore)
        }
        Notified::ResultIsKept => broken("results are not kept", 0xBF2B, How::Put(&[0xA0], "")),
        Notified::NumbersAreNew => {
            broken("every notification has the number 0", 0xBF2B, How::Put(&[0xA0, 0x30, 0xBF2F, 0x80], "00"))
        }
    })
}

fn profiles(case: &Case, check: Profiles) -> Option<Defect> {
    let on = last(case).map_or(0, tag);
    let swallowed = match on {
        0xBF29 => "BF2903800100",
        0xBF31 => "BF3103800100",
        0xBF32 => "BF3203800100",
        0xBF33 => "BF3303800100",
        0xBF34 => "BF3403800100",
        _ => "",
    };
    Some(match check {
        Profiles::OthersAreUntouched => later("others vanish", 0xBF2D, 2, How::DropFirst),
        Profiles::State(..) | Profiles::Absent(_) | Profiles::Nickname(..) if !swallowed.is_empty() => {
            broken("it says that it did, and did not", on, How::Swallow(swallowed))
        }
        Profiles::State(_, ProfileState::DISABLED) => {
            broken("a new profile is not listed", 0xBF2D, How::Put(&[0xA0], ""))
        }
        Profiles::AidIsOfAnIsdP(_) => return None,
        Profiles::ListHas(_) => broken("a profile is left out", 0xBF2D, How::DropLast),
        Profiles::ListHasOnly(_) | Profiles::TagsAre(..) => {
            broken("what is searched for is ignored", 0xBF2D, How::Ignore)
        }
        Profiles::ListIsEmpty => {
            broken("what is not there is an error", 0xBF2D, How::Instead("BF2D0381017F"))
        }
        Profiles::ContentIsThatOfMetadata(_) => {
            broken("the profile name is another one", 0xBF2D, How::Flip(&[0xA0, 0xE3, 0x92]))
        }
        _ => return None,
    })
}
