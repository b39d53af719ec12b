//! Beside osmo-smdpp: the same certificates, the same profile package, the same eUICCs over the same number of connections after
//! the same warm-up.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use asn1::profile::ProfilePackage;
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use zeroize::Zeroizing;

use super::bench::{Bench, run};
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::{Lpas, all_succeeded};
use super::options::Osmo;
use super::server::Server;
use super::stock::{MOST_DOWNLOADS, Stock, matching_id};
use crate::profile;

/// The goal.
pub static GOALS: [Goal; 1] = [Goal {
    name: "osmo",
    what: "whole downloads a second against osmo-smdpp, same certificates, profile and client",
    bound: Bound::AtLeast(100.0, Unit::Times),
}];

/// Nothing is measured for so long; and of ours no longer.
const WARM_UP: Duration = Duration::from_secs(5);

/// One after the other. Ours runs on the servers' processor; whoever has started theirs has put it there, too.
pub fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &GOALS;
    let Some(osmo) = &bench.options.osmo else {
        let how = "give --osmo HOST with --osmo-at, --osmo-certs, --osmo-profile and --osmo-matching-id";
        return Ok(vec![goal.skipped(how)]);
    };
    let generator = bench.generator()?;
    let connections = bench.options.connections;
    let theirs = Lpas::new(&osmo.certs, &osmo.address, osmo.place)?;
    let their_order = std::slice::from_ref(&osmo.matching_id);
    let times = [WARM_UP, Duration::from_secs(osmo.seconds)];
    bench.say(&format!("osmo-smdpp for {} s", osmo.seconds));
    let theirs = generator.block_on(theirs.download_for(their_order, true, connections, times))?;
    all_succeeded(&theirs)?;
    let theirs = theirs.throughput;
    ensure!(theirs > 0.0, "osmo-smdpp has ended no download in {} s: give --osmo-seconds", osmo.seconds);

    let number = MOST_DOWNLOADS * 2 * WARM_UP.as_secs();
    bench.say(&format!("making {number} orders"));
    let stock = Stock::sqlite(&bench.folder("osmo")?, same_profile(osmo, number)?)?;
    let certs = bench.folder("osmo")?.join("certs");
    let mut with_tls = Command::new(bench.rsp()?);
    run(with_tls.args(["certs", "tls", "--from"]).arg(&osmo.certs).arg("--out").arg(&certs))?;
    let server = Server::start_with(bench, &stock, &certs, &[])?;
    let ours = Lpas::new(&certs, &server.address(), server.place)?;
    let orders: Vec<String> = (0..number).map(matching_id).collect();
    let times = [WARM_UP, WARM_UP];
    let ours = generator.block_on(ours.download_for(&orders, false, connections, times))?;
    all_succeeded(&ours)?;
    let ours = ours.throughput;
    let figure = format!("{ours:.0} a second against {theirs:.2}, {connections} connections");
    Ok(vec![goal.measured(ours / theirs, figure)])
}

/// An order has one download only, so the profile is there many times, each with a number of its own.
fn same_profile(osmo: &Osmo, number: u64) -> Result<impl Iterator<Item = Result<NewOrder>> + use<>> {
    let package = std::fs::read(&osmo.profile).with_context(|| osmo.profile.display().to_string())?;
    ProfilePackage::parse(&package).context("the profile package")?;
    Ok((0..number).map(move |number| order(number, &package)))
}

fn order(number: u64, package: &[u8]) -> Result<NewOrder> {
    let iccid = profile::iccid(number)?;
    let profile = NewProfile {
        iccid,
        operator: None,
        profile_type: "bench".to_owned(),
        protection: PackageProtection::ProfileProtectionKeys,
        metadata: profile::metadata(iccid)?,
        package: Package(Zeroizing::new(package.to_vec())),
    };
    let matching_id = Some(matching_id(number).parse()?);
    Ok(NewOrder { profile, matching_id, eid: None, confirmation_code: None, expires: None })
}
