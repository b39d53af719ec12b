//! `rsp lpa`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use certs::Certificate;
use certs::tree::Pki;
use clap::{Args, Subcommand, ValueEnum};
use lpa::device::{Imei, Tac};
use lpa::download::{ConfirmationCode, Device, Downloaded, Request};
use lpa::isd_r::ISD_R_AID;
use lpa::profiles::{self, ProfileId};
use lpa::stdio_card::StdioCard;
use lpa::{IsdR, Options, notifications};
use protocol::activation_code::ActivationCode;
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};
use protocol::types::ServerAddress;
use wire::es9plus::{Binding, Client};
use wire::transport::Route;

use super::TraceArguments;
use super::card::power_on;
use crate::compose::card::Simulated;
use crate::io::printable::Printable;
use crate::io::terminal_user::{Answers, TerminalUser};
use crate::io::{folder, machine};

#[derive(Args)]
pub struct Lpa {
    #[command(subcommand)]
    command: LpaCommand,
    #[command(flatten)]
    port: CardPort,
    #[command(flatten)]
    network: Network,
}

/// Which card.
#[derive(Args)]
struct CardPort {
    /// A simulated card by the file of its memory
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "card_program")]
    card: Option<PathBuf>,
    /// A program that is the card in the line protocol of lpac's `stdio` APDU backend, with its arguments
    #[arg(long, global = true, value_name = "COMMAND")]
    card_program: Option<String>,
    /// Bytes in one STORE DATA block
    #[arg(long, global = true, default_value_t = 255, value_parser = clap::value_parser!(u8).range(1..))]
    block_size: u8,
}

/// How to reach servers.
#[derive(Args)]
struct Network {
    /// A CI certificate to trust in TLS (DER or PEM), or a folder of certificates with its CIs
    #[arg(long = "ci", global = true, value_name = "PATH")]
    trusted: Vec<PathBuf>,
    /// Connect to this address instead of asking DNS for the host: HOST=IP:PORT
    #[arg(long, global = true, value_name = "HOST=IP:PORT", value_parser = parse_route)]
    route: Option<Route>,
    /// The binding of ES9+
    #[arg(long, global = true, value_enum, default_value = "json")]
    binding: BindingName,
}

#[derive(Clone, Copy, ValueEnum)]
enum BindingName {
    Json,
    Asn1,
}

#[derive(Subcommand)]
enum LpaCommand {
    /// Download a profile
    Download(Download),
    /// List the profiles
    List,
    /// Enable a profile
    Enable(Change),
    /// Disable a profile
    Disable(Change),
    /// Delete a profile
    Delete {
        /// ICCID or ISD-P AID
        profile: ProfileId,
    },
    /// Give a profile a nickname; an empty one takes it away
    Nickname {
        /// ICCID or ISD-P AID
        profile: ProfileId,
        /// At most 64 characters
        nickname: asn1::ProfileNickname,
    },
    /// Show the notifications that wait, or deliver them
    Notifications {
        /// Send each to its server and remove it when it is acknowledged
        #[arg(long)]
        send: bool,
    },
    /// Show what the card says about itself
    Info,
}

#[derive(Args)]
struct Download {
    /// The activation code, in quotes: shells read `$` as their own. Without it the card's default SM-DP+ is asked
    #[arg(long = "ac", value_name = "LPA:1$…")]
    activation_code: Option<ActivationCode>,
    /// The confirmation code; asked for where it is needed and not given
    #[arg(long)]
    confirmation_code: Option<String>,
    /// Agree to what is offered, without being asked
    #[arg(long, short)]
    yes: bool,
    /// The type of the device, eight digits
    #[arg(long, default_value = "35290611")]
    tac: Tac,
    /// The number of the device
    #[arg(long)]
    imei: Option<Imei>,
    /// Leave the installation result on the card instead of sending it
    #[arg(long)]
    no_notifications: bool,
}

#[derive(Args)]
struct Change {
    /// ICCID or ISD-P AID
    profile: ProfileId,
    /// Have the card send REFRESH, and reset it
    #[arg(long)]
    refresh: bool,
}

fn parse_route(text: &str) -> Result<Route, String> {
    let (host, to) = text.split_once('=').ok_or("HOST=IP:PORT is needed")?;
    let to: SocketAddr = to.parse().map_err(|_| format!("{to:?} is no IP:PORT"))?;
    Ok(Route { host: host.to_owned(), to })
}

type AnyCard = Box<dyn lpa::Card>;

impl Lpa {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let clock = machine::system_clock();
        let tracer = trace.tracer(Actor::Lpa, clock.clone())?;
        let mut isd_r = self.port.open(&tracer)?;
        match self.command {
            LpaCommand::Download(download) => {
                let servers = self.network.servers(clock, tracer)?;
                download.run(&mut isd_r, &servers).await?;
            }
            LpaCommand::List => list(&mut isd_r)?,
            LpaCommand::Enable(Change { profile, refresh }) => {
                profiles::enable(&mut isd_r, &profile, refresh)?
            }
            LpaCommand::Disable(Change { profile, refresh }) => {
                profiles::disable(&mut isd_r, &profile, refresh)?
            }
            LpaCommand::Delete { profile } => profiles::delete(&mut isd_r, &profile)?,
            LpaCommand::Nickname { profile, nickname } => {
                profiles::set_nickname(&mut isd_r, &profile, nickname)?;
            }
            LpaCommand::Notifications { send: false } => list_notifications(&mut isd_r)?,
            LpaCommand::Notifications { send: true } => {
                send_notifications(&mut isd_r, &self.network.servers(clock, tracer)?).await?;
            }
            LpaCommand::Info => info(&mut isd_r)?,
        }
        isd_r.close()?;
        Ok(())
    }
}

impl CardPort {
    fn open(&self, tracer: &Tracer) -> Result<IsdR<AnyCard>> {
        let (card, trace_apdus): (AnyCard, bool) = match (&self.card, &self.card_program) {
            (Some(file), _) => (Box::new(Simulated(power_on(file, tracer.for_actor(Actor::Euicc))?)), false),
            (None, Some(command)) => (Box::new(foreign_card(command)?), true),
            (None, None) => bail!("which card? --card FILE, or --card-program COMMAND"),
        };
        let options = Options { block_size: self.block_size, trace_apdus, ..Options::default() };
        Ok(IsdR::open(card, options, tracer.clone())?)
    }
}

fn foreign_card(command: &str) -> Result<StdioCard> {
    let mut words = command.split_whitespace();
    let mut program = std::process::Command::new(words.next().context("--card-program is empty")?);
    program.args(words);
    Ok(StdioCard::start(program, &ISD_R_AID)?)
}

/// Makes clients for the servers that a card or an activation code names.
pub struct Servers {
    tls: Arc<rustls::ClientConfig>,
    route: Option<Route>,
    binding: Binding,
    tracer: Tracer,
}

impl Servers {
    /// Servers below these CI certificates.
    pub fn new(roots: Vec<Vec<u8>>, clock: Arc<dyn Clock>, tracer: Tracer) -> Result<Self> {
        let tls = wire::tls::client_config(roots, clock)?;
        Ok(Self { tls, route: None, binding: Binding::Json, tracer })
    }

    /// The same, one host at a fixed place.
    pub fn with_route(mut self, route: Route) -> Self {
        self.route = Some(route);
        self
    }

    /// A client for one server.
    pub fn client(&self, address: ServerAddress) -> Client {
        let client = Client::new(address, self.tls.clone(), self.tracer.clone()).with_binding(self.binding);
        match &self.route {
            Some(route) => client.with_route(route.clone()),
            None => client,
        }
    }
}

impl Network {
    fn servers(&self, clock: Arc<dyn Clock>, tracer: Tracer) -> Result<Servers> {
        if self.trusted.is_empty() {
            bail!("which CI does TLS trust? --ci with its certificate, or with a folder of certificates");
        }
        let mut roots = Vec::new();
        for path in &self.trusted {
            roots.extend(ci_certificates(path)?);
        }
        let servers = Servers::new(roots, clock, tracer)?;
        let binding = match self.binding {
            BindingName::Json => Binding::Json,
            BindingName::Asn1 => Binding::Asn1,
        };
        Ok(Servers { route: self.route.clone(), binding, ..servers })
    }
}

/// The CI certificates in a file or in a folder, as `--ci` takes them.
pub fn ci_certificates(path: &PathBuf) -> Result<Vec<Vec<u8>>> {
    if path.is_dir() {
        let pki = Pki::from_tree(&folder::read(path)?)?;
        return tls_roots(&pki);
    }
    let file = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let certificate = Certificate::from_der_or_pem(&file).with_context(|| path.display().to_string())?;
    Ok(vec![certificate.raw().to_vec()])
}

/// The CIs that TLS can verify under: those on P-256.
pub fn tls_roots(pki: &Pki) -> Result<Vec<Vec<u8>>> {
    pki.chains()
        .filter(|chain| chain.curve() == crypto::Curve::P256)
        .map(|chain| Ok(chain.certificate(certs::Role::Ci)?.raw().to_vec()))
        .collect()
}

impl Download {
    async fn run(self, isd_r: &mut IsdR<AnyCard>, servers: &Servers) -> Result<()> {
        let device = Device { tac: self.tac, imei: self.imei, capabilities: Default::default() };
        let request = match self.activation_code {
            Some(code) => Request::from_activation_code(code, device),
            None => {
                let configured = isd_r.get_euicc_configured_addresses()?.default_dp_address;
                let address = configured.filter(|address| !address.is_empty());
                let address =
                    address.context("no activation code was given, and the card has no default SM-DP+")?;
                Request::from_default_smdp(address.parse()?, device)
            }
        };
        let answers =
            Answers { yes: self.yes, confirmation_code: self.confirmation_code.map(ConfirmationCode::new) };
        let downloaded = download(isd_r, servers, &request, answers).await?;
        println!("profile {} is installed, disabled", downloaded.iccid);
        if self.no_notifications {
            return Ok(());
        }
        send_notifications(isd_r, servers).await
    }
}

/// Downloads a profile while telling the terminal.
pub async fn download<C: lpa::Card>(
    isd_r: &mut IsdR<C>,
    servers: &Servers,
    request: &Request,
    answers: Answers,
) -> Result<Downloaded> {
    let mut user = TerminalUser::new(answers);
    let server = servers.client(request.smdp_address.clone());
    let outcome = lpa::download(isd_r, &server, request, &mut user).await;
    user.finish();
    Ok(outcome?)
}

/// Delivers what waits on the card; fails where a server could not be told.
pub async fn send_notifications<C: lpa::Card>(isd_r: &mut IsdR<C>, servers: &Servers) -> Result<()> {
    let connect = |address: &str| -> Result<Client> {
        let address = address.parse().with_context(|| format!("notification address {address:?}"))?;
        Ok(servers.client(address))
    };
    let report = notifications::process::<_, _, anyhow::Error>(isd_r, connect).await?;
    for notification in &report.delivered {
        println!(
            "notification {} ({}) acknowledged by {}",
            notification.seq_number,
            notification.profile_management_operation,
            Printable(&notification.notification_address)
        );
    }
    match report.undelivered.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(first.error.context(format!(
            "notifications {:?} for {} stay on the card",
            first.seq_numbers, first.notification_address
        ))),
    }
}

fn list(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
    for profile in profiles::list(isd_r)? {
        let iccid = profile.iccid.map(|iccid| iccid.to_string()).unwrap_or_default();
        let state = profile.profile_state.map(|state| state.to_string()).unwrap_or_default();
        let class = profile.profile_class.map(|class| class.to_string()).unwrap_or_default();
        let provider = profile.service_provider_name.as_deref().unwrap_or_default().to_owned();
        let name = profile.profile_name.as_deref().unwrap_or_default().to_owned();
        let nickname = profile
            .profile_nickname
            .as_deref()
            .map(|nickname| format!(" \"{nickname}\""))
            .unwrap_or_default();
        println!("{iccid}  {state}  {class}  {}", Printable(format_args!("{provider}: {name}{nickname}")));
    }
    Ok(())
}

fn list_notifications(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
    for notification in notifications::list(isd_r)? {
        let iccid = notification.iccid.map(|iccid| iccid.to_string()).unwrap_or_default();
        println!(
            "{}  {}  {iccid}  {}",
            notification.seq_number,
            notification.profile_management_operation,
            Printable(&notification.notification_address)
        );
    }
    Ok(())
}

fn info(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
    let eid = isd_r.get_eid()?;
    let addresses = isd_r.get_euicc_configured_addresses()?;
    let info = isd_r.get_euicc_info2()?;
    println!("EID                {eid}");
    println!("default SM-DP+     {}", addresses.default_dp_address.unwrap_or_default());
    println!("root SM-DS         {}", addresses.root_ds_address);
    println!("SGP.22             v{}", info.svn);
    println!("profile package    v{}", info.profile_version);
    println!("firmware           v{}", info.euicc_firmware_ver);
    println!("UICC capability    {}", info.uicc_capability);
    println!("RSP capability     {}", info.rsp_capability);
    for ci in &info.euicc_ci_pk_id_list_for_verification {
        println!("verifies under     {ci}");
    }
    for ci in &info.euicc_ci_pk_id_list_for_signing {
        println!("signs under        {ci}");
    }
    Ok(())
}
