//! Servers by their address, and a log of who was asked what.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use asn1::{
    AuthenticateClientOk, AuthenticateClientOkEs11, AuthenticateClientRequest, AuthenticateServerResponse,
    CancelSessionRequestEs9, CtxParams1, EventEntries, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, Unknown,
};
use lpa::discovery::Servers;
use protocol::es9plus::Es9Plus;
use protocol::es11::Es11;
use protocol::status::Refusal;
use protocol::types::ServerAddress;

use crate::server::{Call, Lie, Server, Stock};

/// Why a server does not do what it is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is none at this address, or it does not answer any more.
    Gone,
    /// It says no.
    Refused(Refusal),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("the server is gone"),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

/// All servers there are.
#[derive(Clone, Default)]
pub struct Network {
    servers: HashMap<String, Arc<Server>>,
    /// Functions at which a server falls silent.
    silent: Vec<(&'static str, &'static str)>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    sessions: u8,
    /// `address function MatchingID`, in order.
    log: Vec<String>,
    /// The last profile that each address offered.
    offered: HashMap<String, String>,
}

impl Network {
    /// With an SM-DS that tells these events: EventID and address, for whoever asks with this MatchingID.
    pub fn smds(self, address: &str, events: &[(&str, &[(&str, &str)])]) -> Self {
        self.lying_smds(address, events, None)
    }

    pub fn lying_smds(
        mut self,
        address: &str,
        events: &[(&str, &[(&str, &str)])],
        lie: impl Into<Option<Lie>>,
    ) -> Self {
        let entry = |(event_id, address): &(&str, &str)| EventEntries {
            event_id: (*event_id).to_owned(),
            rsp_server_address: (*address).to_owned(),
            unknown: Unknown::none(),
        };
        let events = events.iter();
        let events = events.map(|(asked, told)| ((*asked).to_owned(), told.iter().map(entry).collect()));
        let stock = Stock::Events(events.collect());
        self.servers.insert(address.to_owned(), Arc::new(Server::new(stock, lie.into())));
        self
    }

    /// With an SM-DP+ that has these profiles, by MatchingID.
    pub fn smdp(self, address: &str, profiles: &[(&str, &'static str)]) -> Self {
        self.lying_smdp(address, profiles, None)
    }

    pub fn lying_smdp(
        mut self,
        address: &str,
        profiles: &[(&str, &'static str)],
        lie: impl Into<Option<Lie>>,
    ) -> Self {
        let profiles = profiles.iter().map(|(id, name)| ((*id).to_owned(), *name)).collect();
        let server = Server::new(Stock::Profiles(profiles), lie.into());
        self.servers.insert(address.to_owned(), Arc::new(server));
        self
    }

    /// With a server that falls silent at a function.
    pub fn silent(mut self, address: &'static str, function: &'static str) -> Self {
        self.silent.push((address, function));
        self
    }

    /// What was asked, in order: `address function MatchingID`.
    pub fn log(&self) -> Vec<String> {
        self.state.lock().unwrap().log.clone()
    }

    /// Which addresses were contacted, in order.
    pub fn contacted(&self) -> Vec<String> {
        let initiated = " initiateAuthentication ";
        self.log().iter().filter_map(|line| line.split_once(initiated)).map(|(to, _)| to.to_owned()).collect()
    }
}

impl Servers for Network {
    type Error = Fault;
    type Server = Peer;

    fn server(&self, address: &ServerAddress) -> Peer {
        Peer { address: address.clone(), network: self.clone() }
    }
}

/// A server as an LPA reaches it.
pub struct Peer {
    address: ServerAddress,
    network: Network,
}

impl Peer {
    /// The server, unless it falls silent here.
    fn asked(&self, function: &'static str, matching_id: &str) -> Result<&Server, Fault> {
        let line = format!("{} {function} {matching_id}", self.address);
        self.network.state.lock().unwrap().log.push(line);
        if self.network.silent.contains(&(self.address.as_str(), function)) {
            return Err(Fault::Gone);
        }
        self.network.servers.get(self.address.host()).map(|server| &**server).ok_or(Fault::Gone)
    }

    fn initiate(&self, request: InitiateAuthenticationRequest) -> Result<InitiateAuthenticationOkEs9, Fault> {
        let server = self.asked("initiateAuthentication", "")?;
        let number = {
            let mut state = self.network.state.lock().unwrap();
            state.sessions = state.sessions.wrapping_add(1);
            state.sessions
        };
        server.initiate(&Call { address: &self.address, number }, request).map_err(Fault::Refused)
    }
}

/// The MatchingID that the eUICC signed.
fn matching_id(request: &AuthenticateClientRequest) -> String {
    let AuthenticateServerResponse::AuthenticateResponseOk(answer) =
        request.authenticate_server_response.value()
    else {
        panic!("an LPA stops where the eUICC refuses the server")
    };
    let CtxParams1::CtxParamsForCommonAuthentication(context) = answer.euicc_signed1.ctx_params1.value();
    context.matching_id.clone().expect("it is there, even if it is empty")
}

impl Es11 for Peer {
    type Error = Fault;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Fault> {
        self.initiate(request)
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, Fault> {
        let server = self.asked("authenticateClient", &matching_id(&request))?;
        server.events(&request).map_err(Fault::Refused)
    }
}

impl Es9Plus for Peer {
    type Error = Fault;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Fault> {
        self.initiate(request)
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Fault> {
        let server = self.asked("authenticateClient", &matching_id(&request))?;
        let answer = server.offer(&request).map_err(Fault::Refused)?;
        let name = answer.profile_metadata.profile_name.to_string();
        self.network.state.lock().unwrap().offered.insert(self.address.to_string(), name);
        Ok(answer)
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Fault> {
        let server = self.asked("getBoundProfilePackage", "")?;
        let offered = self.network.state.lock().unwrap().offered.get(self.address.as_str()).cloned();
        Ok(server.package(&request, &offered.expect("it was offered before")))
    }

    async fn handle_notification(&self, _: HandleNotification) -> Result<(), Fault> {
        self.asked("handleNotification", "").map(drop)
    }

    async fn cancel_session(&self, _: CancelSessionRequestEs9) -> Result<(), Fault> {
        self.asked("cancelSession", "").map(drop)
    }
}
