//! `rsp lpa discover`.

mod refused;
mod report;
mod root;

use anyhow::{Result, bail};
use clap::Args;
use lpa::discovery::{Discovery, Event, Outcome, Processed, Query, retrieve};
use lpa::download::{Failure, Request};
use lpa::{Blame, IsdR, profiles};
use protocol::types::ServerAddress;

use super::download::{Choices, default_smdp, download_for};
use super::network::Servers;
use super::port::AnyCard;
use crate::io::printable::Printable;
use crate::io::terminal_user::TerminalUser;
use report::Tally;

#[derive(Args)]
pub struct Discover {
    /// The SM-DS to ask, instead of the card's root SM-DS
    #[arg(long, value_name = "HOST[:PORT]")]
    smds: Option<ServerAddress>,
    /// Only show the events that this SM-DS tells
    #[arg(long)]
    list: bool,
    /// As a device does when it is switched on (SGP.22 §3.4.4): nothing, if the card has an operational profile; else the card's
    /// default SM-DP+ is asked, and the SM-DS if that gave no operational profile
    #[arg(long, conflicts_with = "list")]
    power_on: bool,
    #[command(flatten)]
    choices: Choices,
}

impl Discover {
    pub async fn run(mut self, isd_r: &mut IsdR<AnyCard>, servers: &Servers) -> Result<()> {
        let mut user = TerminalUser::new(self.choices.answers());
        let mut tally = Tally::default();
        if self.power_on {
            self.at_power_on(isd_r, servers, &mut user, &mut tally).await?;
        } else {
            let smds = root::of(self.smds.clone(), isd_r, servers)?.address()?;
            if self.list {
                return self.show(smds, isd_r, servers, &mut user).await;
            }
            self.discover(smds, isd_r, servers, &mut user, &mut tally).await?;
        }
        tally.conclude()
    }

    /// SGP.22 §3.4.4.
    async fn at_power_on(
        &self,
        isd_r: &mut IsdR<AnyCard>,
        servers: &Servers,
        user: &mut TerminalUser,
        tally: &mut Tally,
    ) -> Result<()> {
        if profiles::operational_profile_is_installed(isd_r)? {
            println!("the card has an operational profile: there is nothing to do at power-on");
            return Ok(());
        }
        if self.ask_default_smdp(isd_r, servers, user, tally).await? {
            return Ok(());
        }
        match root::of(self.smds.clone(), isd_r, servers)?.address() {
            Ok(smds) => self.discover(smds, isd_r, servers, user, tally).await,
            // Step 2 is for a card that has one.
            Err(unset) => {
                println!("{}", Printable(unset));
                Ok(())
            }
        }
    }

    /// Step 1; whether it gave an operational profile.
    async fn ask_default_smdp(
        &self,
        isd_r: &mut IsdR<AnyCard>,
        servers: &Servers,
        user: &mut TerminalUser,
        tally: &mut Tally,
    ) -> Result<bool> {
        let Some(address) = default_smdp(isd_r)? else {
            println!("the card has no default SM-DP+");
            return Ok(false);
        };
        let request = Request::from_default_smdp(address.clone(), self.choices.device());
        match download_for(isd_r, servers, &request, user).await {
            Ok(downloaded) => {
                let iccid = downloaded.iccid;
                tally.installed(format_args!(
                    "default SM-DP+ {address}: profile {iccid} is installed, disabled"
                ));
                tally.notified(self.choices.notify(isd_r, servers).await);
                Ok(downloaded.metadata.class() == asn1::ProfileClass::OPERATIONAL)
            }
            Err(error) if error.blame() == Blame::CardConnection => Err(error.into()),
            Err(error) => {
                match &error.failure {
                    Failure::Server { error, .. } if refused::no_order(error) => {
                        println!("default SM-DP+ {address}: no profile waits there");
                    }
                    Failure::Declined(declined) => {
                        tally.declined(format_args!("default SM-DP+ {address}: {declined}"));
                    }
                    _ => tally.failed(format_args!("default SM-DP+ {address}: {error}")),
                }
                Ok(false)
            }
        }
    }

    /// Processes all that the SM-DS tells.
    async fn discover(
        &self,
        smds: ServerAddress,
        isd_r: &mut IsdR<AnyCard>,
        servers: &Servers,
        user: &mut TerminalUser,
        tally: &mut Tally,
    ) -> Result<()> {
        let started = Discovery::start(isd_r, servers, smds.clone(), self.choices.device(), user).await;
        user.finish();
        let mut discovery = match started {
            Ok(discovery) => discovery,
            Err(error) if refused::no_event(&error) => {
                say_empty(&smds);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        match discovery.waiting().len() {
            0 => say_empty(&smds),
            events => println!("{smds}: {}", report::count(events, "event")),
        }
        loop {
            let next = discovery.next(isd_r, servers, user).await;
            user.finish();
            match next {
                Ok(Some(Processed { event, outcome })) => {
                    tally.event(&event, &outcome);
                    if let Outcome::Downloaded(_) = outcome {
                        tally.notified(self.choices.notify(isd_r, servers).await);
                    }
                }
                Ok(None) => break,
                Err(stopped) => {
                    tally.failed(format_args!("{}: {}", report::Way(&stopped.event), stopped.error));
                    let waiting = report::count(discovery.waiting().len(), "event");
                    bail!("the card failed; {waiting} not looked at");
                }
            }
        }
        tally.left_out(discovery.left_out());
        Ok(())
    }

    /// What one SM-DS tells.
    async fn show(
        &self,
        smds: ServerAddress,
        isd_r: &mut IsdR<AnyCard>,
        servers: &Servers,
        user: &mut TerminalUser,
    ) -> Result<()> {
        let query = Query { smds_address: smds.clone(), event_id: None, device: self.choices.device() };
        let events = retrieve(isd_r, &servers.client(smds.clone()), &query, user).await;
        user.finish();
        let events = match events {
            Err(error) if refused::no_event(&error) => Vec::new(),
            events => events?,
        };
        if events.is_empty() {
            say_empty(&smds);
        }
        for Event { event_id, rsp_server_address, .. } in &events {
            println!("{}  {}", Printable(event_id), Printable(rsp_server_address));
        }
        Ok(())
    }
}

fn say_empty(smds: &ServerAddress) {
    println!("{smds}: no event waits for this card");
}
