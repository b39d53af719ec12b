//! The secrets of a session, all of them drawn for it.

use std::sync::{Arc, Mutex};

use asn1::{Iccid, TransactionId};
use certs::Role;
use crypto::{Curve, digest};
use data_encoding::HEXUPPER;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::profile::{Subscriber, default_profile};
use protocol::trace::{Event, Sink, What};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

use crate::lab::cards::Issuers;
use crate::search::Search;

/// One profile with what its order needs.
#[derive(Clone)]
pub struct Secret {
    pub iccid: String,
    pub imsi: String,
    pub ki: [u8; 16],
    pub opc: [u8; 16],
    pub confirmation_code: String,
}

impl Secret {
    pub fn ki(&self) -> String {
        HEXUPPER.encode(&self.ki)
    }

    pub fn opc(&self) -> String {
        HEXUPPER.encode(&self.opc)
    }

    /// SGP.22 §3.1.3 step 8.
    pub fn hash_cc(&self, transaction_id: &TransactionId) -> [u8; 32] {
        ConfirmationCodeHash::of(&self.confirmation_code).hash_cc(transaction_id)
    }
}

/// Everything that nobody but server and card may see.
pub struct Known {
    pub profiles: Vec<Secret>,
    pub store_key: String,
    pub token: String,
    pub password: String,
}

impl Known {
    pub fn new() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let mut rng = ChaCha20Rng::from_seed(seed);
        let mut hex = |bytes: usize| {
            let mut drawn = vec![0; bytes];
            rng.fill_bytes(&mut drawn);
            HEXUPPER.encode(&drawn)
        };
        let key = |text: String| HEXUPPER.decode(text.as_bytes()).unwrap().try_into().unwrap();
        let profiles = (1..=4).map(|number| Secret {
            iccid: format!("8988211{number:012}"),
            imsi: format!("00101{number:010}"),
            ki: key(hex(16)),
            opc: key(hex(16)),
            confirmation_code: format!("code.{}", hex(8)),
        });
        Self {
            profiles: profiles.collect(),
            store_key: hex(32),
            token: format!("token.{}", hex(12)),
            password: format!("password.{}", hex(12)),
        }
    }

    /// What may be nowhere, whatever the session was like.
    pub fn search(&self, issuers: &Issuers) -> Search {
        let mut search = Search::default();
        for Secret { iccid, imsi, ki, opc, confirmation_code } in &self.profiles {
            search.add(format!("Ki of {iccid}"), ki);
            search.add(format!("OPc of {iccid}"), opc);
            search.add(format!("confirmation code of {iccid}"), confirmation_code.as_bytes());
            let hash = digest::sha256(confirmation_code.as_bytes());
            search.add(format!("hash of the confirmation code of {iccid}"), &hash);
            let iccid: Iccid = iccid.parse().unwrap();
            let (ki, opc) = (Zeroizing::new(*ki), Zeroizing::new(*opc));
            let package = default_profile(&Subscriber::new(iccid, imsi.parse().unwrap(), ki, opc));
            search.add_package(format!("package of {iccid}"), &package);
        }
        search.add("the store's key", &HEXUPPER.decode(self.store_key.as_bytes()).unwrap());
        search.add("the management token", self.token.as_bytes());
        search.add("hash of the management token", &digest::sha256(self.token.as_bytes()));
        search.add("the password of the data base", self.password.as_bytes());
        for curve in Curve::ALL {
            for role in Role::ALL {
                let key = issuers.identity(curve, role);
                search.add(format!("private key of {role:?} on {curve}"), &*key.key().to_scalar().unwrap());
            }
        }
        search
    }
}

/// What a card tells a trace that may show secrets.
#[derive(Default)]
pub struct CardSecrets(Mutex<Vec<(&'static str, Vec<u8>)>>);

impl Sink for CardSecrets {
    fn emit(&self, event: Event) {
        if let What::Secret { name, value } = event.what {
            self.0.lock().unwrap().push((name, HEXUPPER.decode(value.as_bytes()).unwrap()));
        }
    }
}

impl CardSecrets {
    /// Session keys, chaining values and profile protection keys.
    pub fn all(self: &Arc<Self>) -> Vec<(&'static str, Vec<u8>)> {
        self.0.lock().unwrap().clone()
    }
}
