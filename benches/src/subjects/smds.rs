//! ES11 below HTTP, on an SM-DS whose store is SQLite in memory: an eUICC asks which events wait for it, and one does.

use std::hint::black_box;

use anyhow::{Result, ensure};
use asn1::AuthenticateClientRequest;
use crypto::Curve;
use protocol::es11::Es11;

use super::primitives::{By, Operation};
use super::work::Waiter;
use super::{Prepared, Repeated, Subject, Sum, Work, curve_name};
use crate::smds::{ADDRESS, SmdsLaboratory};

const CALLS: u32 = 8;

/// Each function on P-256, and the session on each curve.
pub fn subjects() -> Vec<Subject> {
    use Operation::{Sign, Verify, VerifyKnown};
    let floor = |curve, operations: &[(u32, Operation)]| By::server(curve).sum(curve, operations);
    let mut subjects = vec![
        Subject::new("smds/initiateAuthentication", CALLS, initiate_authentication)
            .beside(floor(Curve::P256, &[(1, Sign)])),
        // CERT.EUICC, the EUM being known, and euiccSignature1.
        Subject::new("smds/authenticateClient", CALLS, authenticate_client)
            .beside(floor(Curve::P256, &[(1, VerifyKnown), (1, Verify)])),
    ];
    for curve in Curve::ALL {
        let session =
            Subject::new(format!("smds/session/{}", curve_name(curve)), CALLS, move || retrieve(curve));
        subjects.push(
            session
                .beside(floor(curve, &[(1, Sign), (1, VerifyKnown), (1, Verify)]))
                .less(Sum::times(1, euicc_name(curve))),
        );
        subjects.push(Subject::new(euicc_name(curve), CALLS, move || euicc(curve)));
    }
    subjects
}

fn euicc_name(curve: Curve) -> String {
    format!("smds/euicc/{}", curve_name(curve))
}

/// What the eUICC computes in a session.
fn euicc(curve: Curve) -> Result<impl Work> {
    let bench = Bench::new(curve)?;
    let request = bench.laboratory.euicc.initiate(ADDRESS, [7; 16]);
    let initiated = bench.waiter.wait(bench.laboratory.smds.initiate_authentication(request))?;
    Ok(Repeated(move || {
        let euicc = &bench.laboratory.euicc;
        black_box(euicc.initiate(ADDRESS, [7; 16]));
        black_box(euicc.authenticate(&initiated, None)?);
        Ok(())
    }))
}

struct Bench {
    laboratory: SmdsLaboratory,
    waiter: Waiter,
}

impl Bench {
    /// One whose server has met the eUICC's EUM before.
    fn new(curve: Curve) -> Result<Self> {
        let bench = Self { laboratory: SmdsLaboratory::new(curve)?, waiter: Waiter::new()? };
        bench.waiter.wait(bench.laboratory.register(1))?;
        bench.session()?;
        Ok(bench)
    }

    fn initiated(&self) -> Result<AuthenticateClientRequest> {
        let SmdsLaboratory { smds, euicc } = &self.laboratory;
        let initiated = smds.initiate_authentication(euicc.initiate(ADDRESS, [7; 16]));
        euicc.authenticate(&self.waiter.wait(initiated)?, None)
    }

    fn events(&self, request: AuthenticateClientRequest) -> Result<()> {
        let answer = self.waiter.wait(self.laboratory.smds.authenticate_client(request))?;
        ensure!(answer.event_entries.len() == 1, "{answer:?}");
        Ok(())
    }

    fn session(&self) -> Result<()> {
        self.events(self.initiated()?)
    }
}

fn initiate_authentication() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| {
        Ok((0..calls).map(|_| bench.laboratory.euicc.initiate(ADDRESS, [7; 16])).collect())
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, |bench, request| {
        black_box(bench.waiter.wait(bench.laboratory.smds.initiate_authentication(request))?);
        Ok(())
    }))
}

fn authenticate_client() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| (0..calls).map(|_| bench.initiated()).collect();
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, |bench, request| bench.events(request)))
}

fn retrieve(curve: Curve) -> Result<impl Work> {
    let bench = Bench::new(curve)?;
    Ok(Repeated(move || bench.session()))
}
