//! A package bound to an eUICC below HTTP and without a store: the eUICC's answer verified, a one-time key made, the package
//! bound (SGP.22 §5.6.2).

use std::hint::black_box;

use anyhow::{Context, Result};
use asn1::{AuthenticateServerResponse, GetBoundProfilePackageRequest};
use certs::{Certificate, Identity};
use crypto::scp03t::SessionKeys;
use crypto::{Curve, Engine, OneTimeKey};
use protocol::bpp::{self, Binding, HostId, ProfileElements, ProtectedPackage};
use protocol::smdp_session::{Authenticated, Offered, verify_prepare_download};
use protocol::trace::{Actor, Tracer};
use protocol::types::Eid;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::messages::Messages;
use super::primitives::{By, Operation, derivation, protection};
use super::{Repeated, SIZES, Subject, Sum, Work, curve_name};
use crate::profile;

const CALLS: u32 = 8;

/// Under which keys a package is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Under {
    SessionKeys,
    ProfileProtectionKeys,
}

/// Each size under either kind of keys on P-256, the smallest on the other curve too.
pub fn subjects() -> Vec<Subject> {
    let of = |under: Under, curve: Curve, (size, size_name): (usize, &str)| {
        let (keys, protection) = match under {
            Under::SessionKeys => ("session-keys", Some(size_name)),
            Under::ProfileProtectionKeys => ("profile-protection-keys", None),
        };
        let name = format!("binding/{keys}/{size_name}/{}", curve_name(curve));
        Subject::new(name, CALLS, move || bound(under, curve, size)).beside(floor(curve, protection))
    };
    let mut subjects = Vec::new();
    for under in [Under::SessionKeys, Under::ProfileProtectionKeys] {
        subjects.extend(SIZES.map(|size| of(under, Curve::P256, size)));
        let [smallest, ..] = SIZES;
        subjects.push(of(under, Curve::BrainpoolP256r1, smallest));
    }
    subjects
}

/// What binding takes: the eUICC's answer verified, a one-time key made and agreed on, InitialiseSecureChannel signed. Of the
/// package no more than that it is protected, where that cannot have been done ahead.
pub(crate) fn floor(curve: Curve, protected: Option<&str>) -> Sum {
    use Operation::{Agree, Generate, Sign, Verify};
    let keys = By::server(curve).sum(curve, &[(1, Verify), (1, Generate), (1, Agree), (1, Sign)]);
    keys.and(derivation()).and(protected.map(protection).unwrap_or_default())
}

struct Bench {
    eid: Eid,
    host_id: HostId,
    server: Identity,
    offered: Offered,
    request: GetBoundProfilePackageRequest,
    metadata: Vec<u8>,
    package: Vec<u8>,
    /// The same, protected ahead of time.
    protected: ProtectedPackage,
    rng: ChaCha20Rng,
    tracer: Tracer,
}

impl Bench {
    fn new(curve: Curve, size: usize) -> Result<Self> {
        let Messages { authenticate, offered, prepared, laboratory, .. } = Messages::exchanged(curve)?;
        let answer = match authenticate.authenticate_server_response.into_value() {
            AuthenticateServerResponse::AuthenticateResponseOk(answer) => Some(answer),
            AuthenticateServerResponse::AuthenticateResponseError(_) => None,
        };
        let answer = answer.context("the eUICC refused the server")?;
        let certificate = Certificate::try_from(&answer.euicc_certificate)?;
        let eid = *laboratory.euicc.eid();
        let key = certificate.public_key().clone();
        let iccid = offered.profile_metadata.iccid;
        let package = profile::package(iccid, size)?;
        let keys = SessionKeys { mac_chaining_value: [4; 16], s_enc: [5; 16], s_mac: [6; 16] };
        Ok(Self {
            eid,
            host_id: HostId::new(b"smdp.example.com")?,
            server: laboratory.authority().server.pb.clone(),
            offered: Offered {
                client: Authenticated { eid, key, ci: Vec::new() },
                confirmation_code_required: false,
                one_time_key_curve: curve.into(),
                smdp_signature2: offered.smdp_signature2.to_tlv(),
            },
            request: prepared,
            metadata: profile::metadata(iccid)?,
            protected: ProtectedPackage::protect(&package, keys),
            package,
            rng: ChaCha20Rng::seed_from_u64(3),
            tracer: Tracer::off(Actor::Smdp),
        })
    }

    fn bind(&mut self, under: Under) -> Result<Vec<u8>> {
        let engine = Engine::AwsLc;
        let prepared = verify_prepare_download(&self.offered, &self.request, engine, &self.tracer)?;
        let one_time_key = OneTimeKey::generate(engine, self.server.key().curve(), &mut self.rng)?;
        let binding = Binding {
            transaction_id: &self.request.transaction_id,
            eid: &self.eid,
            host_id: &self.host_id,
            euicc_otpk: &prepared.euicc_otpk,
            one_time_key: &one_time_key,
            metadata: &self.metadata,
            profile: match under {
                Under::SessionKeys => ProfileElements::Unprotected(&self.package),
                Under::ProfileProtectionKeys => ProfileElements::Protected(&self.protected),
            },
            signing_key: self.server.key(),
        };
        Ok(bpp::bind(binding, &self.tracer)?)
    }
}

fn bound(under: Under, curve: Curve, size: usize) -> Result<impl Work> {
    let mut bench = Bench::new(curve, size)?;
    Ok(Repeated(move || {
        black_box(bench.bind(under)?);
        Ok(())
    }))
}
