//! `rsp lpa download`, and what every download asks for.

use anyhow::{Context, Result};
use clap::Args;
use lpa::IsdR;
use lpa::device::{Imei, Tac};
use lpa::download::{ConfirmationCode, Device, DownloadError, Downloaded, Request};
use protocol::activation_code::ActivationCode;
use protocol::types::ServerAddress;
use wire::es9plus::ClientError;

use super::network::Servers;
use super::notifications::send_notifications;
use super::port::AnyCard;
use crate::io::terminal_user::{Answers, TerminalUser};

#[derive(Args)]
pub struct Download {
    /// The activation code, in quotes: shells read `$` as their own. Without it the card's default SM-DP+ is asked
    #[arg(long = "ac", value_name = "LPA:1$…")]
    activation_code: Option<ActivationCode>,
    #[command(flatten)]
    choices: Choices,
}

/// What is said beforehand about a profile that is offered, and of the device.
#[derive(Args)]
pub struct Choices {
    /// The confirmation code, for the first profile that needs one; asked for where it is needed and not given
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

impl Choices {
    pub fn device(&self) -> Device {
        Device { tac: self.tac, imei: self.imei, capabilities: Default::default() }
    }

    pub fn answers(&mut self) -> Answers {
        let confirmation_code = self.confirmation_code.take().map(ConfirmationCode::new);
        Answers { yes: self.yes, confirmation_code }
    }

    /// Delivers what waits on the card after an installation, unless it shall stay there.
    pub async fn notify(&self, isd_r: &mut IsdR<AnyCard>, servers: &Servers) -> Result<()> {
        if self.no_notifications { Ok(()) } else { send_notifications(isd_r, servers).await }
    }
}

impl Download {
    pub async fn run(mut self, isd_r: &mut IsdR<AnyCard>, servers: &Servers) -> Result<()> {
        let device = self.choices.device();
        let request = match self.activation_code {
            Some(code) => Request::from_activation_code(code, device),
            None => {
                let address = default_smdp(isd_r)?;
                let address =
                    address.context("no activation code was given, and the card has no default SM-DP+")?;
                Request::from_default_smdp(address, device)
            }
        };
        let downloaded = download(isd_r, servers, &request, self.choices.answers()).await?;
        println!("profile {} is installed, disabled", downloaded.iccid);
        self.choices.notify(isd_r, servers).await
    }
}

/// The default SM-DP+ of the card, if it has one.
pub fn default_smdp(isd_r: &mut IsdR<AnyCard>) -> Result<Option<ServerAddress>> {
    let configured = isd_r.get_euicc_configured_addresses()?.default_dp_address;
    let address = configured.filter(|address| !address.is_empty());
    address.map(|address| address.parse().with_context(|| format!("default SM-DP+ {address:?}"))).transpose()
}

/// Downloads a profile while telling the terminal.
pub async fn download<C: lpa::Card>(
    isd_r: &mut IsdR<C>,
    servers: &Servers,
    request: &Request,
    answers: Answers,
) -> Result<Downloaded> {
    Ok(download_for(isd_r, servers, request, &mut TerminalUser::new(answers)).await?)
}

/// The same for a user who may be offered more than this.
pub async fn download_for<C: lpa::Card>(
    isd_r: &mut IsdR<C>,
    servers: &Servers,
    request: &Request,
    user: &mut TerminalUser,
) -> Result<Downloaded, Box<DownloadError<ClientError>>> {
    let server = servers.client(request.smdp_address.clone());
    let outcome = lpa::download(isd_r, &server, request, user).await;
    user.finish();
    outcome
}
