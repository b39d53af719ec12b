//! What belongs to RSP sessions: address, MatchingID, confirmation code, events.

use std::collections::HashSet;

use protocol::es9plus::Function;
use protocol::types::ServerAddress;

use super::{Judgement, Met, Unmet, otherwise};
use crate::lpa::expectation::MatchingId;
use crate::lpa::log::{Call, ConfirmationCodeHash, Said};
use crate::lpa::situation::Server;

impl Met<'_> {
    /// SGP.22 §3.1.2 step 6.
    pub(super) fn names_server(&self) -> Judgement {
        let mut openings = self.log.calls.iter().filter_map(opening).peekable();
        if openings.peek().is_none() {
            return self.not_reached();
        }
        for (call, address) in openings {
            let expected = (self.address_of)(call.server);
            let same = expected.parse::<ServerAddress>().is_ok_and(|ours| ours.is_meant_by(address));
            if !same {
                return otherwise(format!("smdpAddress is {address:?} where {expected} was asked"));
            }
        }
        Ok(())
    }

    /// SGP.22 §3.1.3 step 2, §3.6.2 step 1: of the session that comes first.
    pub(super) fn sends(&self, expected: MatchingId) -> Judgement {
        let mut clients = self.log.calls.iter().filter_map(Call::client);
        let Some(client) = clients.next() else { return self.not_reached() };
        let found = client.matching_id.as_deref();
        let met = match expected {
            MatchingId::Token => found == Some(self.token),
            MatchingId::None => found.unwrap_or_default().is_empty(),
            MatchingId::Empty => found == Some(""),
        };
        if met {
            return Ok(());
        }
        otherwise(match found {
            Some(found) => format!("it is {found:?}"),
            None => "it is absent".to_owned(),
        })
    }

    /// SGP.22 §3.1.3 step 8.
    pub(super) fn confirmation_code_hash(&self) -> Judgement {
        let said = self.log.calls.iter().filter_map(|call| call.said.as_ref());
        let code = said.into_iter().find_map(|said| match said {
            Said::Prepares { code, .. } => Some(*code),
            _ => None,
        });
        match code {
            Some(ConfirmationCodeHash::Right) => Ok(()),
            Some(ConfirmationCodeHash::Wrong) => otherwise("hashCc is another one"),
            Some(ConfirmationCodeHash::Absent) => otherwise("hashCc is absent"),
            None => otherwise(format!("no package was asked for; {}", self.log.summary())),
        }
    }

    /// SGP.22 §3.1.5, §5.7.7.
    pub(super) fn new_session(&self) -> Judgement {
        let challenges: Vec<[u8; 16]> = self.log.calls.iter().filter_map(challenge).collect();
        let different: HashSet<&[u8; 16]> = challenges.iter().collect();
        match challenges.len() {
            0 | 1 => otherwise(format!("there was no second session; {}", self.log.summary())),
            count if different.len() == count => Ok(()),
            _ => otherwise("an euiccChallenge was sent twice"),
        }
    }

    /// SGP.22 §3.6.2 step 4.
    pub(super) fn follows_events(&self) -> Judgement {
        let asked = self.asked_at(Server::Smdp)?;
        let told: Vec<&str> = self.told.iter().map(|told| told.event_id.as_str()).collect();
        if asked == told { Ok(()) } else { otherwise(format!("it was asked for {}", listed(&asked))) }
    }

    /// SGP.22 §3.6.2 case b.
    pub(super) fn follows_alternative(&self) -> Judgement {
        let Some((first, behind)) = self.told.iter().find_map(|told| Some((told, told.behind.as_deref()?)))
        else {
            return Err(Unmet::NotAsked("no event leads to an Alternative SM-DS".to_owned()));
        };
        for (server, event) in [(Server::Second, first), (Server::Smdp, behind)] {
            let asked = self.asked_at(server)?;
            if asked != [event.event_id.as_str()] {
                return otherwise(format!("{server} was asked for {}", listed(&asked)));
            }
        }
        Ok(())
    }

    /// The MatchingIDs with which eUICCs authenticated themselves to a server.
    fn asked_at(&self, server: Server) -> Result<Vec<&str>, Unmet> {
        if !self.log.to(Server::Smds).any(|call| call.is(Function::AuthenticateClient)) {
            return Err(Unmet::NotReached(self.log.summary()));
        }
        let clients = self.log.to(server).filter_map(Call::client);
        Ok(clients.map(|client| client.matching_id.as_deref().unwrap_or_default()).collect())
    }
}

fn listed(ids: &[&str]) -> String {
    if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
}

fn opening(call: &Call) -> Option<(&Call, &str)> {
    match &call.said {
        Some(Said::Opens { address, .. }) => Some((call, address)),
        _ => None,
    }
}

fn challenge(call: &Call) -> Option<[u8; 16]> {
    match &call.said {
        Some(Said::Opens { challenge, .. }) => Some(*challenge),
        _ => None,
    }
}
