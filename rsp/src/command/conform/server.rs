//! `rsp conform server`.

mod access;
mod url;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use certs::tree::Pki;
use clap::{Args, ValueEnum};
use conformance::report::Report;
use conformance::report::list::Listing;
use conformance::server::orders::OrdersFile;
use conformance::server::target::{Kind, Root, Target};
use conformance::server::{Case, Plan, cases, judge};
use crypto::Curve;
use protocol::clock::Clock;
use protocol::types::ServerAddress;
use wire::tls::client_config;
use wire::transport::{Route, Transport};

use super::progress::Progress;
use super::run::{RunArguments, Wanted, usage};
use crate::command::lpa::{ci_certificates, parse_route, tls_roots};
use crate::io::{folder, machine};
use access::{Es2, Es12};
use url::Url;

/// Plays LPA and eUICC, operator, SM-DP+ and Alternative SM-DS, and judges what an SM-DP+ or SM-DS answers.
#[derive(Args)]
#[command(after_help = "Exit codes: see `rsp conform --help`.")]
pub struct Server {
    #[command(flatten)]
    target: TargetArguments,
    #[command(flatten)]
    run: RunArguments,
}

/// The server, and who the judge is there.
#[derive(Args)]
pub struct TargetArguments {
    /// Where LPAs reach it: https://HOST[:PORT], or http://HOST:PORT without TLS
    #[arg(value_name = "URL")]
    url: Option<Url>,
    /// What it is
    #[arg(long, value_enum, default_value = "smdp")]
    kind: KindName,
    /// The certificates by which it knows its eUICCs and peers: a folder as `rsp certs make` makes it, or the published test
    /// certificates of SGP.26. With the keys of the CI and the EUM more cases can be asked
    #[arg(long, value_name = "DIR")]
    certs: Option<PathBuf>,
    /// A CI certificate to trust in TLS besides that of --certs (DER or PEM), or a folder with some
    #[arg(long = "tls-ci", value_name = "PATH")]
    tls_ci: Vec<PathBuf>,
    /// Its address in messages, where that is another than in the URL
    #[arg(long, value_name = "HOST[:PORT]")]
    address: Option<ServerAddress>,
    /// Connect to this address instead of asking DNS for the host: HOST=IP:PORT. May be given for several hosts
    #[arg(long = "route", value_name = "HOST=IP:PORT", value_parser = parse_route)]
    routes: Vec<Route>,
    /// Orders that are on the SM-DP+ (TOML), where ES2+ is not offered or cannot make them: see docs/conformance.md
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    #[command(flatten)]
    es2: Es2,
    #[command(flatten)]
    es12: Es12,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindName {
    /// An SM-DP+
    Smdp,
    /// A Root SM-DS
    Smds,
    /// An Alternative SM-DS: the same without ES15, which its Root offers
    SmdsAlternative,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Smdp => Self::Smdp,
            KindName::Smds | KindName::SmdsAlternative => Self::Smds,
        }
    }
}

/// What is shown and trusted, by whoever is played.
struct Setting {
    pki: Pki,
    /// The CIs that TLS trusts, DER.
    roots: Vec<Vec<u8>>,
    routes: Vec<Route>,
    clock: Arc<dyn Clock>,
}

impl Server {
    pub async fn run(self) -> Result<ExitCode> {
        let kind = Kind::from(self.target.kind);
        let all: Vec<Listing> = cases::all().filter(|case| case.of == kind).map(Case::listing).collect();
        if !self.run.begin(&all)? {
            return Ok(ExitCode::SUCCESS);
        }
        let report = self.target.judge(&self.run.wanted()?).await?;
        self.run.finish(report, &all)
    }
}

impl TargetArguments {
    /// Runs the cases that are wanted.
    pub async fn judge(&self, wanted: &Wanted) -> Result<Report> {
        let target = self.target(self.kind.into(), &wanted.curves).await?;
        let Wanted { selection, curves, bindings, seed, strict } = wanted;
        let plan = Plan { selection, curves, bindings, seed: *seed };
        let chosen = cases::all().filter(|case| case.of == target.kind && selection.takes(&case.head));
        let runs = chosen.map(|case| case.variants.over(curves, bindings).len()).sum();
        let started = machine::system_clock().now().to_string();
        let begun = Instant::now();
        let mut progress = Progress::new(runs);
        let results = judge(&target, &plan, |result| progress.done(result)).await;
        drop(progress);
        Ok(Report {
            version: env!("CARGO_PKG_VERSION"),
            kind: "server",
            target: self.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            seed: seed.0,
            strict: *strict,
            started,
            seconds: begun.elapsed().as_secs_f64(),
            results,
            stale_expectations: Vec::new(),
        })
    }

    async fn target(&self, kind: Kind, curves: &[Curve]) -> Result<Target> {
        let url = self.url.as_ref().ok_or_else(|| usage("the URL of the server is missing"))?;
        let setting = self.setting()?;
        let callers = match kind {
            Kind::Smdp => self.es2.callers(&setting)?,
            Kind::Smds => self.es12.callers(&setting)?,
        };
        Ok(Target {
            kind,
            is_alternative: matches!(self.kind, KindName::SmdsAlternative),
            address: self.address.clone().unwrap_or_else(|| url.address().clone()),
            lpa: setting.transport(url)?,
            roots: setting.roots_on(curves)?,
            operator: self.es2.operator(&setting)?,
            other_operator: self.es2.other_operator(&setting)?,
            reports: self.es2.reports().await?,
            callers,
            orders: self.orders()?,
            clock: setting.clock,
        })
    }

    fn setting(&self) -> Result<Setting> {
        let certs = self.certs.as_ref().ok_or_else(|| usage("--certs is missing"))?;
        let pki = Pki::from_tree(&folder::read(certs)?).with_context(|| certs.display().to_string())?;
        let mut roots = tls_roots(&pki)?;
        for path in &self.tls_ci {
            roots.extend(ci_certificates(path)?);
        }
        Ok(Setting { pki, roots, routes: self.routes.clone(), clock: machine::system_clock() })
    }

    fn orders(&self) -> Result<OrdersFile> {
        let Some(path) = &self.orders else { return Ok(OrdersFile::default()) };
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        OrdersFile::parse(&text).with_context(|| path.display().to_string())
    }
}

impl Setting {
    /// How LPAs reach the server.
    fn transport(&self, url: &Url) -> Result<Transport> {
        let transport = match url {
            Url::Https(address) => {
                Transport::new(address.clone(), client_config(self.roots.clone(), self.clock.clone())?)
            }
            Url::Http(address) => Transport::plain(address.clone()),
        };
        Ok(self.routes.iter().cloned().fold(transport, Transport::with_route))
    }

    /// The CIs of the eUICCs, on those of the curves that there are.
    fn roots_on(&self, curves: &[Curve]) -> Result<Vec<Root>> {
        let on = |curve: &Curve| self.pki.chains().find(|chain| chain.curve() == *curve);
        let chains: Vec<_> = curves.iter().filter_map(on).collect();
        ensure!(!chains.is_empty(), "--certs has no CI on a curve that is asked for");
        Ok(chains.into_iter().map(Root::from_chain).collect::<Result<_, _>>()?)
    }
}
