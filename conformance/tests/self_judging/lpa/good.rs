//! Our LPA, in this process.

use std::sync::Arc;

use conformance::lpa::driver::{Ability, Asked, Driver, Ended};
use conformance::lpa::situation::{Act, User as Mood};
use lpa::discovery::{Discovery, Servers};
use lpa::download::{ConfirmationCode, Decision, Device, Offer, Request, User};
use lpa::{IsdR, Options};
use protocol::activation_code::ActivationCode;
use protocol::trace::{Actor, Tracer};
use protocol::types::ServerAddress;
use rustls::ClientConfig;
use wire::es9plus::{Client, ClientError};

use super::lab::{Card, HOST, Lab};

/// Our LPA and its card.
pub struct Good {
    card: Card,
    servers: Net,
}

/// Reaches servers as our LPA does.
struct Net {
    tls: Arc<ClientConfig>,
    ip: std::net::IpAddr,
}

impl Servers for Net {
    type Error = ClientError;
    type Server = Client;

    fn server(&self, address: &ServerAddress) -> Client {
        let to = (self.ip, address.port()).into();
        let route = wire::transport::Route { host: HOST.to_owned(), to };
        Client::new(address.clone(), self.tls.clone(), Tracer::off(Actor::Lpa)).with_route(route)
    }
}

struct Decided {
    decision: Decision,
    code: String,
}

impl User for Decided {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        self.decision
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        Some(ConfirmationCode::new(self.code.clone()))
    }
}

impl Good {
    pub fn new(lab: &Lab) -> Self {
        Self { card: lab.card(), servers: Net { tls: lab.tls(), ip: lab.stage.addresses.ip } }
    }

    async fn work(&mut self, asked: &Asked) {
        let mut isd_r = IsdR::open(&mut self.card, Options::default(), Tracer::off(Actor::Lpa)).unwrap();
        let device =
            Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: Default::default() };
        let decision = match asked.act {
            Act::Download(_, Mood::Rejects) => Decision::Reject,
            Act::Download(_, Mood::Postpones) => Decision::Postpone,
            Act::Download(_, Mood::DoesNotAnswer) => Decision::TimedOut,
            _ => Decision::Accept,
        };
        let mut user = Decided { decision, code: asked.confirmation_code.clone() };
        match asked.act {
            Act::Download(..) => {
                let Ok(code) = asked.activation_code.as_deref().unwrap().parse::<ActivationCode>() else {
                    return;
                };
                let request = Request::from_activation_code(code, device);
                let server = self.servers.server(&request.smdp_address);
                let _ = lpa::download(&mut isd_r, &server, &request, &mut user).await;
            }
            Act::DownloadFromDefault => {
                let request = Request::from_default_smdp(asked.default_smdp.clone(), device);
                let server = self.servers.server(&request.smdp_address);
                let _ = lpa::download(&mut isd_r, &server, &request, &mut user).await;
            }
            Act::Discover => {
                let smds = asked.smds.clone();
                let started = Discovery::start(&mut isd_r, &self.servers, smds, device, &mut user).await;
                if let Ok(mut discovery) = started {
                    while let Ok(Some(_)) = discovery.next(&mut isd_r, &self.servers, &mut user).await {}
                }
            }
            Act::Deliver | Act::DeliverAgain => {}
        }
        let connect = |address: &str| {
            Ok::<_, ClientError>(self.servers.server(&address.parse::<ServerAddress>().unwrap()))
        };
        let _ = lpa::notifications::process::<_, _, ClientError>(&mut isd_r, connect).await;
        isd_r.close().unwrap();
    }
}

impl Driver for Good {
    fn offers(&self, _: Ability) -> Result<(), String> {
        Ok(())
    }

    async fn act(&mut self, asked: &Asked) -> Ended {
        self.work(asked).await;
        Ended::InOrder
    }
}
