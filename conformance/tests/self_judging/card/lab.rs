//! Cards to judge: two of our own, which between them have what every case needs, and a third that may be broken.

use std::sync::{Arc, OnceLock};

use asn1::{Iccid, StoreMetadataRequest};
use certs::tree::Pki;
use certs::workshop::{Plan as PkiPlan, Workshop};
use certs::{UnixTime, Variant as ChainVariant};
use conformance::card::properties::Properties;
use conformance::card::servers::Root;
use conformance::card::{Case, Plan, Target, Way, run};
use conformance::case::Variant;
use conformance::outcome::Outcome;
use conformance::random::Seed;
use conformance::report::CaseReport;
use conformance::selection::Selection;
use crypto::Curve;
use euicc_sim::state::{CardState, Owner, PolicyRules, Rule, manufacture, preload};
use euicc_sim::{Environment, InMemory};
use lpa::{Card, CardError};
use protocol::clock::{Clock, FixedClock, Timestamp};
use protocol::profile::{Imsi, Subscriber, default_profile};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use zeroize::Zeroizing;

pub const SEED: Seed = Seed(7);
const NOW: i64 = 1_795_000_000;
const EID: [u8; 16] =
    [0x89, 0x04, 0x90, 0x32, 0x12, 0x34, 0x51, 0x23, 0x45, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x35];

/// What the card has that not every card has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Revocation lists, and an empty Rules Authorisation Table.
    Plain,
    /// No revocation lists, and a table that allows everything to everybody.
    Liberal,
    /// As the first, with a profile of somebody else on it. Nothing that lasts is allowed with it.
    Used,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Liberal, Self::Used];
}

pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let hosts = vec!["smdp.example.com".to_owned()];
        let plan = PkiPlan { eid: EID, dp_hosts: hosts.clone(), ds_hosts: hosts };
        Pki::from_tree(&Workshop::new(UnixTime(NOW), &mut rng).tree(&plan).unwrap()).unwrap()
    })
}

/// A simulated card behind the port that the judge drives.
pub struct Simulated(pub euicc_sim::Card);

impl Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        let response = self.0.transmit(command);
        if response.is_empty() { Err(CardError("it says nothing".to_owned())) } else { Ok(response) }
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW)))
}

fn state(kind: Kind, preferred: Curve) -> CardState {
    let mut curves = Curve::ALL.to_vec();
    curves.sort_by_key(|curve| *curve != preferred);
    let mut state = manufacture(pki(), &curves).unwrap();
    assert!(pki().chain(ChainVariant::O, preferred).is_some());
    if kind == Kind::Liberal {
        state.information.crl = false;
        state.rules_authorisation_table = vec![Rule {
            policy_rules: PolicyRules { update_control: false, ppr1: true, ppr2: true },
            allowed_operators: vec![Owner::anyone()],
            consent_required: true,
        }];
    }
    if kind == Kind::Used {
        let iccid: Iccid = "89000123456789012341".parse().unwrap();
        let imsi: Imsi = "001010123456789".parse().unwrap();
        let subscriber = Subscriber::new(iccid, imsi, Zeroizing::new([1; 16]), Zeroizing::new([2; 16]));
        let metadata =
            StoreMetadataRequest::new(iccid, "Somebody".try_into().unwrap(), "Else".try_into().unwrap());
        preload(&mut state, &default_profile(&subscriber), metadata, false).unwrap();
    }
    state
}

/// A new card.
pub fn card(kind: Kind, preferred: Curve) -> Simulated {
    powered(state(kind, preferred))
}

/// A new card of the first kind, with a certificate on this curve alone.
pub fn card_on(curve: Curve) -> Simulated {
    powered(manufacture(pki(), &[curve]).unwrap())
}

fn powered(state: CardState) -> Simulated {
    let environment = Environment {
        rng: Box::new(ChaCha20Rng::seed_from_u64(2)),
        clock: clock(),
        tracer: Tracer::off(Actor::Euicc),
        memory: Box::new(InMemory::default()),
    };
    Simulated(euicc_sim::Card::power_on(state, environment).unwrap())
}

/// The card as it is judged: everything is carried.
pub fn target(kind: Kind, card: &mut dyn Card) -> Target<'_> {
    Target {
        card,
        way: Way { channels: true, any_bytes: true },
        roots: Root::all(pki()).unwrap(),
        isd_r_aid: lpa::isd_r::ISD_R_AID.to_vec(),
        block_size: 255,
        destructive: kind != Kind::Used,
        clock: clock(),
    }
}

/// What a good card says of itself.
pub fn properties(kind: Kind) -> Properties {
    let mut card = card(kind, Curve::P256);
    target(kind, &mut card).properties().unwrap()
}

/// A kind of card that has what the case needs.
pub fn kind_for(case: &Case) -> Option<Kind> {
    static ALL: OnceLock<Vec<(Kind, Properties)>> = OnceLock::new();
    let all = ALL.get_or_init(|| Kind::ALL.map(|kind| (kind, properties(kind))).into());
    // To see whether others are left alone there have to be some.
    let about_others = case.expected.to_string().contains("other profiles are as they were");
    let mut all: Vec<_> = all.iter().collect();
    all.sort_by_key(|(kind, _)| about_others && *kind != Kind::Used);
    let mut card = card(Kind::Plain, Curve::P256);
    let way = target(Kind::Plain, &mut card).way;
    let has_all = |kind: Kind, card: &Properties| {
        case.needs.iter().all(|need| need.verify(card, way, 2, kind != Kind::Used).is_ok())
    };
    all.into_iter().find(|(kind, properties)| has_all(*kind, properties)).map(|(kind, _)| *kind)
}

/// Runs a case once, on a card that prefers this curve.
pub fn judge_one(case: &Case, kind: Kind, card: &mut dyn Card, curve: Curve) -> CaseReport {
    judge_with(case, kind, card, curve, SEED)
}

/// The same with another seed.
pub fn judge_with(case: &Case, kind: Kind, card: &mut dyn Card, curve: Curve, seed: Seed) -> CaseReport {
    let mut target = target(kind, card);
    let properties = match target.properties() {
        Ok(properties) => properties,
        Err(error) => {
            let outcome = Outcome::blocked("ask the card what it is", error);
            return CaseReport::new(&case.head, Variant::default(), Vec::new(), outcome);
        }
    };
    let variant = Variant { curve: case.variants.curves.then_some(curve), binding: None };
    let mut curves = Curve::ALL.to_vec();
    curves.sort_by_key(|one| *one != curve);
    let selection = Selection::default();
    let plan = Plan { selection: &selection, curves: &curves, seed };
    run(case, &mut target, &properties, variant, &curves, &plan)
}
