//! The published test sets of the authentication algorithms, run by a card whose profile has their keys.
#![cfg(test)]

#[path = "../../crypto/tests/aka_sets/mod.rs"]
mod aka_sets;
mod common;

use asn1::SecretOctets;
use asn1::profile::{AlgoParameter, AlgorithmId};
use common::hex;
use common::uicc::{Uicc, aka_of, algorithm_of, changed_package};
use crypto::aka::{AkaFunctions, Milenage, MilenageConstants, Tuak, TuakKey, TuakLengths, open_auts};
use data_encoding::HEXUPPER;

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

/// What the network sends and expects, as a test set gives it.
struct Challenge<'a> {
    name: &'a str,
    rand: &'a str,
    sqn: &'a str,
    amf: &'a str,
    mac: &'a str,
    ak: &'a str,
    /// RES, CK, IK.
    answers: [&'a str; 3],
}

impl Challenge<'_> {
    /// SQN ⊕ AK ‖ AMF ‖ MAC-A.
    fn autn(&self) -> Vec<u8> {
        let concealed = hex(self.sqn).iter().zip(hex(self.ak)).map(|(sqn, ak)| sqn ^ ak).collect();
        [concealed, hex(self.amf), hex(self.mac)].concat()
    }

    /// A card with this algorithm, to which the sequence number before the challenge's is the last one used.
    fn card(&self, set: impl FnOnce(&mut AlgoParameter)) -> Uicc {
        let [a, b, c, d, e, f] = array(self.sqn);
        // Without IND, which is the last five bits.
        let last = (u64::from_be_bytes([0, 0, a, b, c, d, e, f]) >> 5) - 1;
        let [_, _, last @ ..] = last.to_be_bytes();
        Uicc::usim(changed_package(|elements| {
            aka_of(elements).sqn_init = Some(vec![last; 32]);
            set(algorithm_of(elements));
        }))
    }

    fn command(&self, autn: &[u8]) -> Vec<u8> {
        let data = [&[0x10][..], &hex(self.rand), &[u8::try_from(autn.len()).unwrap()], autn].concat();
        [&[0x00, 0x88, 0x00, 0x81, u8::try_from(data.len()).unwrap()], &data[..], &[0x00]].concat()
    }

    /// The challenge is answered as the set says; a wrong MAC is told; the same challenge again is answered by AUTS, in
    /// which the network finds the sequence number of the first.
    fn run(&self, mut uicc: Uicc, network: &dyn AkaFunctions) {
        let mut wrong = self.autn();
        *wrong.last_mut().unwrap() ^= 0x01;
        assert_eq!(uicc.bytes(&self.command(&wrong)), (Vec::new(), 0x9862), "{}", self.name);

        let mut expected = "DB".to_owned();
        for answer in self.answers {
            expected += &format!("{:02X}{answer}", answer.len() / 2);
        }
        let (response, status) = uicc.bytes(&self.command(&self.autn()));
        assert_eq!((HEXUPPER.encode(&response), status), (expected, 0x9000), "{}", self.name);

        let (response, status) = uicc.bytes(&self.command(&self.autn()));
        let length = 6 + network.mac_length();
        assert_eq!((&response[..2], status), (&[0xDC, u8::try_from(length).unwrap()][..], 0x9000));
        let sqn = open_auts(network, &array(self.rand), &response[2..]);
        assert_eq!(sqn.unwrap(), array(self.sqn), "{}", self.name);
    }
}

#[test]
fn a_card_with_milenage_answers_every_published_set() {
    for set in aka_sets::milenage::SETS {
        let challenge = Challenge {
            name: set.name,
            rand: set.rand,
            sqn: set.sqn,
            amf: set.amf,
            mac: set.f1,
            ak: set.f5,
            answers: [set.f2, set.f3, set.f4],
        };
        let uicc = challenge.card(|algorithm| {
            algorithm.key = SecretOctets::from(hex(set.k));
            algorithm.opc = SecretOctets::from(hex(set.opc));
        });
        let network = Milenage::with_op(&array(set.k), &array(set.op), MilenageConstants::default());
        challenge.run(uicc, &network);
    }
}

/// `algorithmOptions`, where it can say the lengths of a set: sets 3 and 5 have a CK and an IK of different lengths.
fn options(mac: usize, res: usize, ck: usize, ik: usize) -> Option<u8> {
    let res = [4, 8, 16, 32].iter().position(|length| *length == res).unwrap();
    let mac = [8, 16, 32].iter().position(|length| *length == mac).unwrap();
    let options = u8::try_from(mac << 3 | res).unwrap();
    (ck == ik).then_some(if ck == 32 { options | 0x40 } else { options })
}

#[test]
fn a_card_with_tuak_answers_every_published_set_that_a_package_can_ask_for() {
    let mut answered = Vec::new();
    for set in aka_sets::tuak::SETS {
        let challenge = Challenge {
            name: set.name,
            rand: set.rand,
            sqn: set.sqn,
            amf: set.amf,
            mac: set.f1,
            ak: set.f5,
            answers: [set.f2, set.f3, set.f4],
        };
        let bytes = |value: &str| value.len() / 2;
        let lengths =
            TuakLengths { mac: bytes(set.f1), res: bytes(set.f2), ck: bytes(set.f3), ik: bytes(set.f4) };
        let Some(options) = options(lengths.mac, lengths.res, lengths.ck, lengths.ik) else { continue };
        let uicc = challenge.card(|algorithm| {
            algorithm.algorithm_id = AlgorithmId::TUAK;
            algorithm.algorithm_options = options;
            algorithm.key = SecretOctets::from(hex(set.k));
            algorithm.opc = SecretOctets::from(hex(set.topc));
            algorithm.number_of_keccak = Some(set.iterations);
        });
        let key = TuakKey::new(&hex(set.k)).unwrap();
        let network = Tuak::with_top(key, &array(set.top), lengths, set.iterations).unwrap();
        challenge.run(uicc, &network);
        answered.push((set.name, options));
    }
    let expected = [
        ("TS 35.233 set 1", 0x00),
        ("TS 35.233 set 2", 0x09),
        ("TS 35.233 set 4", 0x0A),
        ("TS 35.233 set 6", 0x53),
    ];
    assert_eq!(answered, expected);
}
