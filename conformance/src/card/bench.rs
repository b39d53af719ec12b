//! What a case works with while it runs: the line to the card, the session, the profiles, the answers so far.

use asn1::tlv::wrap;
use asn1::{Aid, Iccid, PendingNotification, ProfileInfo, ProfileInfoListResponse, Raw};
use asn1::{RetrieveNotificationsListResponse, der};
use crypto::CryptoError;
use lpa::CardError;
use protocol::bpp::BppError;
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, Rng};
use thiserror::Error;

use super::crl::Loaded;
use super::line::{Answer, Line, Opened};
use super::package::{Package, segments};
use super::profile::{Profile, Slot};
use super::properties::Properties;
use super::reply::Reply;
use super::request::{Number, Portion, Request, Target};
use super::servers::Servers;
use super::session::{self, Authentication, Preparation, Session};
use crate::pki::PkiError;

/// Why a case could not be run to its end.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Stop {
    /// The way to the card failed, or the card has no answer that could be one.
    #[error(transparent)]
    Card(#[from] CardError),
    /// What the step needs was not there: the step before failed, or our certificates do not allow it.
    #[error("{0}")]
    Impossible(String),
    /// The certificate directory has not what the case needs.
    #[error("{0}")]
    Unavailable(String),
}

impl Stop {
    /// The judge cannot do it.
    pub fn impossible(why: &(impl ToString + ?Sized)) -> Self {
        Self::Impossible(why.to_string())
    }
}

impl From<CryptoError> for Stop {
    fn from(error: CryptoError) -> Self {
        Self::impossible(&error)
    }
}

impl From<BppError> for Stop {
    fn from(error: BppError) -> Self {
        Self::impossible(&error)
    }
}

impl From<PkiError> for Stop {
    fn from(error: PkiError) -> Self {
        match error {
            PkiError::NoKey { .. } => Self::Unavailable(error.to_string()),
            other => Self::impossible(&other),
        }
    }
}

/// A command and what came of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The command; `None` for an APDU of its own.
    pub request: Option<Request>,
    /// The answer.
    pub answer: Answer,
    /// What it says.
    pub reply: Reply,
}

/// The package that is being sent.
#[derive(Clone, Default)]
struct Sending {
    segments: Vec<Vec<u8>>,
    next: usize,
}

/// What a case works with while it runs.
pub struct Bench<'r> {
    /// The line to the card.
    pub line: Line<'r>,
    /// What the card said of itself before the first case.
    pub properties: &'r Properties,
    /// The servers that the judge plays.
    pub servers: Servers<'r>,
    /// The random numbers of the case.
    pub rng: ChaCha20Rng,
    /// The session.
    pub session: Session,
    /// The session before.
    pub earlier: Session,
    /// What selecting the ISD-R gave the last time.
    pub opened: Opened,
    /// The answers that are judged, in order.
    pub asked: Vec<Asked>,
    /// The revocation list that was loaded last.
    pub last_crl: Option<Loaded>,
    /// Sequence numbers that were there before the notifications that are judged.
    pub noted: Vec<u64>,
    /// The Profile Installation Result that came last.
    pub result: Vec<u8>,
    profiles: [Profile; 3],
    installed: Vec<Slot>,
    sending: Sending,
    crl_generation: u64,
}

impl<'r> Bench<'r> {
    /// A bench for one case, on a card that was just reset.
    pub fn new(
        line: Line<'r>,
        opened: Opened,
        properties: &'r Properties,
        servers: Servers<'r>,
        mut rng: ChaCha20Rng,
    ) -> Self {
        let profiles = Slot::ALL.map(|_| Profile::new(&mut rng));
        let session = Session::unknown(&mut rng);
        Self {
            line,
            properties,
            servers,
            earlier: session.clone(),
            session,
            opened,
            asked: Vec::new(),
            last_crl: None,
            noted: properties.sequence_numbers.clone(),
            result: Vec::new(),
            installed: Vec::new(),
            profiles,
            sending: Sending::default(),
            crl_generation: 1,
            rng,
        }
    }

    /// A profile of the case.
    pub fn profile(&self, slot: Slot) -> &Profile {
        match slot {
            Slot::A => &self.profiles[0],
            Slot::B => &self.profiles[1],
            Slot::C => &self.profiles[2],
        }
    }

    fn profile_mut(&mut self, slot: Slot) -> &mut Profile {
        match slot {
            Slot::A => &mut self.profiles[0],
            Slot::B => &mut self.profiles[1],
            Slot::C => &mut self.profiles[2],
        }
    }

    /// The last answer that is judged.
    pub fn last(&self) -> Option<&Asked> {
        self.asked.last()
    }

    /// Sends a command and reads its answer; nothing is judged yet.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn send(&mut self, request: Request) -> Result<Asked, Stop> {
        if let Request::Load(portion) = request {
            return self.load(portion);
        }
        if request == Request::GetEuiccChallenge {
            self.begin_session();
        }
        let object = request.object(self)?;
        let mut answer = self.exchange(&request.to_string(), &object, request.is_case_3())?;
        let mut reply = Reply::of(&object, &answer);
        // A card that has seen lists of another run may have a higher number than ours.
        while let Request::LoadCrl(crl) = request
            && crl.is_new()
            && self.was_outdated(&reply)
        {
            let object = request.object(self)?;
            answer = self.exchange(&request.to_string(), &object, false)?;
            reply = Reply::of(&object, &answer);
        }
        self.keep(request, &answer, &reply);
        Ok(Asked { request: Some(request), answer, reply })
    }

    fn exchange(&mut self, name: &str, object: &[u8], case_3: bool) -> Result<Answer, Stop> {
        self.line.tracer().object(&format!("{name}: command"), object);
        let answer = if case_3 { self.line.case_3_object(object) } else { self.line.object(object) }?;
        if !answer.data.is_empty() {
            self.line.tracer().object(&format!("{name}: response"), &answer.data);
        }
        Ok(answer)
    }

    /// A new session begins, whatever the card makes of it.
    fn begin_session(&mut self) {
        let session = Session::unknown(&mut self.rng);
        self.earlier = std::mem::replace(&mut self.session, session);
    }

    /// Remembers what later commands need of an answer.
    fn keep(&mut self, request: Request, answer: &Answer, reply: &Reply) {
        if !reply.is_done() {
            return;
        }
        match request {
            Request::GetEuiccChallenge => {
                if let Ok(response) = der::decode::<asn1::GetEuiccChallengeResponse>(&answer.data) {
                    self.session.euicc_challenge = response.euicc_challenge.bytes().to_vec();
                }
            }
            Request::AuthenticateServer(_) => session::authenticated(&mut self.session, &answer.data),
            Request::PrepareDownload(_) => session::prepared(&mut self.session, &answer.data),
            _ => {}
        }
    }

    pub(super) fn authenticate_server(&mut self, form: Authentication) -> Result<Vec<u8>, Stop> {
        form.object(&mut self.session, &self.earlier, &mut self.servers, &mut self.rng)
    }

    pub(super) fn prepare_download(&mut self, form: Preparation) -> Result<Vec<u8>, Stop> {
        form.object(&mut self.session, &self.earlier, &self.servers, &mut self.rng)
    }

    /// Binds a package for the session; its segments are sent next.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn bind(&mut self, package: Package) -> Result<(), Stop> {
        self.profile_mut(package.slot()).form = package.form();
        let profile = self.profile(package.slot()).clone();
        let tracer = self.line.tracer().clone();
        let bound = package.bind(&profile, &self.session, self.properties, &mut self.rng, &tracer)?;
        self.sending = Sending { segments: segments(&bound), next: 0 };
        Ok(())
    }

    fn load(&mut self, portion: Portion) -> Result<Asked, Stop> {
        if let Portion::FromTheStart(package) = portion {
            self.bind(package)?;
        }
        let next = self.sending.next;
        let (first, most) = match portion {
            Portion::Rest | Portion::FromTheStart(_) => (next, usize::MAX),
            Portion::Next(number) => (next, number),
            Portion::Again => (next.saturating_sub(1), 1),
            Portion::SkipOne => (next.saturating_add(1), 1),
        };
        let segments: Vec<Vec<u8>> = self.sending.segments.iter().skip(first).take(most).cloned().collect();
        let mut asked = Err(Stop::impossible("there is no segment left"));
        for (segment, number) in segments.iter().zip(first + 1..) {
            let name = format!("segment {number}");
            let answer = self.exchange(&name, segment, false)?;
            // Out of turn or not: what follows goes on from here.
            if !matches!(portion, Portion::Again | Portion::SkipOne) {
                self.sending.next = number;
            }
            let reply = Reply::of(&[0xBF, 0x36, 0], &answer);
            let ends = reply != Reply::NoData || answer.early;
            if matches!(reply, Reply::Done | Reply::NotInstalled(..)) {
                self.result.clone_from(&answer.data);
            }
            asked = Ok(Asked { request: Some(Request::Load(portion)), answer, reply });
            if ends {
                break;
            }
        }
        asked
    }

    /// Whether the list that was sent is older than one the card has; a higher number is tried next then.
    fn was_outdated(&mut self, reply: &Reply) -> bool {
        const MOST: u64 = 1 << 30;
        let outdated = super::reply::Code::LoadCrl(asn1::LoadCrlError::FRESHER_CRL_ALREADY_LOADED);
        let again = *reply == Reply::Code(outdated) && self.crl_generation < MOST;
        if again {
            self.crl_generation += self.crl_generation / 8 + 1;
        }
        again
    }

    /// A number for a revocation list that shall be new.
    pub(super) fn next_crl_number(&mut self) -> u64 {
        self.crl_generation << 33 | u64::from(self.rng.next_u32()) << 1
    }

    /// A profile as commands name it: `4F` or `5A`.
    pub(super) fn target(&self, target: Target) -> Result<Vec<u8>, Stop> {
        /// An ICCID that is no one's: 89 and zeros.
        const UNKNOWN_ICCID: [u8; 10] = [0x98, 0, 0, 0, 0, 0, 0, 0, 0, 0x10];
        /// In the range of ISD-Ps, at its end (SGP.22 §2.4.3).
        const UNKNOWN_AID: [u8; 16] =
            [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0xFF, 0xF0, 0];
        match target {
            Target::Iccid(slot) => Ok(wrap(0x5A, self.profile(slot).iccid.bytes())),
            Target::Aid(slot) => {
                let known = self.profile(slot).aid.as_ref();
                let aid = known.ok_or_else(|| Stop::Impossible(format!("the AID of {slot} is not known")))?;
                Ok(wrap(0x4F, aid.bytes()))
            }
            Target::UnknownIccid => Ok(wrap(0x5A, &UNKNOWN_ICCID)),
            Target::UnknownAid => Ok(wrap(0x4F, &UNKNOWN_AID)),
        }
    }

    /// Whether a step of the case has installed it.
    pub fn is_installed(&self, slot: Slot) -> bool {
        self.installed.contains(&slot)
    }

    /// A step has installed a profile: its AID is asked for.
    ///
    /// # Errors
    /// Where the card does not tell it.
    pub fn has_installed(&mut self, slot: Slot) -> Result<(), Stop> {
        self.installed.push(slot);
        let iccid = self.profile(slot).iccid;
        // A card that does not tell is judged where that is the question.
        let list = self.profiles_info(&[0x5A, 0x4F])?.unwrap_or_default();
        let info = list.into_iter().find(|info| info.iccid == Some(iccid));
        self.profile_mut(slot).aid = info.and_then(|info| info.isdp_aid);
        Ok(())
    }

    pub(super) fn number(&mut self, number: Number) -> Result<u64, Stop> {
        /// Above all that a card gets to in its life, and short.
        const UNKNOWN: u64 = 0x7FFF_FFF0;
        let ours = match number {
            Number::Unknown => return Ok(UNKNOWN),
            Number::Noted => {
                let highest = self.noted.iter().max().copied();
                return highest.ok_or_else(|| Stop::impossible("no notification was noted"));
            }
            Number::Newest | Number::Oldest => self.new_notifications()?.map_err(Stop::Impossible)?,
        };
        let numbers = ours.iter().map(|notification| notification.metadata().seq_number);
        let wanted = if number == Number::Newest { numbers.max() } else { numbers.min() };
        wanted.ok_or_else(|| Stop::impossible("there is no notification of this case"))
    }

    /// The notifications that came since they were noted, in the order of their numbers.
    ///
    /// # Errors
    /// [`Stop`]; in the inner result, what is wrong with the answer.
    pub fn new_notifications(&mut self) -> Result<Result<Vec<Raw<PendingNotification>>, String>, Stop> {
        let list = self.notifications()?;
        let is_new = |notification: &Raw<PendingNotification>| {
            !self.noted.contains(&notification.metadata().seq_number)
        };
        Ok(list.map(|list| {
            let mut ours: Vec<_> = list.into_iter().filter(is_new).collect();
            ours.sort_by_key(|notification| notification.metadata().seq_number);
            ours
        }))
    }

    /// All pending notifications.
    ///
    /// # Errors
    /// [`Stop`]; in the inner result, what is wrong with the answer.
    pub fn notifications(&mut self) -> Result<Result<Vec<Raw<PendingNotification>>, String>, Stop> {
        let answer = self.exchange("RetrieveNotificationsList", &[0xBF, 0x2B, 0], false)?;
        Ok(match Reply::of(&[0xBF, 0x2B, 0], &answer) {
            Reply::Done => match der::decode(&answer.data) {
                Ok(RetrieveNotificationsListResponse::NotificationList(list)) => Ok(list),
                _ => Err("RetrieveNotificationsList has no list".to_owned()),
            },
            // An empty list, as v2.1 tells it.
            Reply::Code(super::reply::Code::Retrieve(asn1::NotificationsListError::NO_RESULT_AVAILABLE)) => {
                Ok(Vec::new())
            }
            other => Err(format!("RetrieveNotificationsList is answered with {other}")),
        })
    }

    /// What the card tells of all its profiles under these tags.
    ///
    /// # Errors
    /// [`Stop`]; in the inner result, what is wrong with the answer.
    pub fn profiles_info(&mut self, tags: &[u32]) -> Result<Result<Vec<ProfileInfo>, String>, Stop> {
        let tags = asn1::TagList::of(tags.iter().copied());
        let object = wrap(0xBF2D, &der::encode(&tags));
        let answer = self.exchange("GetProfilesInfo", &object, false)?;
        Ok(match Reply::of(&object, &answer) {
            Reply::Done => match der::decode(&answer.data) {
                Ok(ProfileInfoListResponse::ProfileInfoListOk(list)) => Ok(list),
                _ => Err("GetProfilesInfo has no list".to_owned()),
            },
            other => Err(format!("GetProfilesInfo is answered with {other}")),
        })
    }

    /// The ICCIDs of all profiles that the case may have installed.
    pub fn own_iccids(&self) -> impl Iterator<Item = Iccid> + '_ {
        self.profiles.iter().map(|profile| profile.iccid)
    }

    /// The AID of a profile of the case, where it was asked for.
    pub fn aid(&self, slot: Slot) -> Option<&Aid> {
        self.profile(slot).aid.as_ref()
    }

    /// Random numbers for a step.
    pub fn rng(&mut self) -> &mut dyn CryptoRng {
        &mut self.rng
    }

    /// Resets the card. Channels and session are gone.
    ///
    /// # Errors
    /// Where the card is gone.
    pub fn restart(&mut self) -> Result<(), Stop> {
        self.opened = self.line.restart()?;
        Ok(())
    }
}
