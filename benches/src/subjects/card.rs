//! What an eUICC computes while 12 KB of profile are installed in it, APDUs and all; with its own engine, beside the floor of
//! that engine.

use anyhow::Result;
use crypto::Curve;
use euicc_sim::Card;
use smdp::domain::PackageProtection;

use super::primitives::{By, Operation, derivation_on_card, opening};
use super::work::Waiter;
use super::{Prepared, SIZES, Subject, Work, curve_name};
use crate::card::RecordedDownload;

const CALLS: u32 = 4;

/// The installation alone, and with it all that comes before, on each curve.
pub fn subjects() -> Vec<Subject> {
    use Operation::{Agree, Generate, Sign, Verify};
    let [(size, size_name), ..] = SIZES;
    let on = |curve: Curve| {
        let name = |what: &str| format!("card/{what}/{size_name}/{}", curve_name(curve));
        let floor = |keys| By::card().sum(curve, keys).and(derivation_on_card()).and(opening(size_name));
        [
            // InitialiseSecureChannel is verified, the installation result signed.
            Subject::new(name("install"), CALLS, move || install(curve, size)).beside(floor(&[
                (1, Verify),
                (1, Agree),
                (1, Sign),
            ])),
            // Besides: CERT.DPauth, serverSignature1, CERT.DPpb, smdpSignature2; euiccSignature1 and euiccSignature2.
            Subject::new(name("download"), CALLS, move || download(curve, size)).beside(floor(&[
                (5, Verify),
                (1, Generate),
                (1, Agree),
                (3, Sign),
            ])),
        ]
    };
    Curve::ALL.into_iter().flat_map(on).collect()
}

fn recorded(curve: Curve, size: usize) -> Result<RecordedDownload> {
    Waiter::new()?.wait(RecordedDownload::new(curve, size, PackageProtection::SessionKeys))
}

fn install(curve: Curve, size: usize) -> Result<impl Work> {
    let prepared = |download: &RecordedDownload| {
        let mut card = download.card()?;
        download.prepare(&mut card)?;
        Ok(card)
    };
    let make = move |download: &mut RecordedDownload, calls| (0..calls).map(|_| prepared(download)).collect();
    Ok(Prepared::new(recorded(curve, size)?, make, |download, mut card: Card| {
        download.install(&mut card)?;
        Ok(card)
    }))
}

fn download(curve: Curve, size: usize) -> Result<impl Work> {
    let make = |download: &mut RecordedDownload, calls| (0..calls).map(|_| download.card()).collect();
    Ok(Prepared::new(recorded(curve, size)?, make, |download, mut card: Card| {
        download.prepare(&mut card)?;
        download.install(&mut card)?;
        Ok(card)
    }))
}
