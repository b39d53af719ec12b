//! `rsp load download` and the single functions: eUICCs, a server, a plan, and what came of it.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use benches::load::plan::What;
use benches::load::report::{csv, html, json, text};
use benches::load::run;
use clap::Args;

use super::fleet::FleetArguments;
use super::orders::OrderArguments;
use super::output::{OutputArguments, print};
use super::plan::PlanArguments;
use super::progress::View;
use super::server::ServerArguments;
use crate::compose::serving::interrupted;
use crate::io::descriptors;

#[derive(Args)]
pub struct Measured<O: OrderArguments> {
    #[command(flatten)]
    server: ServerArguments,
    #[command(flatten)]
    fleet: FleetArguments,
    #[command(flatten)]
    orders: O,
    #[command(flatten)]
    plan: PlanArguments,
    #[command(flatten)]
    output: OutputArguments,
}

impl<O: OrderArguments> Measured<O> {
    /// Fails where nothing succeeded.
    pub async fn run(self, what: What) -> Result<ExitCode> {
        let pki = self.fleet.pki()?;
        let server = self.server.server(&pki)?;
        let orders = self.orders.read(self.server.address())?;
        let plan = self.plan.plan(what, orders)?;
        // Before the time of making eUICCs is spent.
        plan.check()?;
        self.output.prepare()?;
        let connections = plan.arrival.connections();
        descriptors::room_for(connections)?;
        let fleet = Arc::new(self.fleet.manufacture(&pki, connections)?);
        let server = server.resolved().await;

        let mut view = View::new();
        let result = run(plan, fleet, server, interrupted(), |progress| view.show(progress)).await?;
        drop(view);

        let written =
            self.output.write(|| json::write(&result), || csv::write(&result), || html::write(&result));
        print(text::write(&result))?;
        written?;
        let succeeded = result.whole.succeeded > 0 || result.throughput > 0.0;
        Ok(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
