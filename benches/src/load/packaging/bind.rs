//! Profile packages under keys.

use std::hint::black_box;

use anyhow::Result;
use asn1::TransactionId;
use crypto::scp03t::SessionKeys;
use crypto::{Curve, Engine, OneTimeKey, PublicKey, Signature, SigningKey};
use protocol::bpp::{self, Binding, HostId, ProfileElements, ProtectedPackage};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::work::Work;
use crate::euicc::Euicc;
use crate::laboratory::ADDRESS;
use crate::pki::Authority;
use crate::profile;

/// What the eUICC signs before a package is bound: euiccSigned2 and smdpSignature2 (SGP.22 §5.7.5), as long as they are.
const ANSWER: [u8; 155] = [0x5A; 155];

/// A package protected ahead of time: its profile protection keys are random, and no eUICC is named.
pub(super) struct Protecting<'a> {
    rng: ChaCha20Rng,
    package: &'a [u8],
}

impl<'a> Protecting<'a> {
    /// One of several that do the same.
    pub(super) fn new(number: usize, package: &'a [u8]) -> Self {
        Self { rng: ChaCha20Rng::seed_from_u64(number as u64), package }
    }
}

impl Work for Protecting<'_> {
    fn some(&mut self) -> Result<u64> {
        black_box(ProtectedPackage::protect(black_box(self.package), random_keys(&mut self.rng)));
        Ok(1)
    }
}

fn random_keys(rng: &mut ChaCha20Rng) -> SessionKeys {
    let mut keys = SessionKeys { mac_chaining_value: [0; 16], s_enc: [0; 16], s_mac: [0; 16] };
    for part in [&mut keys.mac_chaining_value, &mut keys.s_enc, &mut keys.s_mac] {
        rng.fill_bytes(part);
    }
    keys
}

/// The two ends that packages are bound between.
pub(super) struct Ends {
    curve: Curve,
    authority: Authority,
    euicc: Euicc,
    answer_key: PublicKey,
    answer_signature: Signature,
    transaction_id: TransactionId,
    host_id: HostId,
    metadata: Vec<u8>,
}

impl Ends {
    /// The ends on this curve.
    pub(super) fn new(curve: Curve) -> Result<Self> {
        let authority = Authority::new(curve, Engine::AwsLc)?;
        let euicc = Euicc::made_by(&authority.factory, 1)?;
        let key = SigningKey::generate(Engine::AwsLc, curve, &mut ChaCha20Rng::seed_from_u64(2))?;
        Ok(Self {
            curve,
            authority,
            euicc,
            answer_key: key.public_key().clone(),
            answer_signature: key.sign(&ANSWER)?,
            transaction_id: TransactionId::new([7; 16].as_slice())?,
            host_id: HostId::of_server(&ADDRESS.parse()?),
            metadata: profile::metadata(profile::iccid(1)?)?,
        })
    }

    /// Everything that GetBoundProfilePackage computes (SGP.22 §5.6.2): the eUICC's answer is verified, a one-time key made, the
    /// package bound.
    fn bind(&self, profile: ProfileElements<'_>, rng: &mut ChaCha20Rng) -> Result<Vec<u8>> {
        self.answer_key.verify(Engine::AwsLc, black_box(&ANSWER), &self.answer_signature)?;
        let euicc_otpk = PublicKey::from_point(self.curve, self.euicc.one_time_key().public_key().point())?;
        let one_time_key = OneTimeKey::generate(Engine::AwsLc, self.curve, rng)?;
        let binding = Binding {
            transaction_id: &self.transaction_id,
            eid: self.euicc.eid(),
            host_id: &self.host_id,
            euicc_otpk: &euicc_otpk,
            one_time_key: &one_time_key,
            metadata: &self.metadata,
            profile,
            signing_key: self.authority.server.pb.key(),
        };
        Ok(bpp::bind(binding, &Tracer::off(Actor::Smdp))?)
    }
}

/// A package bound again and again.
pub(super) struct Binder<'a> {
    ends: &'a Ends,
    package: &'a [u8],
    /// The same, where it was protected ahead of time.
    protected: Option<ProtectedPackage>,
    rng: ChaCha20Rng,
}

impl<'a> Binder<'a> {
    /// One of several that bind under the session keys.
    pub(super) fn under_session_keys(number: usize, ends: &'a Ends, package: &'a [u8]) -> Self {
        Self { ends, package, protected: None, rng: ChaCha20Rng::seed_from_u64(number as u64) }
    }

    /// One of several that bind what was protected ahead of time under profile protection keys.
    pub(super) fn under_profile_protection_keys(number: usize, ends: &'a Ends, package: &'a [u8]) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(number as u64);
        let protected = Some(ProtectedPackage::protect(package, random_keys(&mut rng)));
        Self { ends, package, protected, rng }
    }
}

impl Work for Binder<'_> {
    fn some(&mut self) -> Result<u64> {
        let profile = match &self.protected {
            None => ProfileElements::Unprotected(self.package),
            Some(protected) => ProfileElements::Protected(protected),
        };
        black_box(self.ends.bind(black_box(profile), &mut self.rng)?);
        Ok(1)
    }
}
