//! What must not be told: keys, codes and the profile in the clear, neither in the trace nor in the log.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use asn1::{CancelSessionReason, TransactionId};
use crypto::Curve;
use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::es9plus::Es9Plus;
use rand_chacha::ChaCha20Rng;
use rand_core::{SeedableRng, TryCryptoRng, TryRng};
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use zeroize::Zeroizing;

use crate::common::bound_package;
use crate::common::euicc::{Euicc, hash_cc, one_time_key};
use crate::common::orders::{matching_id, order_with_code, profile};
use crate::common::pki::authority;
use crate::common::server::{Server, identities};

const CODE: &str = "very-secret-code-4321";
const KI: [u8; 16] = [0x4B; 16];
const OPC: [u8; 16] = [0x0C; 16];

/// Remembers everything that was drawn.
struct Recorder {
    rng: ChaCha20Rng,
    drawn: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl TryRng for Recorder {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.rng.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.rng.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.rng.try_fill_bytes(bytes)?;
        self.drawn.lock().unwrap().push(bytes.to_vec());
        Ok(())
    }
}

impl TryCryptoRng for Recorder {}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a secret shows, raw or in an encoding, whole or its first ten bytes.
fn shown_in(text: &str, secret: &[u8]) -> Option<String> {
    let folded = text.to_lowercase();
    [secret, &secret[..secret.len().min(10)]].into_iter().find_map(|part| {
        // Without the last characters, which depend on what follows.
        let base64 = BASE64.encode(&part[..part.len() / 3 * 3]);
        let raw = String::from_utf8_lossy(part).into_owned();
        let list = format!("{part:?}");
        let list = list.trim_matches(['[', ']']).to_owned();
        [
            (HEXLOWER.encode(part), &folded),
            (base64, &text.to_owned()),
            (raw, &text.to_owned()),
            (list, &text.to_owned()),
        ]
        .into_iter()
        .find(|(needle, hay)| hay.contains(needle.as_str()))
        .map(|(needle, _)| needle)
    })
}

#[test]
fn the_search_finds_what_is_there() {
    let secret = [0xAB, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    assert_eq!(shown_in("nothing", &secret), None);
    assert!(shown_in(&HEXUPPER.encode(&secret), &secret).is_some());
    assert!(shown_in(&HEXLOWER.encode(&secret), &secret).is_some());
    assert!(shown_in(&format!("x{}", BASE64.encode(&secret)), &secret).is_some());
    assert!(shown_in(&format!("{secret:?}"), &secret).is_some());
    assert!(shown_in("the code is 4321-secret", b"4321-secret").is_some());
}

/// Whole downloads, retried, refused, cancelled and reported; every secret of them is collected on the way.
#[tokio::test]
async fn neither_trace_nor_log_shows_a_secret() {
    for curve in Curve::ALL {
        for protection in [PackageProtection::SessionKeys, PackageProtection::ProfileProtectionKeys] {
            let log = Log::default();
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::level_filters::LevelFilter::TRACE)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .finish();
            let _guard = tracing::subscriber::set_default(subscriber);
            let drawn = Arc::default();
            let rng = Recorder { rng: ChaCha20Rng::seed_from_u64(11), drawn: Arc::clone(&drawn) };
            let server = Server::from_parts(|_| (), identities(), Box::new(rng));
            let package = [&[0xA2, 0x20][..], &KI, &OPC, &[0x5A; 1500]].concat();
            let package_in = Package(Zeroizing::new(package.clone()));
            let profile = NewProfile { protection, package: package_in, ..profile(1) };
            let order = NewOrder { profile, ..order_with_code(1, CODE) };
            assert_eq!(shown_in(&format!("{order:?}"), &package), None);
            let id = server.add(order).await;
            let mut secrets: BTreeMap<&str, Vec<u8>> = BTreeMap::from([
                ("Ki", KI.to_vec()),
                ("OPc", OPC.to_vec()),
                ("the package", package),
                ("the confirmation code", CODE.as_bytes().to_vec()),
                ("its hash", ConfirmationCodeHash::of(CODE).as_bytes().to_vec()),
                ("SK.DPauth", authority(curve).server.auth.key().to_scalar().unwrap().to_vec()),
                ("SK.DPpb", authority(curve).server.pb.key().to_scalar().unwrap().to_vec()),
            ]);

            let euicc = Euicc::new(curve, 1);
            let mut public = Vec::new();
            for (number, code) in [(1, "wrong"), (1, CODE), (1, CODE), (2, CODE)] {
                let key = one_time_key(curve, number);
                let offered = server.offered(&euicc, &matching_id(1)).await;
                let tid = offered.transaction_id();
                public.push(drawn_for(tid));
                public.push(offered.initiated.server_signed1.server_challenge.bytes().to_vec());
                let request = euicc.prepare_with_code(&offered.offer, &key, code);
                let Ok(answer) = server.smdp.get_bound_profile_package(request).await else { continue };
                let smdp_key = authority(curve).server.pb.certificate().public_key();
                let contents =
                    bound_package::open(answer.bound_profile_package.raw(), tid, &euicc.eid, &key, smdp_key);
                for (name, keys) in [
                    (["MAC chaining value", "S-ENC", "S-MAC"], Some(contents.session_keys)),
                    (["PPK MAC chaining value", "PPK-ENC", "PPK-CMAC"], contents.protection_keys),
                ] {
                    if let Some(keys) = keys {
                        let values = [keys.mac_chaining_value, keys.s_enc, keys.s_mac];
                        for (name, value) in name.into_iter().zip(values) {
                            assert_eq!(told(&server, &log, &value), None, "{name}");
                            secrets.insert(name, value.to_vec());
                        }
                    }
                }
                // A short code is soon found from what it is hashed to.
                secrets.insert("hashCc", hash_cc(CODE, tid).bytes().to_vec());
            }
            let offered = server.offered(&euicc, &matching_id(1)).await;
            let tid = offered.transaction_id();
            public.push(drawn_for(tid));
            public.push(offered.initiated.server_signed1.server_challenge.bytes().to_vec());
            let request = euicc.cancel(tid, CancelSessionReason::END_USER_REJECTION);
            server.smdp.cancel_session(request).await.unwrap();
            server.smdp.handle_notification(euicc.installed(tid, 1)).await.unwrap();
            let order = server.order(id).await;

            let text = server.trace.text();
            assert!(text.contains("serverSigned1") && text.contains("S-ENC"), "the trace was on");
            for (name, secret) in &secrets {
                assert_eq!(told(&server, &log, secret), None, "{name}");
                assert_eq!(shown_in(&format!("{order:?}"), secret), None, "{name} in Debug of the order");
            }
            // One-time private keys and protection keys are drawn here and nowhere else.
            let drawn = drawn.lock().unwrap();
            let private: Vec<_> = drawn.iter().filter(|bytes| !public.contains(bytes)).collect();
            assert!(private.len() >= 2, "{}", private.len());
            for bytes in private {
                assert_eq!(told(&server, &log, bytes), None);
            }
        }
    }
}

/// What of a TransactionID is chance; the time stands before it.
fn drawn_for(transaction_id: &TransactionId) -> Vec<u8> {
    transaction_id.bytes()[6..].to_vec()
}

fn told(server: &Server, log: &Log, secret: &[u8]) -> Option<String> {
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    shown_in(&server.trace.text(), secret).or_else(|| shown_in(&log, secret))
}

/// The laboratory's switch does what it says, so that the test above is no accident.
#[tokio::test]
async fn a_trace_that_was_asked_for_secrets_shows_the_session_keys() {
    use protocol::clock::{FixedClock, Timestamp};
    use protocol::trace::{Actor, Tracer};
    use smdp::store::{SqliteStore, Store};

    use crate::common::server::Collector;

    let trace = Arc::new(Collector::default());
    let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(crate::common::pki::NOW)));
    let smdp = smdp::Smdp::new(smdp::Parts {
        config: smdp::Config::new(crate::common::euicc::ADDRESS.parse().unwrap()),
        identities: identities(),
        store: Arc::new(SqliteStore::in_memory().unwrap()),
        rng: Box::new(ChaCha20Rng::seed_from_u64(1)),
        clock: clock.clone(),
        tracer: Tracer::new(Actor::Smdp, clock, trace.clone()).showing_secrets(),
        metrics: Arc::default(),
    });
    let orders = vec![crate::common::orders::order(1)];
    smdp.store().add_orders(Timestamp::from_unix_seconds(0), orders).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    let key = one_time_key(Curve::P256, 1);
    let initiated = smdp.initiate_authentication(euicc.initiate()).await.unwrap();
    let offer =
        smdp.authenticate_client(euicc.authenticate(&initiated, Some(&matching_id(1)))).await.unwrap();
    let answer = smdp.get_bound_profile_package(euicc.prepare(&offer, &key)).await.unwrap();
    let smdp_key = authority(Curve::P256).server.pb.certificate().public_key();
    let tid = &offer.transaction_id;
    let contents = bound_package::open(answer.bound_profile_package.raw(), tid, &euicc.eid, &key, smdp_key);
    assert!(shown_in(&trace.text(), &contents.session_keys.s_enc).is_some());
    assert!(shown_in(&trace.text(), &contents.session_keys.s_mac).is_some());
}
