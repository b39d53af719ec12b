//! The authentication algorithms against their published test sets, and the tokens made with them.
#![cfg(test)]

mod aka_sets;

use crypto::aka::{
    AkaFunctions, AkaParameterError, Milenage, MilenageConstants, TestAlgorithm, TokenError, Tuak, TuakKey,
    TuakLengths, autn, auts, gsm, open_autn, open_auts,
};
use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

/// What a test set says of the functions, in the order f1, f1*, f2, f3, f4, f5, f5*.
fn outputs(functions: &dyn AkaFunctions, rand: &str, sqn: &str, amf: &str) -> [String; 7] {
    let (rand, sqn, amf) = (array(rand), array(sqn), array(amf));
    let keys = functions.f2345(&rand);
    [
        functions.f1(&rand, &sqn, &amf).as_bytes(),
        functions.f1_star(&rand, &sqn, &amf).as_bytes(),
        &keys.res,
        &keys.ck,
        &keys.ik,
        &keys.ak,
        &functions.f5_star(&rand),
    ]
    .map(|bytes| HEXUPPER.encode(bytes))
}

#[test]
fn milenage_gives_every_published_test_set() {
    for set in aka_sets::milenage::SETS {
        let milenage = Milenage::with_op(&array(set.k), &array(set.op), MilenageConstants::default());
        assert_eq!(HEXUPPER.encode(milenage.opc()), set.opc, "{}", set.name);
        let expected = [set.f1, set.f1_star, set.f2, set.f3, set.f4, set.f5, set.f5_star];
        assert_eq!(outputs(&milenage, set.rand, set.sqn, set.amf), expected, "{}", set.name);
        let from_opc = Milenage::new(&array(set.k), &array(set.opc), MilenageConstants::default());
        assert_eq!(outputs(&from_opc, set.rand, set.sqn, set.amf), expected, "{}", set.name);
    }
}

#[test]
fn tuak_gives_every_published_test_set() {
    for set in aka_sets::tuak::SETS {
        let bytes = |value: &str| value.len() / 2;
        let lengths =
            TuakLengths { mac: bytes(set.f1), res: bytes(set.f2), ck: bytes(set.f3), ik: bytes(set.f4) };
        let key = TuakKey::new(&hex(set.k)).unwrap();
        let tuak = Tuak::with_top(key.clone(), &array(set.top), lengths, set.iterations).unwrap();
        assert_eq!(HEXUPPER.encode(tuak.topc()), set.topc, "{}", set.name);
        let expected = [set.f1, set.f1_star, set.f2, set.f3, set.f4, set.f5, set.f5_star];
        assert_eq!(outputs(&tuak, set.rand, set.sqn, set.amf), expected, "{}", set.name);
        let from_topc = Tuak::new(key, &array(set.topc), lengths, set.iterations).unwrap();
        assert_eq!(outputs(&from_topc, set.rand, set.sqn, set.amf), expected, "{}", set.name);
    }
}

/// 3GPP TS 34.108 §8.1.2.1 defines the algorithm, there is no test set. XDOUT here is 3123…CB.
#[test]
fn the_test_algorithm_is_the_exclusive_or_of_its_definition() {
    let functions = TestAlgorithm::new(&array("00112233445566778899AABBCCDDEEFF"), 16).unwrap();
    let expected = [
        "31231302716DD043",
        "31231302716DD043",
        "31231302716D5043B9AB9B8AF9E5D8CB",
        "231302716D5043B9AB9B8AF9E5D8CB31",
        "1302716D5043B9AB9B8AF9E5D8CB3123",
        "02716D5043B9",
        "02716D5043B9",
    ];
    let rand = "31323131353836343132313135383634";
    assert_eq!(outputs(&functions, rand, "000000000000", "8000"), expected);
    let short = TestAlgorithm::new(&array("00112233445566778899AABBCCDDEEFF"), 4).unwrap();
    assert_eq!(*short.f2345(&array(rand)).res, hex("31231302"));
}

/// 3GPP TS 55.205 gives SRES and Kc of GSM-Milenage for the keys of these sets: the same conversions.
#[test]
fn sres_and_kc_are_folded_from_res_and_the_keys() {
    let set = &aka_sets::milenage::SETS[1];
    assert_eq!(set.name, "TS 35.208 set 1");
    let milenage = Milenage::new(&array(set.k), &array(set.opc), MilenageConstants::default());
    let keys = milenage.f2345(&array(set.rand));
    assert_eq!(gsm::sres(&keys.res).unwrap(), array("46F8416A"));
    assert_eq!(gsm::kc(&keys.ck, &keys.ik).unwrap(), array("EAE4BE823AF9A08B"));
    assert_eq!(gsm::sres(&hex("01020304050607")).unwrap(), hex("04040404")[..], "zeros follow a short RES");
    assert_eq!(gsm::sres(&[0; 17]), None);
    assert_eq!(gsm::kc(&[0; 32], &[0; 16]), None);
    assert_eq!(gsm::kc(&[0; 16], &[0; 32]), None);
}

/// One subscriber of each algorithm; TUAK with each length of MAC.
fn subscribers() -> Vec<Box<dyn AkaFunctions>> {
    let mut all: Vec<Box<dyn AkaFunctions>> = vec![
        Box::new(Milenage::new(&[1; 16], &[2; 16], MilenageConstants::default())),
        Box::new(TestAlgorithm::new(&[1; 16], 16).unwrap()),
    ];
    for mac in [8, 16, 32] {
        let key = TuakKey::new(&[3; 32]).unwrap();
        let lengths = TuakLengths { mac, res: 8, ck: 16, ik: 32 };
        all.push(Box::new(Tuak::new(key, &[4; 32], lengths, 1).unwrap()));
    }
    all
}

const RAND: [u8; 16] = [0x23; 16];
const SQN: [u8; 6] = [0, 1, 2, 3, 4, 5];
const AMF: [u8; 2] = [0x80, 0];

#[test]
fn the_card_finds_in_autn_what_the_network_put_there() {
    for functions in subscribers() {
        let token = autn(&*functions, &RAND, &SQN, &AMF);
        assert_eq!(token.len(), 8 + functions.mac_length());
        let opened = open_autn(&*functions, &RAND, &token).unwrap();
        assert_eq!((opened.sqn, opened.amf), (SQN, AMF));
        assert_eq!(opened.keys.res, functions.f2345(&RAND).res);
        for length in [0, 6, 8, token.len() - 1] {
            assert_eq!(
                open_autn(&*functions, &RAND, &token[..length]).err(),
                Some(TokenError::Length(length))
            );
        }
        let long = [&token[..], &[0]].concat();
        assert_eq!(open_autn(&*functions, &RAND, &long).err(), Some(TokenError::Length(long.len())));
    }
}

#[test]
fn the_network_finds_in_auts_what_the_card_put_there() {
    for functions in subscribers() {
        let token = auts(&*functions, &RAND, &SQN);
        assert_eq!(token.len(), 6 + functions.mac_length());
        assert_eq!(open_auts(&*functions, &RAND, &token), Ok(SQN));
        assert_eq!(open_auts(&*functions, &RAND, &token[1..]), Err(TokenError::Length(token.len() - 1)));
    }
}

#[test]
fn no_bit_of_a_token_can_be_changed() {
    for functions in subscribers() {
        let tokens = [autn(&*functions, &RAND, &SQN, &AMF), auts(&*functions, &RAND, &SQN)];
        for bit in 0..tokens[0].len() * 8 {
            let mut spoilt = tokens[0].clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open_autn(&*functions, &RAND, &spoilt).err(), Some(TokenError::Mac), "bit {bit}");
        }
        for bit in 0..tokens[1].len() * 8 {
            let mut spoilt = tokens[1].clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open_auts(&*functions, &RAND, &spoilt).err(), Some(TokenError::Mac), "bit {bit}");
        }
    }
}

#[test]
fn an_operator_can_have_its_own_constants_for_milenage() {
    let standard = MilenageConstants::default();
    // As a profile package gives them (PE-AKAParameter).
    assert_eq!(standard.rotations, hex("4000204060")[..]);
    assert_eq!(standard.additions.map(|addition| addition[15]), [0, 1, 2, 4, 8]);
    let reference =
        |constants| outputs(&Milenage::new(&[1; 16], &[2; 16], constants), RANDS, "000000000000", "8000");
    const RANDS: &str = "23232323232323232323232323232323";
    let usual = reference(standard);
    // Which of f1, f1*, f2, f3, f4, f5, f5* the n-th constants go into.
    let concerned: [&[usize]; 5] = [&[0, 1], &[2, 5], &[3], &[4], &[6]];
    for (number, concerned) in concerned.into_iter().enumerate() {
        let mut rotated = standard;
        rotated.rotations[number] ^= 0x08;
        let mut added = standard;
        added.additions[number][3] ^= 0x10;
        for constants in [rotated, added] {
            let other = reference(constants);
            let changed: Vec<_> = (0..7).filter(|index| other[*index] != usual[*index]).collect();
            assert_eq!(changed, concerned, "r{0} or c{0}", number + 1);
        }
    }
}

#[test]
fn parameters_that_an_algorithm_does_not_have_are_refused() {
    let lengths = TuakLengths { mac: 8, res: 4, ck: 16, ik: 16 };
    let tuak = |lengths, iterations| {
        Tuak::new(TuakKey::new(&[0; 16]).unwrap(), &[0; 32], lengths, iterations).map(|_| ())
    };
    assert_eq!(tuak(lengths, 255), Ok(()));
    assert_eq!(tuak(lengths, 0), Err(AkaParameterError::NoIterations));
    assert_eq!(tuak(TuakLengths { mac: 4, ..lengths }, 1), Err(AkaParameterError::MacLength(4)));
    assert_eq!(tuak(TuakLengths { res: 12, ..lengths }, 1), Err(AkaParameterError::ResLength(12)));
    assert_eq!(tuak(TuakLengths { ck: 8, ..lengths }, 1), Err(AkaParameterError::CkIkLength(8)));
    assert_eq!(tuak(TuakLengths { ik: 0, ..lengths }, 1), Err(AkaParameterError::CkIkLength(0)));
    assert_eq!(TuakKey::new(&[0; 24]).err(), Some(AkaParameterError::KeyLength(24)));
    for length in [0, 3, 17] {
        let refused = TestAlgorithm::new(&[0; 16], length).err();
        assert_eq!(refused, Some(AkaParameterError::ResLength(length)));
    }
}

#[test]
fn nothing_secret_is_printed() {
    let key = TuakKey::new(&[0xA5; 16]).unwrap();
    let lengths = TuakLengths { mac: 8, res: 8, ck: 16, ik: 16 };
    let milenage = Milenage::new(&[0xA5; 16], &[0xA5; 16], MilenageConstants::default());
    let mac = milenage.f1(&RAND, &SQN, &AMF);
    let printed = [
        format!("{milenage:?}"),
        format!("{key:?} {:?}", Tuak::new(key.clone(), &[0xA5; 32], lengths, 1).unwrap()),
        format!("{:?}", TestAlgorithm::new(&[0xA5; 16], 16).unwrap()),
        format!("{:?} {mac:?}", milenage.f2345(&RAND)),
    ];
    assert_eq!(
        printed,
        [
            "Milenage { .. }",
            "TuakKey { .. } Tuak { lengths: TuakLengths { mac: 8, res: 8, ck: 16, ik: 16 }, .. }",
            "TestAlgorithm { res_length: 16, .. }",
            "Keys { .. } Mac(..)",
        ]
    );
}
