//! Known answers for key agreement, key derivation and SCP03t, from independent implementations.

#![cfg(test)]

mod common;

use common::{hex, hex_array, reference_data};
use crypto::digest::{key_identifier, sha256};
use crypto::scp03t::{Kind, Opener, Protector, SessionKeys};
use crypto::{Curve, Engine, OneTimeKey, PublicKey, SharedSecret, SigningKey};

const ENGINES: [Engine; 2] = [Engine::RustCrypto, Engine::AwsLc];

/// The EID of the SGP.26 test certificate.
const EID: &str = "89049032123451234512345678901235";

fn session_keys(mac_chaining_value: &str, s_enc: &str, s_mac: &str) -> SessionKeys {
    SessionKeys {
        mac_chaining_value: hex_array(mac_chaining_value),
        s_enc: hex_array(s_enc),
        s_mac: hex_array(s_mac),
    }
}

/// The bytes first, first + 1, … as a scalar.
fn counting_scalar(first: u8) -> [u8; 32] {
    let mut scalar = [0; 32];
    scalar.iter_mut().zip(first..).for_each(|(to, from)| *to = from);
    scalar
}

fn session_keys_a() -> SessionKeys {
    session_keys(
        "476ff28f9fb4d1b588cb0ad933f8bed3",
        "f971d16da75447ee23cb8f0610e3503d",
        "f5429fb1b3b4d1e4398dbaa34d6b19a4",
    )
}

fn session_keys_b() -> SessionKeys {
    session_keys(
        "406d507b448a699e7a36a38494debbde",
        "472f5bfadd97f21d34f3ce9b51b92751",
        "9ec07f5b36a13e12a991d66e294e6242",
    )
}

fn recorded_session_keys() -> SessionKeys {
    session_keys(
        "9a8d4dc5d8c2ba3fccbb7f69036fd09f",
        "1f745c2897a86858e94823c218a2db4a",
        "1c073583341b81244c40aae342de5434",
    )
}

#[test]
fn session_keys_from_a_known_shared_secret_with_a_host_id_of_eight_bytes() {
    let secret = SharedSecret::from_bytes(hex_array(
        "8902dca391bbb22570fe60c176076246f568b1941265dff1d729e63039658089",
    ));
    let eid = hex_array("89049032123451234512345678901335");
    assert!(
        SessionKeys::derive(&secret, &[0x80; 8], &eid).unwrap()
            == session_keys(
                "734bc93ddb10c71c5ad13d420dc08b5b",
                "d782d575b22a38334556a3d9a1e2ae6b",
                "a35addc192ae8f934e2932116c7e89e7",
            )
    );
}

#[test]
fn session_keys_that_another_sm_dp_plus_agreed_on() {
    for engine in ENGINES {
        let otsk_dp = OneTimeKey::from_scalar(
            engine,
            Curve::P256,
            &hex_array("fb68a38ccedb69e15cbe03c256228998ac398587e5dc7117f948145c839d61a4"),
        )
        .unwrap();
        let otpk_euicc = PublicKey::from_point(
            Curve::P256,
            &hex(concat!(
                "0400f7b8d71403f21d84b00cd9e561178d737d3f4d065e62fee279271298dd4f07",
                "4794ab791b9939d4461296efe388aa26731064263af988b7d2c4d77da44801b5"
            )),
        )
        .unwrap();

        let secret = otsk_dp.agree(&otpk_euicc).unwrap();

        assert_eq!(
            secret.as_bytes().as_slice(),
            hex("c9a993dd4879a8f7161f2085410edd4f9652f1df37be097ba96ba2ca6be528fe"),
            "{engine:?}"
        );
        assert!(SessionKeys::derive(&secret, &[0x80; 8], &hex_array(EID)).unwrap() == session_keys_b());
    }
}

struct Agreement {
    curve: Curve,
    otpk_dp: &'static str,
    otpk_euicc: &'static str,
    secret: &'static str,
    keys: SessionKeys,
}

#[test]
fn both_sides_and_both_engines_agree_on_the_known_session_keys() {
    let agreements = [
        Agreement {
            curve: Curve::P256,
            otpk_dp: concat!(
                "04515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f",
                "4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354"
            ),
            otpk_euicc: concat!(
                "041f140146bfb1b251f84f4ddbe0d4cdcfd77afd984a9520e35794021f8312bb9e",
                "ec995a08b1fa7704df3dcc0b50a9665263fb7711f95f9f8a449c5096e47c892b"
            ),
            secret: "4fe243908f378aa1c2a69538822e6ed908c3225d8692575507c649901245150a",
            keys: session_keys_a(),
        },
        Agreement {
            curve: Curve::BrainpoolP256r1,
            otpk_dp: concat!(
                "044e366cf3c8a982e423831d6715e722acf03cab8452e3c64d1e3b038caf87fc48",
                "387a044328d34ce4eb16c6c885b8b82be2584c18b28fc38143cbbf2b9b3520f9"
            ),
            otpk_euicc: concat!(
                "0417452b999a21ef1e49a3172d122a0c9f100162daa79bf988acd68d2bbb4ef625",
                "1aa6f672d5dab39f298b273e9099da49fb420393562cd38c4f413179ad550c68"
            ),
            secret: "86f3518ac48ca1b85258e819f307ccbea0cedff4e7e8471bdc0d97141e241e23",
            keys: session_keys(
                "daf44f88f7e37db4a0d3c180fab1a3a5",
                "18cd5d8d0722f4468f60377487e8beaf",
                "d7867e97485bb002f0d022e18e0dba6b",
            ),
        },
    ];
    for Agreement { curve, otpk_dp, otpk_euicc, secret, keys } in agreements {
        for engine in ENGINES {
            let otsk_dp = OneTimeKey::from_scalar(engine, curve, &counting_scalar(0x01)).unwrap();
            let otsk_euicc = OneTimeKey::from_scalar(engine, curve, &counting_scalar(0x21)).unwrap();
            assert_eq!(otsk_dp.public_key().point().as_slice(), hex(otpk_dp), "{engine:?} {curve}");
            assert_eq!(otsk_euicc.public_key().point().as_slice(), hex(otpk_euicc), "{engine:?} {curve}");

            let at_the_dp = otsk_dp.agree(otsk_euicc.public_key()).unwrap();
            let at_the_euicc = otsk_euicc.agree(otsk_dp.public_key()).unwrap();
            assert_eq!(at_the_dp.as_bytes().as_slice(), hex(secret), "{engine:?} {curve}");
            assert_eq!(at_the_euicc.as_bytes(), at_the_dp.as_bytes(), "{engine:?} {curve}");

            let derived = SessionKeys::derive(&at_the_dp, b"smdp.example.com", &hex_array(EID)).unwrap();
            assert!(derived == keys, "{engine:?} {curve}");
        }
    }
}

/// Protects with one end and opens with the other, and compares with the TLV that is known.
struct Ends {
    protector: Protector,
    opener: Opener,
}

impl Ends {
    fn new(keys: SessionKeys) -> Self {
        Self { protector: Protector::new(keys.clone()), opener: Opener::new(keys) }
    }

    fn exchange(&mut self, kind: Kind, plaintext: &[u8], known: &[u8]) {
        assert_eq!(self.protector.protect(kind, plaintext), known);
        assert_eq!(*self.opener.open(known).unwrap(), plaintext);
    }

    fn replace_keys(&mut self, keys: SessionKeys) {
        self.protector.replace_keys(keys.clone());
        self.opener.replace_keys(keys);
    }
}

#[test]
fn configure_isdp_store_metadata_and_a_whole_profile_under_session_keys() {
    let mut ends = Ends::new(session_keys_a());
    ends.exchange(
        Kind::Encrypted87,
        &hex("bf2400"),
        &hex("8718182871b31df9f81d6bbb47cb932b4c405b16635873c1d25b"),
    );
    let store_metadata = "bf251d5a0a98001032547698103214910447534d419206546573742031950102";
    ends.exchange(
        Kind::MacOnly88,
        &hex(store_metadata),
        &hex(&format!("8828{store_metadata}26c8807edf9272d3")),
    );

    // The third TLV's IV depends on the counter that '88' moved on, its MAC on the chain through both.
    let Some(profile) = reference_data("session/profile.der") else { return };
    let tlv = ends.protector.protect(Kind::Encrypted86, &profile);
    assert_eq!(tlv.len(), 764);
    assert!(tlv.starts_with(&hex("868202f810fe2f5681e71ab53167fdd6")));
    assert_eq!(tlv[756..], hex("2043e77c06aee0ce"));
    assert_eq!(
        sha256(&tlv).as_slice(),
        hex("56b4bf1f9a60f39be3363b51d85deb0f0a361dd8d51ec8bd1417930ceb8385ae")
    );
    assert_eq!(*ends.opener.open(&tlv).unwrap(), profile);
}

#[test]
fn replace_session_keys_is_protected_with_the_old_keys() {
    let mut ends = Ends::new(session_keys_b());
    ends.exchange(
        Kind::Encrypted87,
        &hex("bf2400"),
        &hex("8718f6fe031e4b9cfe87c8e1e62f3fde85c49412d7722a6a2d89"),
    );
    let store_metadata = concat!(
        "bf252d5a0a98001032547698103214910947534d415f54455354",
        "921147534d415f544553545f50524f46494c45950100"
    );
    ends.exchange(
        Kind::MacOnly88,
        &hex(store_metadata),
        &hex(&format!("8838{store_metadata}8a62cc9adbb5ccbc")),
    );
    ends.exchange(
        Kind::Encrypted87,
        &hex(concat!(
            "bf2636",
            "8010000102030405060708090a0b0c0d0e0f",
            "8110010102030405060708090a0b0c0d0e0f",
            "8210020102030405060708090a0b0c0d0e0f"
        )),
        &hex(concat!(
            "8748a14c800a001992351cd46ad2945654674369701d82b7b46567652bc8fbed23",
            "4939fc57fba748015525fd6c651e9d3d1330652d42a0cfad950e912122af4ec5362d3c0bc535729c40"
        )),
    );
    ends.replace_keys(session_keys(
        "000102030405060708090a0b0c0d0e0f",
        "010102030405060708090a0b0c0d0e0f",
        "020102030405060708090a0b0c0d0e0f",
    ));
    // The counter is at 1 again: the same as with a channel that never had other keys.
    let fresh = Protector::new(session_keys(
        "000102030405060708090a0b0c0d0e0f",
        "010102030405060708090a0b0c0d0e0f",
        "020102030405060708090a0b0c0d0e0f",
    ))
    .protect(Kind::Encrypted86, b"profile");
    ends.exchange(Kind::Encrypted86, b"profile", &fresh);
}

#[test]
fn the_session_keys_of_the_recorded_session_come_out_of_its_one_time_keys() {
    let secret = SharedSecret::from_bytes(hex_array(
        "79696dc34351dfc7758b07baf66643f01d7d8f5ab976c51d5f2c42ab71f5a6c3",
    ));
    let derived = SessionKeys::derive(&secret, b"euicc-rsp", &hex_array(EID)).unwrap();
    assert!(derived == recorded_session_keys());

    let (Some(otsk_dp), Some(response)) =
        (reference_data("session/otsk-dp.bin"), reference_data("session/prepare-download-response.der"))
    else {
        return;
    };
    assert_eq!(otsk_dp, counting_scalar(0x01));
    // otPK.EUICC is the one data object '5F49' of the PrepareDownloadResponse.
    let otpk_euicc = response.windows(68).find(|at| at.starts_with(&[0x5f, 0x49, 0x41])).unwrap();
    let otpk_euicc = PublicKey::from_point(Curve::P256, &otpk_euicc[3..]).unwrap();
    for engine in ENGINES {
        let otsk_dp = OneTimeKey::from_scalar(engine, Curve::P256, &counting_scalar(0x01)).unwrap();
        assert_eq!(otsk_dp.agree(&otpk_euicc).unwrap().as_bytes(), secret.as_bytes(), "{engine:?}");
    }
}

#[test]
fn the_bound_profile_package_of_the_recorded_session_opens_and_is_made_again() {
    let configure_isdp = hex("8718bc43d09ef085954b55e4acdbb87b6649813b5db57a02d5c9");
    let profile = hex("8628b139c6739477952566feae3cc59b87f5de1378b9c4dcabfcc45c50e961acf8a581df5bcdbaf531d4");
    let Some(store_metadata) = reference_data("session/store-metadata.der") else { return };
    let Some(package) = reference_data("session/bound-profile-package.der") else { return };
    let mut metadata_tlv = vec![0x88, u8::try_from(store_metadata.len() + 8).unwrap()];
    assert!(metadata_tlv[1] < 0x80);
    metadata_tlv.extend(&store_metadata);
    metadata_tlv.extend(hex("828551c5821b722d"));

    let mut ends = Ends::new(recorded_session_keys());
    ends.exchange(Kind::Encrypted87, &hex("bf2400"), &configure_isdp);
    ends.exchange(Kind::MacOnly88, &store_metadata, &metadata_tlv);
    ends.exchange(Kind::Encrypted86, b"the-uicc-profile-fixture", &profile);

    for tlv in [configure_isdp, metadata_tlv, profile] {
        assert!(package.windows(tlv.len()).any(|at| at == tlv), "the package holds this TLV");
    }
}

#[test]
fn the_sgp_26_private_keys_load_and_belong_to_the_certificates_beside_them() {
    let pairs = [
        ("CertificateIssuer", "SK_CI_ECDSA", "CERT_CI_ECDSA"),
        ("EUM", "SK_EUM_ECDSA", "CERT_EUM_ECDSA"),
        ("eUICC", "SK_EUICC_ECDSA", "CERT_EUICC_ECDSA"),
        ("DPauth", "SK_S_SM_DPauth_ECDSA", "CERT_S_SM_DPauth_ECDSA"),
        ("DPauth", "SK_S_SM_DP2auth_ECDSA", "CERT_S_SM_DP2auth_ECDSA"),
        ("DPpb", "SK_S_SM_DPpb_ECDSA", "CERT_S_SM_DPpb_ECDSA"),
        ("DPpb", "SK_S_SM_DP2pb_ECDSA", "CERT_S_SM_DP2pb_ECDSA"),
        ("DPtls", "SK_S_SM_DP_TLS", "CERT_S_SM_DP_VARO_TLS"),
    ];
    for (folder, key_file, certificate_file) in pairs {
        for (suffix, curve) in [("NIST", Curve::P256), ("BRP", Curve::BrainpoolP256r1)] {
            let Some(pem) = reference_data(&format!("sgp26/{folder}/{key_file}_{suffix}.pem")) else {
                return;
            };
            let Some(certificate) =
                reference_data(&format!("sgp26/{folder}/{certificate_file}_{suffix}.der"))
            else {
                return;
            };
            for engine in ENGINES {
                let key = SigningKey::from_pem(engine, std::str::from_utf8(&pem).unwrap())
                    .unwrap_or_else(|error| panic!("{key_file}_{suffix}: {error}"));
                assert_eq!(key.curve(), curve);
                let point = key.public_key().point();
                assert!(certificate.windows(65).any(|at| at == point), "{certificate_file}_{suffix}");
                let identifier = key_identifier(point);
                assert!(certificate.windows(20).any(|at| at == identifier), "{certificate_file}_{suffix}");
            }
        }
    }
}

#[test]
fn the_signatures_of_the_recorded_session_verify_with_both_engines() {
    // ES9+ InitiateAuthentication: serverSigned1 is followed by its signature, the first '5F37'.
    let Some(response) = reference_data("session/initiate-response.der") else { return };
    let Some(pem) = reference_data("session/certs/dpauth-key.pem") else { return };
    let key = SigningKey::from_pem(Engine::RustCrypto, std::str::from_utf8(&pem).unwrap()).unwrap();
    let at = response.windows(3).position(|at| at == [0x5f, 0x37, 0x40]).unwrap();
    let signature = crypto::Signature::from_bytes(&response[at + 3..at + 67]).unwrap();
    // The signed structure is the SEQUENCE that ends where '5F37' starts.
    let signed = (0..at)
        .map(|start| &response[start..at])
        .find(|tlv| tlv[0] == 0x30 && tlv.len() > 2 && usize::from(tlv[1]) == tlv.len() - 2)
        .unwrap();
    for engine in ENGINES {
        key.public_key().verify(engine, signed, &signature).unwrap();
        key.public_key().verify(engine, &signed[1..], &signature).unwrap_err();
    }
}
