//! `rsp load`.

mod compare;
mod fleet;
mod measured;
mod orders;
mod output;
mod packaging;
mod plan;
mod progress;
mod server;
mod stock;

use std::process::ExitCode;

use anyhow::Result;
use benches::load::plan::What;
use clap::Subcommand;
use protocol::es9plus::Function;

use measured::Measured;
use orders::{Attempts, OrdersToTake, OrdersToTakeAgain};

#[derive(Subcommand)]
pub enum Load {
    /// Whole downloads: InitiateAuthentication, AuthenticateClient, GetBoundProfilePackage, HandleNotification
    Download(Box<Measured<OrdersToTake>>),
    /// InitiateAuthentication alone
    InitiateAuthentication(Box<Measured<Attempts>>),
    /// AuthenticateClient alone: what has to come before it is done, and not measured
    AuthenticateClient(Box<Measured<OrdersToTakeAgain>>),
    /// GetBoundProfilePackage alone
    GetBoundProfilePackage(Box<Measured<OrdersToTake>>),
    /// HandleNotification alone
    HandleNotification(Box<Measured<OrdersToTake>>),
    /// CancelSession alone: each ends an order
    CancelSession(Box<Measured<OrdersToTake>>),
    /// Profile packaging alone, in this process: import, protect, bind
    Packaging(packaging::Packaging),
    /// Put many orders into the store of an SM-DP+, each with a profile of its own
    Orders(Box<stock::Stock>),
    /// Put two results beside each other
    Compare(compare::Compare),
}

impl Load {
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Download(load) => load.run(What::Download).await,
            Self::InitiateAuthentication(load) => {
                load.run(What::Function(Function::InitiateAuthentication)).await
            }
            Self::AuthenticateClient(load) => load.run(What::Function(Function::AuthenticateClient)).await,
            Self::GetBoundProfilePackage(load) => {
                load.run(What::Function(Function::GetBoundProfilePackage)).await
            }
            Self::HandleNotification(load) => load.run(What::Function(Function::HandleNotification)).await,
            Self::CancelSession(load) => load.run(What::Function(Function::CancelSession)).await,
            Self::Packaging(packaging) => packaging.run().await,
            Self::Orders(stock) => stock.run().await,
            Self::Compare(compare) => compare.run(),
        }
    }
}
