//! A server of the laboratory: an SM-DS or an SM-DP+, honest or not, that signs with the keys of the PKI.

use std::collections::HashMap;
use std::sync::Mutex;

use asn1::{
    AuthenticateClientOk, AuthenticateClientOkEs11, AuthenticateClientRequest, BoundProfilePackageTlv,
    EventEntries, GetBoundProfilePackageOk, GetBoundProfilePackageRequest, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, Octet16, Raw, StoreMetadataRequest, TransactionId, Unknown, der,
};
use certs::{Role, Variant};
use protocol::clock::Timestamp;
use protocol::mutual_authentication::{
    Chosen, Client, Opened, Opening, initiate_authentication, open_session, unknown_transaction,
    verify_client,
};
use protocol::smdp_session::{self, Offer};
use protocol::smds_session::{Identities, Identity};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::{Actor, Tracer};
use protocol::types::ServerAddress;

use crate::common;
use crate::lab::{ENGINE, NOW, chain, other_chain, pki};

/// What a server has to give.
#[derive(Clone)]
pub enum Stock {
    /// An SM-DS: events by the MatchingID that asks for them, the empty one for all.
    Events(HashMap<String, Vec<EventEntries>>),
    /// An SM-DP+: profile names by MatchingID.
    Profiles(HashMap<String, &'static str>),
}

/// How a server lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lie {
    /// serverSignature1 is that of another key.
    Signature,
    /// It signs another challenge than the eUICC's.
    Challenge,
    /// It signs another address.
    Address,
    /// Its certificate is from another CI.
    OtherCi,
    /// It shows the certificate of this role.
    Role(Role),
    /// serverSigned1 holds another TransactionID than the answer.
    TransactionIdSigned,
    /// AuthenticateClient is answered for another session.
    TransactionIdAnswered,
    /// euiccCiPKIdToBeUsed is none of the eUICC.
    CiToBeUsed,
    /// The package holds other metadata than was offered.
    Metadata,
}

/// One server.
pub struct Server {
    stock: Stock,
    lie: Option<Lie>,
    sessions: Mutex<HashMap<TransactionId, Opened>>,
}

/// Where a function is executed: by whom, as whom, for which session.
pub struct Call<'a> {
    pub address: &'a ServerAddress,
    /// Fresh for each call of InitiateAuthentication.
    pub number: u8,
}

impl Server {
    pub fn new(stock: Stock, lie: Option<Lie>) -> Self {
        Self { stock, lie, sessions: Mutex::default() }
    }

    pub fn initiate(
        &self,
        call: &Call<'_>,
        mut request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        let (transaction_id, server_challenge) = (transaction_id(call.number), [call.number; 16]);
        let mut address = call.address.clone();
        match self.lie {
            Some(Lie::Challenge) => request.euicc_challenge = Octet16::from([0xEE; 16]),
            Some(Lie::Address) => {
                address = "elsewhere.example".parse().unwrap();
                request.smdp_address = address.to_string();
            }
            _ => {}
        }
        let tracer = Tracer::off(Actor::Smds);
        let (mut answer, opened) = match self.shown() {
            // An honest server chooses by what the eUICC says.
            None => match &self.stock {
                Stock::Events(_) => {
                    let identities = Identities::from_pki(pki(), ENGINE, ENGINE).unwrap();
                    let (identities, server_address) = (&identities, &address);
                    let opening = Opening { identities, server_address, transaction_id, server_challenge };
                    initiate_authentication(opening, &request, &tracer)?
                }
                Stock::Profiles(_) => {
                    let identities = smdp_identities();
                    let (identities, server_address) = (&identities, &address);
                    let opening = Opening { identities, server_address, transaction_id, server_challenge };
                    initiate_authentication(opening, &request, &tracer)?
                }
            },
            Some(identity) => {
                let euicc_ci = request.euicc_info1.euicc_ci_pk_id_list_for_signing[0].clone();
                let chosen = Chosen { identity: &identity, euicc_ci };
                open_session(&address, transaction_id, server_challenge, &chosen, &request)?
            }
        };
        self.sessions.lock().unwrap().insert(answer.transaction_id.clone(), opened);
        match self.lie {
            Some(Lie::Signature) => answer.server_signature1 = common::signature(),
            Some(Lie::TransactionIdSigned) => answer.transaction_id = common::other_transaction_id(),
            Some(Lie::CiToBeUsed) => answer.euicc_ci_pk_id_to_be_used = common::ci(),
            _ => {}
        }
        Ok(answer)
    }

    /// What a liar shows itself as.
    fn shown(&self) -> Option<Identity> {
        let role = match self.stock {
            Stock::Events(_) => Role::DsAuth,
            Stock::Profiles(_) => Role::DpAuth,
        };
        let auth = match self.lie? {
            Lie::OtherCi => other_chain().identity(role, ENGINE),
            Lie::Role(role) => chain().identity(role, ENGINE),
            _ => return None,
        };
        Some(Identity { variant: Variant::O, auth: auth.unwrap() })
    }

    fn verify<'a>(&self, request: &'a AuthenticateClientRequest) -> Result<Client<'a>, Refusal> {
        let opened = self.sessions.lock().unwrap().remove(&request.transaction_id);
        let opened = opened.ok_or_else(|| unknown_transaction(&request.transaction_id))?;
        let now = Timestamp::from_unix_seconds(NOW.0);
        let tracer = Tracer::off(Actor::Smds);
        match self.stock {
            Stock::Events(_) => {
                let identities = Identities::from_pki(pki(), ENGINE, ENGINE).unwrap();
                verify_client(&identities, &opened, request, now, &tracer)
            }
            Stock::Profiles(_) => verify_client(&smdp_identities(), &opened, request, now, &tracer),
        }
    }

    fn answered(&self, request: &AuthenticateClientRequest) -> TransactionId {
        match self.lie {
            Some(Lie::TransactionIdAnswered) => common::other_transaction_id(),
            _ => request.transaction_id.clone(),
        }
    }

    /// ES11.AuthenticateClient.
    pub fn events(&self, request: &AuthenticateClientRequest) -> Result<AuthenticateClientOkEs11, Refusal> {
        let client = self.verify(request)?;
        let Stock::Events(events) = &self.stock else { panic!("an SM-DP+ has no events") };
        let events = events.get(client.matching_id.as_deref().unwrap_or_default());
        let event_entries = events.cloned().ok_or_else(|| {
            Refusal::incompatible(StatusCode::EVENT_UNKNOWN, "no event record has this EventID")
        })?;
        let transaction_id = self.answered(request);
        Ok(AuthenticateClientOkEs11 { transaction_id, event_entries, unknown: Unknown::none() })
    }

    /// ES9+.AuthenticateClient.
    pub fn offer(&self, request: &AuthenticateClientRequest) -> Result<AuthenticateClientOk, Refusal> {
        let client = self.verify(request)?;
        let Stock::Profiles(profiles) = &self.stock else { panic!("an SM-DS has no profiles") };
        let profile = profiles.get(client.matching_id.as_deref().unwrap_or_default());
        let profile = profile.ok_or_else(|| {
            Refusal::incompatible(StatusCode::MATCHING_ID_REFUSED, "the MatchingID names no order")
        })?;
        let identities = smdp_identities();
        let offer = Offer {
            identity: identities.all().first().unwrap(),
            transaction_id: request.transaction_id.clone(),
            metadata: Raw::new(metadata(profile)),
            confirmation_code_required: false,
            bound_euicc_otpk: None,
        };
        let (mut answer, _) = smdp_session::offer(&client, offer)?;
        answer.transaction_id = self.answered(request);
        Ok(answer)
    }

    /// ES9+.GetBoundProfilePackage: the profile that was offered is the only one here.
    pub fn package(
        &self,
        request: &GetBoundProfilePackageRequest,
        offered: &str,
    ) -> GetBoundProfilePackageOk {
        let name = if self.lie == Some(Lie::Metadata) { "another" } else { offered };
        let package = common::bound_profile_package(&der::encode(&metadata(name)));
        GetBoundProfilePackageOk {
            transaction_id: request.transaction_id.clone(),
            bound_profile_package: BoundProfilePackageTlv::from_der(&package).unwrap(),
            unknown: Unknown::none(),
        }
    }
}

pub fn metadata(name: &str) -> StoreMetadataRequest {
    StoreMetadataRequest { profile_name: name.parse().unwrap(), ..common::metadata() }
}

fn smdp_identities() -> smdp_session::Identities {
    smdp_session::Identities::from_pki(pki(), ENGINE, ENGINE).unwrap()
}

fn transaction_id(number: u8) -> TransactionId {
    TransactionId::new([number; 8]).unwrap()
}
