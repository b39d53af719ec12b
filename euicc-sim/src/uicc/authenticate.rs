//! AUTHENTICATE (3GPP TS 31.102 §7.1, 3GPP TS 31.103 §7.1).

mod sequence;

use crypto::aka::{Keys, OpenedAutn, Rand, TestAlgorithm, TokenError, auts, gsm, open_autn};

use super::pin::change_profile;
use super::{Position, VerifiedCodes, files};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::{
    self, Algorithm, Authentication, AuthenticationParameters, EF_UST, Installed, NetworkAccessApplication,
};

/// Services of the USIM (3GPP TS 31.102 §4.2.8).
const GSM_ACCESS: u8 = 27;
const GSM_SECURITY_CONTEXT: u8 = 38;

/// Tags of the response data (3GPP TS 31.102 §7.1.2).
const SUCCESSFUL_3G_AUTHENTICATION: u8 = 0xDB;
const SYNCHRONISATION_FAILURE: u8 = 0xDC;

/// What P2 asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// SRES and Kc for RAND.
    Gsm,
    /// RES, CK and IK for RAND and AUTN, in an ISIM or CSIM.
    Ims,
    /// The same in a USIM, and Kc where it may have GSM access.
    ThreeG { with_kc: bool },
}

/// AUTHENTICATE.
///
/// # Errors
/// 6A86 for P1 and P2 that are not defined, 9864 for a security context that this card does not run, 6985 outside of an
/// application that can authenticate, 6982 before the PIN of the application, 6700 and 6A80 for data of the wrong form,
/// 9862 where the network has not proved itself.
pub(super) fn authenticate(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if command.p1 != 0x00 {
        return Err(StatusWord::WRONG_P1_P2);
    }
    let files = files(isdr.state());
    let application = current_application(files, position)?;
    let context = Context::of(files, application, command.p2)?;
    require_pin(files, codes, application)?;
    let (rand, autn) = challenge(context, command.data)?;
    let (aid, parameters) = parameters(files, application).ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
    let functions = parameters.functions().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
    let (aid, parameters) = (aid.to_vec(), parameters.clone());
    count(isdr, &aid, &parameters)?;

    if context == Context::Gsm {
        return Ok(Response::data(gsm_response(&functions.f2345(rand))?));
    }
    let opened = open_autn(&*functions, rand, autn).map_err(|error| match error {
        TokenError::Length(_) => StatusWord::WRONG_DATA,
        TokenError::Mac => StatusWord::INCORRECT_MAC,
    })?;
    if !is_fresh(&parameters, &opened) {
        let token = auts(&*functions, rand, &sequence::highest(&parameters.sqn));
        let mut response = vec![SYNCHRONISATION_FAILURE];
        put(&mut response, &token);
        return Ok(Response::data(response));
    }
    // The number counts as used before anybody knows the answer.
    change_parameters(isdr, &aid, |parameters| sequence::accept(&mut parameters.sqn, &opened.sqn))?;
    Ok(Response::data(context.response(&opened.keys)))
}

/// 3GPP TS 31.102 §7.1.1: the current directory is the ADF of the application, or below it.
fn current_application<'a>(
    files: &'a Installed,
    position: &Position,
) -> Result<&'a NetworkAccessApplication, StatusWord> {
    let adf = position.application.as_ref().filter(|adf| {
        let mut directory = Some(position.directory.clone());
        while directory.as_ref().is_some_and(|directory| directory != *adf) {
            directory = directory.and_then(|directory| directory.parent());
        }
        directory.is_some()
    });
    let current = |application: &&NetworkAccessApplication| Some(&application.directory) == adf;
    files.network_access.iter().find(current).ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)
}

impl Context {
    fn of(files: &Installed, application: &NetworkAccessApplication, p2: u8) -> Result<Self, StatusWord> {
        // Bit 8: the key of the application; bits 7 to 4 are not used.
        let Some(context) = p2.checked_sub(0x80).filter(|context| *context <= 0x07) else {
            return Err(StatusWord::WRONG_P1_P2);
        };
        let has = |service| has_service(files, application, service);
        match (application.kind.as_str(), context) {
            ("usim", 0x00) if has(GSM_SECURITY_CONTEXT) => Ok(Self::Gsm),
            ("usim", 0x01) => Ok(Self::ThreeG { with_kc: has(GSM_ACCESS) }),
            (_, 0x01) => Ok(Self::Ims),
            // GSM where there is none, VGCS or HTTP digest, GBA: defined, but not run here.
            ("usim", 0x00 | 0x02 | 0x04) | ("isim", 0x02 | 0x04) => {
                Err(StatusWord::SECURITY_CONTEXT_NOT_SUPPORTED)
            }
            _ => Err(StatusWord::WRONG_P1_P2),
        }
    }

    /// 3GPP TS 31.102 §7.1.2: response data of a success.
    fn response(self, keys: &Keys) -> Vec<u8> {
        let mut response = vec![SUCCESSFUL_3G_AUTHENTICATION];
        for value in [&keys.res, &keys.ck, &keys.ik] {
            put(&mut response, value);
        }
        if let Self::ThreeG { with_kc: true } = self
            && let Some(kc) = gsm::kc(&keys.ck, &keys.ik)
        {
            put(&mut response, &kc);
        }
        response
    }
}

/// 3GPP TS 31.102 §7.1.2: response data of the GSM context.
fn gsm_response(keys: &Keys) -> Result<Vec<u8>, StatusWord> {
    let triplet = gsm::sres(&keys.res).zip(gsm::kc(&keys.ck, &keys.ik));
    let (sres, kc) = triplet.ok_or(StatusWord::SECURITY_CONTEXT_NOT_SUPPORTED)?;
    let mut response = Vec::new();
    put(&mut response, &sres);
    put(&mut response, &kc);
    Ok(response)
}

fn put(response: &mut Vec<u8>, value: &[u8]) {
    response.push(u8::try_from(value.len()).unwrap_or(u8::MAX));
    response.extend_from_slice(value);
}

/// Whether EF_UST of a USIM has a service.
fn has_service(files: &Installed, application: &NetworkAccessApplication, service: u8) -> bool {
    let table = files.content(&application.directory.child(EF_UST)).unwrap_or_default();
    profile_package::is_available(table, service)
}

/// 3GPP TS 31.102 §7.1.1: the PIN of the application was presented, or needs not be. It is the application PIN (key
/// reference 01 to 08) that the ADF names first.
fn require_pin(
    files: &Installed,
    codes: &VerifiedCodes,
    application: &NetworkAccessApplication,
) -> Result<(), StatusWord> {
    let adf = files.file(&application.directory).ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
    let pin = adf.pin_references.iter().find(|reference| matches!(reference, 0x01..=0x08));
    if pin.is_none_or(|pin| codes.satisfy(files, &application.directory, *pin)) {
        return Ok(());
    }
    Err(StatusWord::SECURITY_STATUS_NOT_SATISFIED)
}

/// RAND, and AUTN where the context has one, each behind its length.
fn challenge(context: Context, data: &[u8]) -> Result<(&Rand, &[u8]), StatusWord> {
    let (rand, rest) = value(data)?;
    let rand = rand.try_into().map_err(|_| StatusWord::WRONG_DATA)?;
    let (autn, rest) = if context == Context::Gsm { (&[][..], rest) } else { value(rest)? };
    if rest.is_empty() { Ok((rand, autn)) } else { Err(StatusWord::WRONG_LENGTH) }
}

fn value(data: &[u8]) -> Result<(&[u8], &[u8]), StatusWord> {
    let (length, rest) = data.split_first().ok_or(StatusWord::WRONG_LENGTH)?;
    rest.split_at_checked(usize::from(*length)).ok_or(StatusWord::WRONG_LENGTH)
}

/// The parameters of an application: its own, or those of the one that it is mapped to, whose sequence numbers it then
/// shares; and the AID of the one whose they are.
fn parameters<'a>(
    files: &'a Installed,
    application: &'a NetworkAccessApplication,
) -> Option<(&'a [u8], &'a AuthenticationParameters)> {
    let owner = match application.authentication.as_ref()? {
        Authentication::Own(_) => application,
        Authentication::MappedTo { aid, .. } => {
            files.network_access.iter().find(|other| other.aid == *aid)?
        }
    };
    match owner.authentication.as_ref()? {
        Authentication::Own(parameters) => Some((&owner.aid, parameters)),
        Authentication::MappedTo { .. } => None,
    }
}

/// `authCounterMax`: an authentication is counted before it begins, and refused once there were so many. The test
/// algorithm does not count.
fn count(isdr: &mut Isdr, aid: &[u8], parameters: &AuthenticationParameters) -> Result<(), StatusWord> {
    let Some([high, middle, low]) = parameters.auth_counter_max else { return Ok(()) };
    if parameters.algorithm == Algorithm::Test {
        return Ok(());
    }
    if parameters.auth_counter >= u32::from_be_bytes([0, high, middle, low]) {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    change_parameters(isdr, aid, |parameters| parameters.auth_counter += 1)
}

/// 3GPP TS 33.102 annex C.2. The test algorithm has no options (TCA profile package, PE-AKAParameter), but a value of AMF
/// that asks for resynchronisation.
fn is_fresh(parameters: &AuthenticationParameters, opened: &OpenedAutn) -> bool {
    if parameters.algorithm == Algorithm::Test {
        return opened.amf != TestAlgorithm::AMF_RESYNCH
            && sequence::is_fresh(&parameters.sqn, &opened.sqn, &sequence::Limits::none());
    }
    sequence::is_fresh(&parameters.sqn, &opened.sqn, &sequence::Limits::of(parameters))
}

fn change_parameters(
    isdr: &mut Isdr,
    aid: &[u8],
    change: impl FnOnce(&mut AuthenticationParameters),
) -> Result<(), StatusWord> {
    change_profile(isdr, |installed| {
        let owner = installed.network_access.iter_mut().find(|application| application.aid == aid)?;
        match owner.authentication.as_mut()? {
            Authentication::Own(parameters) => {
                change(parameters);
                Some(())
            }
            Authentication::MappedTo { .. } => None,
        }
    })
}
