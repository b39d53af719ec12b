//! `rsp lpa notifications`, and what follows an installation.

use anyhow::{Context, Result};
use lpa::IsdR;
use lpa::notifications::{self, Report};
use wire::es9plus::Client;

use super::network::Servers;
use super::port::AnyCard;
use crate::io::printable::Printable;

/// Delivers what waits on the card; fails where a server could not be told.
pub async fn send_notifications<C: lpa::Card>(isd_r: &mut IsdR<C>, servers: &Servers) -> Result<()> {
    let connect = |address: &str| -> Result<Client> {
        let address = address.parse().with_context(|| format!("notification address {address:?}"))?;
        Ok(servers.client(address))
    };
    let report = match notifications::process::<_, _, anyhow::Error>(isd_r, connect).await {
        Ok(report) => report,
        Err(interrupted) => {
            tell(&interrupted.report);
            let failure = anyhow::Error::new(interrupted.error);
            return Err(match interrupted.not_removed {
                None => failure,
                Some(metadata) => failure
                    .context(format!("notification {} is acknowledged and not removed", metadata.seq_number)),
            });
        }
    };
    tell(&report);
    match report.undelivered.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(first.error.context(format!(
            "notifications {:?} for {} stay on the card",
            first.seq_numbers, first.notification_address
        ))),
    }
}

fn tell(report: &Report<anyhow::Error>) {
    for notification in &report.delivered {
        println!(
            "notification {} ({}) acknowledged by {}",
            notification.seq_number,
            notification.profile_management_operation,
            Printable(&notification.notification_address)
        );
    }
}

/// What waits.
pub fn list(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
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
