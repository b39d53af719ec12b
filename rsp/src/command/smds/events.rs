//! `rsp smds events`.

use anyhow::{Result, ensure};
use clap::Args;
use protocol::types::Eid;
use smds::domain::EventRecord;
use smds::store::{EventFilter, PostgresStore, SqliteStore, Store};

use crate::config::StoreChoice;
use crate::config::smds::{StoreFlags, store};
use crate::io::printable::Printable;

#[derive(Args)]
pub struct Events {
    #[command(flatten)]
    store: StoreFlags,
    /// Those of this eUICC only
    #[arg(long)]
    eid: Option<Eid>,
    /// Also those that have ended
    #[arg(long)]
    all: bool,
}

impl Events {
    pub async fn run(self) -> Result<()> {
        match store(&self.store)? {
            StoreChoice::Sqlite(path) => {
                ensure!(path.exists(), "there is no store {}", path.display());
                self.print(&SqliteStore::open_read_only(&path)?).await
            }
            StoreChoice::Postgres(url) => {
                self.print(&PostgresStore::connect_read_only(&url, Default::default()).await?).await
            }
        }
    }

    async fn print(&self, store: &impl Store) -> Result<()> {
        const PAGE: u32 = 1000;
        let standing = !self.all;
        let mut filter = EventFilter { eid: self.eid, standing, limit: PAGE, ..EventFilter::default() };
        println!("{:>8}  {:<10}  {:<32}  {:<24}  caller and EventID", "number", "state", "EID", "at");
        loop {
            let events = store.events(filter.clone()).await?;
            for event in &events {
                print(event);
            }
            match events.last() {
                Some(last) => filter.after = Some(last.number),
                None => return Ok(()),
            }
        }
    }
}

fn print(event: &EventRecord) {
    let forwarded =
        event.forwarded_as.as_ref().map(|id| format!(", at the Root as {id}")).unwrap_or_default();
    println!(
        "{:>8}  {:<10}  {}  {:<24}  {} {}{forwarded}",
        event.number.0,
        event.state.name(),
        event.eid,
        event.rsp_server_address.as_str(),
        event.caller,
        // The caller's own text.
        Printable(&event.event_id),
    );
}
