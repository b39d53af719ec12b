//! The error catalogue of `rsp smdp serve`.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use protocol::clock::Timestamp;
use protocol::status::StatusCode;
use smdp::catalogue::{DOORS, take_orders};
use smdp::store::{Store, StoreError};
use tokio::net::TcpListener;

use crate::compose::serving::listen;
use crate::config::{CatalogueSettings, first_door};

/// Puts the orders of the catalogue into the store that are not there yet.
pub async fn take(store: &impl Store, now: Timestamp) -> Result<()> {
    let mut outcome = take_orders(store, now).await;
    if matches!(outcome, Err(StoreError::Taken(_))) {
        // Another node may have taken them in meanwhile.
        outcome = take_orders(store, now).await;
    }
    let added = outcome.context("the error catalogue")?;
    tracing::info!(added, "orders of the error catalogue");
    Ok(())
}

/// Opens the ports on which InitiateAuthentication is refused, and says where they are: one behind the other, or any free ones where
/// the main port is any.
pub async fn open_doors(
    settings: Option<CatalogueSettings>,
    main: SocketAddr,
) -> Result<Vec<(TcpListener, StatusCode)>> {
    let Some(CatalogueSettings { doors }) = settings else { return Ok(Vec::new()) };
    let first = doors.or_else(|| (main.port() != 0).then(|| first_door(main.port())));
    let mut opened = Vec::new();
    for (number, code) in (0..).zip(DOORS) {
        let port = match first {
            Some(first) => {
                first.checked_add(number).context("server.catalogue_doors: four ports are needed")?
            }
            None => 0,
        };
        let door = listen(SocketAddr::new(main.ip(), port)).await?;
        println!("error catalogue: {code} on {}", door.local_addr()?);
        opened.push((door, code));
    }
    println!("error catalogue: `rsp catalogue` lists its activation codes");
    Ok(opened)
}
