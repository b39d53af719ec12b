//! What a call is made from, and the good call that a bad one is a copy of.

use std::sync::Arc;

use asn1::tlv::wrap;
use conformance::server::call::{
    About, Authenticate, Cancel, Confirm, Delete, Download, Initiate, Known, Named, Notify, Profile,
    Register, Reserve, Withdraw, release,
};
use conformance::server::euicc::{self, VirtualEuicc};
use conformance::server::message::{Members, Message};
use conformance::server::orders::Order;
use conformance::server::play::{Offered, Session};
use conformance::server::step::Step;
use conformance::server::target::Root;
use crypto::{Curve, Engine, OneTimeKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::difference::{self, Parts};
use crate::server::lab::{pki, roots};

const SMDP_OID: [u8; 3] = [0x88, 0x37, 0x0A];
const EID: &str = "89049032123451234512345678901235";
const OTHER_EID: &str = "89049032123451234512345678901333";

/// A session in which everything can be called.
pub struct Bench {
    root: Root,
    session: Session,
    order: Order,
    one_time_key: Arc<OneTimeKey>,
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

impl Bench {
    pub fn new() -> Self {
        let root = roots(&pki()).into_iter().find(|root| root.curve == Curve::P256).unwrap();
        let offered = Offered {
            members: Members::default(),
            smdp_signature2: wrap(0x5F37, &[0x22; 64]),
            cc_required: true,
            smdp_oid: SMDP_OID.to_vec(),
            iccid: Some(vec![0x98; 10]),
        };
        let session = Session {
            euicc_challenge: [1; 16],
            transaction_id: vec![0xAB; 16],
            server_challenge: [2; 16],
            server_address: "smdp.example.com".to_owned(),
            server_oid: SMDP_OID.to_vec(),
            initiated: Members::default(),
            euicc_signature1: wrap(0x5F37, &[0x11; 64]),
            offered: Some(offered),
            one_time_key: None,
            package: None,
        };
        let order = Order {
            matching_id: Some("OWN-1".to_owned()),
            confirmation_code: Some("4711".to_owned()),
            iccid: Some("8988211000000000102".to_owned()),
            eid: Some(EID.to_owned()),
        };
        let key = OneTimeKey::generate(Engine::RustCrypto, Curve::P256, &mut rng()).unwrap();
        Self { root, session, order, one_time_key: Arc::new(key) }
    }

    fn euicc(&self) -> VirtualEuicc {
        let chain = euicc::own(&self.root.authority, &mut rng()).unwrap();
        VirtualEuicc::new(chain, self.root.anchor.key_identifier().clone(), self.root.curve)
    }

    /// The call of a step, if it calls anything of which a good one and a bad one are told apart here.
    pub fn message(&self, step: &Step) -> Option<Message> {
        let mut euicc = self.euicc();
        let (session, rng, authority) = (&self.session, &mut rng(), &self.root.authority);
        let header =
            |message: Message| Message { header: Some(("2.999.20".to_owned(), "1".to_owned())), ..message };
        Some(match step {
            Step::InitiateAuthentication(how) => how.message(&euicc, "smdp.example.com", [1; 16]),
            Step::AuthenticateClient(how) => {
                how.message(&euicc, authority, session, Some("OWN-1"), rng).unwrap().0
            }
            Step::GetBoundProfilePackage(how) => {
                how.message(&euicc, session, &self.one_time_key, Some("4711"), rng).unwrap()
            }
            Step::HandleNotification(Notify::Again) => return None,
            Step::HandleNotification(how) => {
                let about = About { euicc: &mut euicc, session, address: "smdp.example.com", last: None };
                how.message(about, authority, rng).unwrap().0
            }
            Step::CancelSession(how) => how.message(&euicc, session).unwrap(),
            Step::DownloadOrder(how) => header(how.message(&self.known())),
            Step::ConfirmOrder(how) => header(how.message(&self.known())),
            Step::CancelOrder(how) => header(how.message(&self.known())),
            Step::ReleaseProfile(profile) => header(release(*profile, &self.known())),
            Step::RegisterEvent(how) => header(how.message(&event())),
            Step::DeleteEvent(how) => header(how.message(&event())),
            _ => return None,
        })
    }

    /// The parts of that call.
    pub fn parts(&self, step: &Step) -> Parts {
        let behind = match (step, &self.session.offered) {
            (Step::GetBoundProfilePackage(_), Some(offered)) => offered.smdp_signature2.as_slice(),
            _ => &[],
        };
        difference::parts(&self.message(step).unwrap(), self.euicc().key().public_key(), behind)
    }

    /// The good call that this one is a copy of; none of one that is good itself, or bad by when it comes.
    pub fn good(&self, step: &Step) -> Option<Step> {
        let good = match step {
            Step::InitiateAuthentication(Initiate::SameChallenge)
            | Step::HandleNotification(Notify::Again)
            | Step::GetBoundProfilePackage(Download::Key(conformance::server::call::Key::Same))
            | Step::RegisterEvent(
                Register::SameEventId | Register::SameEventIdForAnother | Register::ForAnother,
            ) => return None,
            Step::InitiateAuthentication(_) => Step::InitiateAuthentication(Initiate::Good),
            Step::AuthenticateClient(_) => Step::AuthenticateClient(Authenticate::Good),
            Step::GetBoundProfilePackage(_) => Step::GetBoundProfilePackage(Download::Good),
            Step::HandleNotification(Notify::ForeignOther | Notify::Chain(_)) => {
                Step::HandleNotification(Notify::Deleted)
            }
            Step::HandleNotification(Notify::Disabled | Notify::Deleted | Notify::Enabled) => {
                Step::HandleNotification(Notify::Enabled)
            }
            Step::HandleNotification(_) => Step::HandleNotification(Notify::Installed),
            Step::CancelSession(_) => Step::CancelSession(Cancel::Reason(0)),
            Step::DownloadOrder(_) => Step::DownloadOrder(Reserve::ANY),
            Step::ConfirmOrder(_) => Step::ConfirmOrder(Confirm::RELEASED),
            Step::CancelOrder(_) => Step::CancelOrder(Withdraw::AVAILABLE),
            Step::ReleaseProfile(_) => Step::ReleaseProfile(Profile::Last),
            Step::RegisterEvent(_) => Step::RegisterEvent(Register::Good),
            Step::DeleteEvent(_) => Step::DeleteEvent(Delete::Last),
            _ => return None,
        };
        (good != *step).then_some(good)
    }

    fn known(&self) -> Known<'_> {
        Known {
            iccid: self.order.iccid.as_deref(),
            order: Some(&self.order),
            eid: EID,
            other_eid: OTHER_EID,
            profile_type: "basic",
            new_matching_id: "NEW-1",
            used_matching_id: Some("USED-1"),
        }
    }
}

fn event() -> Named {
    Named { eid: EID.to_owned(), event_id: "EVENT-1".to_owned() }
}
