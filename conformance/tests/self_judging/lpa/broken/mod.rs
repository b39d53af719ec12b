//! A small LPA that can have one defect.

mod download;
mod http;
mod notifications;
mod trust;

use asn1::{CtxParams1, CtxParamsForCommonAuthentication, DeviceInfo, Octet4, Raw, Unknown};
use certs::Role;
use conformance::lpa::driver::{Ability, Asked, Driver, Ended};
use conformance::lpa::situation::{Act, Server, User};
use lpa::{IsdR, Options};
use protocol::es9plus::Function;
use protocol::trace::{Actor, Tracer};
use serde_json::Value;

use super::defects::Defect;
use super::lab::{Card, Lab};
use http::{Answer, Http, Stop};

/// An LPA with a defect, and its card.
pub struct Broken {
    card: Card,
    http: Http,
    defect: Defect,
    /// Of the first session, for an LPA that cannot part with it.
    challenge: Option<[u8; 16]>,
    elsewhere: String,
}

/// A server that the eUICC has accepted, or is about to.
struct Opened {
    address: String,
    answer: Answer,
    role: Option<Role>,
}

/// What the user wants, and has in hand.
struct Wish {
    address: String,
    matching_id: String,
    oid: Option<String>,
    code_flag: bool,
    user: User,
    confirmation_code: String,
}

type IsdROf<'a> = IsdR<&'a mut Card>;

impl Broken {
    pub fn new(lab: &Lab, defect: Defect) -> Self {
        Self {
            card: lab.card(),
            http: Http::new(lab, defect),
            defect,
            challenge: None,
            elsewhere: lab.address(Server::Smdp),
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    fn isd_r(card: &mut Card) -> IsdROf<'_> {
        IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap()
    }

    async fn work(&mut self, asked: &Asked) -> Result<(), Stop> {
        match asked.act {
            Act::Download(_, user) => {
                let wish = self.parse(asked.activation_code.as_deref().unwrap(), user, asked).ok_or(Stop)?;
                self.download(&wish).await
            }
            Act::DownloadFromDefault => {
                let matching_id =
                    if self.has(Defect::RemembersToken) { "LAST-TIME".to_owned() } else { String::new() };
                self.download(&Self::wish(asked.default_smdp.to_string(), matching_id, asked)).await
            }
            Act::Discover => self.discover(asked).await,
            Act::Deliver | Act::DeliverAgain => Ok(()),
        }
    }

    fn wish(address: String, matching_id: String, asked: &Asked) -> Wish {
        let confirmation_code = asked.confirmation_code.clone();
        Wish { address, matching_id, oid: None, code_flag: false, user: User::Agrees, confirmation_code }
    }

    /// SGP.22 §4.1.
    fn parse(&self, code: &str, user: User, asked: &Asked) -> Option<Wish> {
        let elements: Vec<&str> = code.strip_prefix("LPA:")?.split('$').collect();
        let element = |place: usize| elements.get(place).copied().unwrap_or_default();
        let invalid = element(0) != "1" && !self.has(Defect::IgnoresFormat)
            || elements.len() > 5 && self.has(Defect::WantsFiveElements)
            || element(2).is_empty() && self.has(Defect::WantsToken)
            || !element(3).is_empty() && self.has(Defect::RefusesOid)
            || element(1).contains(char::is_uppercase) && self.has(Defect::RefusesUpperCase);
        if invalid {
            return None;
        }
        let matching_id = match self.has(Defect::LowersToken) {
            true => element(2).to_lowercase(),
            false => element(2).to_owned(),
        };
        Some(Wish {
            oid: Some(element(3).to_owned()).filter(|oid| !oid.is_empty()),
            code_flag: element(4) == "1",
            user,
            ..Self::wish(element(1).to_owned(), matching_id, asked)
        })
    }

    /// SGP.22 §3.6.2.
    async fn discover(&mut self, asked: &Asked) -> Result<(), Stop> {
        let token = if self.has(Defect::RemembersToken) { "LAST-TIME" } else { "" };
        if self.has(Defect::AsksAnyway) {
            let _ = self.download(&Self::wish(self.elsewhere.clone(), String::new(), asked)).await;
        }
        let opened = self.open(&asked.smds.to_string()).await?;
        let mut events = self.events(opened, token).await?;
        if self.has(Defect::FollowsBackwards) {
            events.reverse();
        }
        while !events.is_empty() {
            let (event_id, address) = events.remove(0);
            let outcome = self.follow(&event_id, &address, asked).await;
            match outcome {
                Ok(told) => events.splice(0..0, told).for_each(drop),
                Err(Stop) if self.has(Defect::StopsAtFirstEvent) => return Err(Stop),
                Err(Stop) => {}
            }
        }
        Ok(())
    }

    async fn follow(
        &mut self,
        event_id: &str,
        address: &str,
        asked: &Asked,
    ) -> Result<Vec<(String, String)>, Stop> {
        let opened = self.open(address).await?;
        if opened.role == Some(Role::DsAuth) {
            if self.has(Defect::IgnoresAlternatives) {
                return Err(Stop);
            }
            return self.events(opened, event_id).await;
        }
        let wish = Self::wish(address.to_owned(), event_id.to_owned(), asked);
        self.download_opened(opened, &wish).await.map(|()| Vec::new())
    }

    async fn events(&mut self, opened: Opened, event_id: &str) -> Result<Vec<(String, String)>, Stop> {
        let answer = self.authenticate(&opened, event_id).await?;
        let entries = answer.value("eventEntries").and_then(Value::as_array).cloned().ok_or(Stop)?;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        Ok(entries.iter().map(|entry| (text(entry, "eventId"), text(entry, "rspServerAddress"))).collect())
    }

    /// ctxParams1 (SGP.22 §5.7.13).
    fn context(&self, matching_id: &str) -> Raw<CtxParams1> {
        let tac = if self.has(Defect::WritesTacInText) { *b"NONE" } else { [0x53, 0x92, 0x60, 0x11] };
        let left_out = matching_id.is_empty() && self.has(Defect::LeavesOutEmptyToken);
        Raw::new(CtxParams1::CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication {
            matching_id: (!left_out).then(|| matching_id.to_owned()),
            device_info: DeviceInfo {
                tac: Octet4::from(tac),
                device_capabilities: Default::default(),
                imei: None,
                unknown: Unknown::none(),
            },
            unknown: Unknown::none(),
        }))
    }
}

impl Driver for Broken {
    fn offers(&self, _: Ability) -> Result<(), String> {
        Ok(())
    }

    async fn act(&mut self, asked: &Asked) -> Ended {
        let _ = self.work(asked).await;
        self.deliver().await;
        Ended::InOrder
    }
}

/// The function that comes after one that failed, for an LPA that does not care.
fn next(function: Function) -> Option<(Function, &'static str)> {
    match function {
        Function::InitiateAuthentication => {
            Some((Function::AuthenticateClient, "authenticateServerResponse"))
        }
        Function::AuthenticateClient => Some((Function::GetBoundProfilePackage, "prepareDownloadResponse")),
        _ => None,
    }
}
