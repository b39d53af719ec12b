//! `rsp es2 confirm-order`.

use std::io::IsTerminal;
use std::str::FromStr;

use anyhow::{Context, Result};
use asn1::Iccid;
use clap::Args;
use protocol::activation_code::ActivationCode;
use protocol::confirmation_code::{ConfirmationCode, ConfirmationCodeError};
use protocol::es2plus::{ConfirmOrder, ConfirmOrderOk, Function, MatchingIdChoice};
use protocol::types::{Eid, MatchingId, MatchingIdError, ServerAddress};
use zeroize::Zeroizing;

use super::connection::{Call, Connection};
use crate::command::TraceArguments;
use crate::command::answer::Fields;

#[derive(Args)]
pub struct Confirm {
    /// The profile
    #[arg(long)]
    iccid: Iccid,
    /// The eUICC, where it is known by now
    #[arg(long)]
    eid: Option<Eid>,
    /// How the order will be found: 0-9, A-Z, '-'; the empty text for the default SM-DP+, which finds it by the EID
    /// [default: the SM-DP+ makes one]
    #[arg(long, value_name = "ID", value_parser = matching_id)]
    matching_id: Option<MatchingIdChoice>,
    /// What the user will be asked for; `-` reads it from standard input. In the environment other users of the machine do
    /// not see it
    #[arg(long, value_name = "CODE", env = "RSP_CONFIRMATION_CODE", hide_env_values = true)]
    confirmation_code: Option<GivenCode>,
    /// The SM-DS that leads to the order
    #[arg(long, value_name = "HOST[:PORT]")]
    smds_address: Option<ServerAddress>,
    /// Let the profile be downloaded at once; else `rsp es2 release` does
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    connection: Connection,
}

fn matching_id(text: &str) -> Result<MatchingIdChoice, MatchingIdError> {
    match text {
        "" => Ok(MatchingIdChoice::Empty),
        text => text.parse().map(MatchingIdChoice::Given),
    }
}

#[derive(Clone)]
enum GivenCode {
    Here(ConfirmationCode),
    StandardInput,
}

impl FromStr for GivenCode {
    type Err = ConfirmationCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" => Ok(Self::StandardInput),
            text => text.parse().map(Self::Here),
        }
    }
}

impl GivenCode {
    fn read(self) -> Result<ConfirmationCode> {
        let line = match self {
            Self::Here(code) => return Ok(code),
            Self::StandardInput => {
                first_line().map(Zeroizing::new).context("cannot read the confirmation code")?
            }
        };
        line.trim_end_matches(['\r', '\n']).parse().context("standard input")
    }
}

/// At a terminal it is asked for, and not shown.
fn first_line() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        let terminal = console::Term::stderr();
        terminal.write_str("Confirmation code: ")?;
        return terminal.read_secure_line();
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line)
}

impl Confirm {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let order = ConfirmOrder {
            iccid: self.iccid,
            eid: self.eid,
            matching_id: self.matching_id.unwrap_or(MatchingIdChoice::Generate),
            confirmation_code: self.confirmation_code.map(GivenCode::read).transpose()?,
            smds_address: self.smds_address,
            release_flag: self.release,
        };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.confirm_order(&header, &order).await;
        let with_code = order.confirmation_code.is_some();
        reporter.tell(Function::ConfirmOrder.name(), outcome.map(|answer| fields(answer, with_code)))
    }
}

fn fields(answer: ConfirmOrderOk, confirmation_code_required: bool) -> Fields {
    let ConfirmOrderOk { eid, matching_id, smdp_address } = answer;
    let mut fields = Fields::new();
    fields.extend(eid.map(|eid| ("eid", eid.to_string())));
    fields.push(("matchingId", matching_id.as_ref().map(MatchingId::to_string).unwrap_or_default()));
    fields.extend(smdp_address.as_ref().map(|address| ("smdpAddress", address.to_string())));
    // Where the order is found by the EID, there is nothing to scan.
    if let (Some(matching_id), Some(smdp_address)) = (matching_id, smdp_address) {
        let (matching_id, smdp_oid) = (matching_id.to_string(), None);
        let code = ActivationCode { smdp_address, matching_id, smdp_oid, confirmation_code_required };
        fields.push(("activationCode", code.to_string()));
    }
    fields
}
