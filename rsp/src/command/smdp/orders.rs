//! `rsp smdp orders`.

use anyhow::{Context, Result};
use clap::Args;
use protocol::activation_code::ActivationCode;
use protocol::types::ServerAddress;
use smdp::domain::Order;
use smdp::store::{OrderFilter, Store};

use crate::compose::store::{self, with_store};
use crate::config::{StoreFlags, StoreSettings};
use crate::io::qr;

#[derive(Args)]
pub struct Orders {
    #[command(flatten)]
    store: StoreFlags,
    /// The address for the activation codes
    #[arg(long, default_value = "localhost:8443")]
    address: ServerAddress,
    /// Show the activation codes as QR codes too
    #[arg(long)]
    qr: bool,
}

impl Orders {
    pub async fn run(self) -> Result<()> {
        let settings = StoreSettings::resolve(self.store)?;
        let orders = with_store!(store::open_read_only(&settings).await?, store => {
            store.orders(OrderFilter::default()).await?
        });
        print_orders(&orders, &self.address, self.qr)
    }
}

/// Shows orders with their activation codes; QR codes for those that can be downloaded.
pub fn print_orders(orders: &[Order], address: &ServerAddress, with_qr: bool) -> Result<()> {
    for order in orders {
        let eid = order.eid.map(|eid| format!(", EID {eid}")).unwrap_or_default();
        println!("\nICCID {}: {}{eid}", order.iccid, order.state);
        let Some(code) = activation_code(order, address) else {
            println!("  no activation code: the eUICC finds it by its EID (default SM-DP+)");
            continue;
        };
        println!("  {code}");
        if with_qr && order.is_pending() {
            println!("{}", qr::for_terminal(&code.to_string()).context("no QR code")?);
        }
    }
    Ok(())
}

/// The activation code of an order that has a MatchingID.
pub fn activation_code(order: &Order, address: &ServerAddress) -> Option<ActivationCode> {
    Some(ActivationCode {
        smdp_address: address.clone(),
        matching_id: order.matching_id.as_ref()?.to_string(),
        smdp_oid: None,
        confirmation_code_required: order.confirmation_code.is_some(),
    })
}
