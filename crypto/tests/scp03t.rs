//! How the secure channel behaves beyond the known answers.

#![cfg(test)]

use aes::Aes128;
use cipher::{Array, BlockModeEncrypt, KeyInit, KeyIvInit};
use cmac::{Cmac, Mac};
use crypto::scp03t::{Kind, MAX_PLAINTEXT, OpenError, Opener, Protector, SessionKeys};
use crypto::{CryptoError, SharedSecret};

const KINDS: [Kind; 3] = [Kind::Encrypted86, Kind::Encrypted87, Kind::MacOnly88];

fn keys(seed: u8) -> SessionKeys {
    SessionKeys { mac_chaining_value: [seed; 16], s_enc: [seed + 1; 16], s_mac: [seed + 2; 16] }
}

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

/// A TLV made without the crate under test, with any body and a right MAC: what a peer could send.
fn tlv_of_a_peer(keys: &SessionKeys, header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut cmac = <Cmac<Aes128> as KeyInit>::new(&Array(keys.s_mac));
    for part in [&keys.mac_chaining_value, header, body] {
        cmac.update(part);
    }
    [header, body, &cmac.finalize().into_bytes()[..8]].concat()
}

/// Encrypts padded plaintext as the body of the first TLV.
fn first_body(keys: &SessionKeys, padded: &[u8]) -> Vec<u8> {
    body(keys, 1, padded)
}

/// As the body of the TLV with this number.
fn body(keys: &SessionKeys, counter: u128, padded: &[u8]) -> Vec<u8> {
    let mut iv = Array(counter.to_be_bytes());
    cipher::BlockCipherEncrypt::encrypt_block(&Aes128::new(&Array(keys.s_enc)), &mut iv);
    let mut body = padded.to_vec();
    let (blocks, rest) = Array::slice_as_chunks_mut(&mut body);
    assert!(rest.is_empty());
    <cbc::Encryptor<Aes128> as KeyIvInit>::new(&Array(keys.s_enc), &iv).encrypt_blocks(blocks);
    body
}

#[test]
fn every_length_of_plaintext_comes_back_in_a_tlv_of_the_right_size() {
    let mut protector = Protector::new(keys(1));
    let mut opener = Opener::new(keys(1));
    let lengths = (0..=300).chain([1006, 1007, 1008, 1023, 1024, 65_500, 65_535, 65_536, 70_000]);
    for length in lengths {
        for kind in KINDS {
            let plaintext = plaintext(length);
            let tlv = protector.protect(kind, &plaintext);
            assert_eq!(tlv[0], kind.tag());
            let body = if kind == Kind::MacOnly88 { length } else { (length / 16 + 1) * 16 };
            let header = match body + 8 {
                0..=0x7f => 2,
                0x80..=0xff => 3,
                0x100..=0xffff => 4,
                _ => 5,
            };
            assert_eq!(tlv.len(), header + body + 8, "{kind:?} {length}");
            assert_eq!(*opener.open(&tlv).unwrap(), plaintext, "{kind:?} {length}");
        }
    }
}

#[test]
fn segments_are_as_large_as_every_euicc_has_to_take_and_no_larger() {
    let profile = plaintext(3 * MAX_PLAINTEXT + 5);
    let tlvs = Protector::new(keys(1)).protect_segments(Kind::Encrypted86, &profile);

    let (full, rest) = tlvs.split_at(3 * 1020);
    let segments: Vec<&[u8]> = full.chunks(1020).chain([rest]).collect();
    assert_eq!(rest.len(), 2 + 16 + 8);
    let mut opener = Opener::new(keys(1));
    let mut opened = Vec::new();
    for segment in &segments {
        opened.extend_from_slice(&opener.open(segment).unwrap());
    }
    assert_eq!(opened, profile);
    for segment in full.chunks(1020) {
        assert_eq!(segment[..4], [0x86, 0x82, 0x03, 0xf8]);
    }

    let mut one_by_one = Protector::new(keys(1));
    let pieces: Vec<u8> = profile
        .chunks(MAX_PLAINTEXT)
        .flat_map(|piece| one_by_one.protect(Kind::Encrypted86, piece))
        .collect();
    assert_eq!(pieces, tlvs);

    assert!(Protector::new(keys(1)).protect_segments(Kind::Encrypted86, &[]).is_empty());
}

/// Encrypted and authenticated in one loop, they are what each is alone: whichever of two neighbours is the longer.
#[test]
fn tlvs_that_are_protected_together_are_those_that_are_protected_one_by_one() {
    let pieces: Vec<Vec<u8>> = [16, 1007, 0, 300, 1007, 1, 15, 800, 17].map(plaintext).to_vec();
    for kind in [Kind::Encrypted86, Kind::Encrypted87, Kind::MacOnly88] {
        let (mut together, mut alone) = (Protector::new(keys(1)), Protector::new(keys(1)));
        for count in [pieces.len(), 1, 0, 3] {
            let some = &pieces[..count];
            let mut one_after_the_other = b"before".to_vec();
            together.append(&mut one_after_the_other, kind, some.iter().map(Vec::as_slice));
            let each = some.iter().map(|piece| alone.protect(kind, piece));
            let each: Vec<Vec<u8>> = each.collect();
            assert_eq!(one_after_the_other, [b"before".to_vec(), each.concat()].concat(), "{kind:?} {count}");
        }
    }
}

/// The chain of an independent implementation: AES-CBC and CMAC as crates have them.
#[test]
fn tlvs_of_unequal_length_are_those_of_another_implementation() {
    let lengths = [16, 1007, 0, 300, 1007];
    let pieces: Vec<Vec<u8>> = lengths.map(plaintext).to_vec();
    let mut ours = Vec::new();
    Protector::new(keys(1)).append(&mut ours, Kind::Encrypted86, pieces.iter().map(Vec::as_slice));
    let mut chain = keys(1).mac_chaining_value;
    let mut theirs = Vec::new();
    for (counter, piece) in (1u128..).zip(&pieces) {
        let mut padded = [piece.as_slice(), &[0x80]].concat();
        padded.resize(padded.len().next_multiple_of(16), 0);
        let tlv = [tlv_header(0x86, padded.len() + 8), body(&keys(1), counter, &padded)].concat();
        let mut mac = <Cmac<Aes128> as KeyInit>::new(&Array(keys(1).s_mac));
        mac.update(&chain);
        mac.update(&tlv);
        chain = mac.finalize().into_bytes().into();
        theirs.extend([&tlv, &chain[..8]].concat());
    }
    assert_eq!(ours, theirs);
}

/// DER.
fn tlv_header(tag: u8, length: usize) -> Vec<u8> {
    match length {
        0..0x80 => vec![tag, u8::try_from(length).unwrap()],
        0x80..0x100 => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => [&[tag, 0x82], &u16::try_from(length).unwrap().to_be_bytes()[..]].concat(),
    }
}

#[test]
fn any_changed_bit_of_a_tlv_is_noticed_and_the_channel_stays_where_it_was() {
    for kind in KINDS {
        let tlv = Protector::new(keys(1)).protect(kind, b"some command");
        let mut opener = Opener::new(keys(1));
        for at in 0..tlv.len() {
            for bit in 0..8 {
                let mut changed = tlv.clone();
                changed[at] ^= 1 << bit;
                // The length no longer fits the TLV or the tag is none of SCP03t's: malformed. All else: the MAC.
                let tag_is_known = Kind::from_tag(changed[0]).is_some();
                let wanted =
                    if at == 1 || !tag_is_known { OpenError::Structure } else { OpenError::Security };
                assert_eq!(opener.open(&changed).err(), Some(wanted), "{kind:?} byte {at} bit {bit}");
            }
        }
        assert_eq!(**opener.open(&tlv).unwrap(), b"some command"[..]);
    }
}

#[test]
fn a_tlv_that_is_repeated_left_out_or_swapped_fails_its_mac() {
    let mut protector = Protector::new(keys(1));
    let [first, second, third] = [b"1", b"2", b"3"].map(|text| protector.protect(Kind::Encrypted86, text));

    let mut opener = Opener::new(keys(1));
    assert_eq!(opener.open(&second).err(), Some(OpenError::Security));
    opener.open(&first).unwrap();
    assert_eq!(opener.open(&first).err(), Some(OpenError::Security));
    assert_eq!(opener.open(&third).err(), Some(OpenError::Security));
    opener.open(&second).unwrap();
    opener.open(&third).unwrap();
}

#[test]
fn each_of_the_three_keys_matters() {
    let tlv = Protector::new(keys(1)).protect(Kind::Encrypted86, b"profile");
    let [mut chaining_value, mut s_enc, mut s_mac] = [keys(1), keys(1), keys(1)];
    chaining_value.mac_chaining_value[0] ^= 1;
    s_enc.s_enc[0] ^= 1;
    s_mac.s_mac[0] ^= 1;
    assert_eq!(Opener::new(chaining_value).open(&tlv).err(), Some(OpenError::Security));
    assert_eq!(Opener::new(s_mac).open(&tlv).err(), Some(OpenError::Security));
    // The MAC is right; what comes out is not the plaintext, and as a rule not padded either.
    assert_eq!(Opener::new(s_enc).open(&tlv).err(), Some(OpenError::Structure));
}

#[test]
fn replaced_keys_start_the_counter_and_the_chain_anew() {
    let mut protector = Protector::new(keys(1));
    let mut opener = Opener::new(keys(1));
    for _ in 0..3 {
        opener.open(&protector.protect(Kind::Encrypted87, b"command")).unwrap();
    }
    protector.replace_keys(keys(40));
    let tlv = protector.protect(Kind::Encrypted86, b"profile");
    assert_eq!(opener.open(&tlv).err(), Some(OpenError::Security));
    opener.replace_keys(keys(40));
    assert_eq!(**opener.open(&tlv).unwrap(), b"profile"[..]);
    assert_eq!(tlv, Protector::new(keys(40)).protect(Kind::Encrypted86, b"profile"));
}

#[test]
fn what_is_no_scp03t_tlv_is_malformed() {
    let long = Protector::new(keys(1)).protect(Kind::MacOnly88, &plaintext(300));
    let good = Protector::new(keys(1)).protect(Kind::MacOnly88, b"metadata");
    for (tlv, what) in [
        (vec![], "nothing"),
        (vec![0x86], "a tag alone"),
        (vec![0x86, 0x00], "an empty value"),
        (vec![0x86, 0x07, 1, 2, 3, 4, 5, 6, 7], "less than a MAC"),
        (vec![0x86, 0x80], "an indefinite length"),
        ([&[0x86, 0x80], &good[2..], &[0, 0]].concat(), "an indefinite length with an end"),
        (vec![0x86, 0x82, 0x01], "half a length"),
        (vec![0x86, 0xff], "a length of 127 bytes that are missing"),
        ([&[0x86, 0x84, 0xff, 0xff, 0xff, 0xff], &good[2..]].concat(), "a length of 4 GiB"),
        ([&[0x86, 0x88], &[0xff; 8][..], &good[2..]].concat(), "a length of 2^64 - 1"),
        (good[..good.len() - 1].to_vec(), "a byte short"),
        ([&good[..], &[0]].concat(), "a byte long"),
        ([&[0x89], &good[1..]].concat(), "another tag"),
        ([&[0x88, 0x81], &good[1..]].concat(), "a length with a byte too many"),
        ([&[0x88, 0x83, 0x00], &long[2..]].concat(), "a length with a leading zero"),
    ] {
        assert_eq!(Opener::new(keys(1)).open(&tlv).err(), Some(OpenError::Structure), "{what}");
    }
    Opener::new(keys(1)).open(&good).unwrap();
    Opener::new(keys(1)).open(&long).unwrap();
}

#[test]
fn padding_is_checked_strictly_and_only_after_the_mac() {
    let padded = |tail: &[u8]| {
        let mut blocks = vec![0x55; 32 - tail.len()];
        blocks.extend(tail);
        blocks
    };
    let whole_last_block = [&[0x80][..], &[0; 15]].concat();
    let [mut beyond_the_last_block, zeros, mut a_one_in_between] =
        [whole_last_block.clone(), vec![0; 32], whole_last_block.clone()];
    beyond_the_last_block.push(0);
    a_one_in_between[7] = 1;
    for (plain, opens_to) in [
        (padded(&[0x80]), Some(31)),
        (padded(&[0x80, 0, 0]), Some(29)),
        (padded(&[0x80, 0x80]), Some(31)),
        (padded(&whole_last_block), Some(16)),
        (whole_last_block.clone(), Some(0)),
        (padded(&beyond_the_last_block), None),
        (zeros, None),
        (padded(&a_one_in_between), None),
        (padded(&[0x81]), None),
        (padded(&[0x01]), None),
        (padded(&[0x80, 0, 1]), None),
        (vec![], None),
    ] {
        let body = first_body(&keys(1), &plain);
        let header = [0x86, u8::try_from(body.len() + 8).unwrap()];
        let mut tlv = tlv_of_a_peer(&keys(1), &header, &body);
        let opened = Opener::new(keys(1)).open(&tlv);
        match opens_to {
            Some(length) => assert_eq!(**opened.unwrap(), plain[..length], "{plain:02x?}"),
            None => assert_eq!(opened.err(), Some(OpenError::Structure), "{plain:02x?}"),
        }
        *tlv.last_mut().unwrap() ^= 1;
        assert_eq!(Opener::new(keys(1)).open(&tlv).err(), Some(OpenError::Security), "{plain:02x?}");
    }
}

#[test]
fn a_body_of_broken_blocks_is_malformed_once_its_mac_is_right() {
    for length in [1, 15, 17, 31] {
        let body = vec![0xaa; length];
        let header = [0x87, u8::try_from(length + 8).unwrap()];
        let mut tlv = tlv_of_a_peer(&keys(1), &header, &body);
        assert_eq!(Opener::new(keys(1)).open(&tlv).err(), Some(OpenError::Structure));
        tlv[2] ^= 1;
        assert_eq!(Opener::new(keys(1)).open(&tlv).err(), Some(OpenError::Security));
    }
}

#[test]
fn a_clear_tlv_may_be_empty() {
    let mut protector = Protector::new(keys(1));
    let tlv = protector.protect(Kind::MacOnly88, b"");
    assert_eq!(tlv.len(), 10);
    assert!(Opener::new(keys(1)).open(&tlv).unwrap().is_empty());
}

#[test]
fn a_host_identifier_has_one_to_sixteen_bytes() {
    let secret = || SharedSecret::from_bytes([5; 32]);
    for length in [1, 16] {
        SessionKeys::derive(&secret(), &vec![1; length], &[0x89; 16]).unwrap();
    }
    for length in [0, 17, 256, 272] {
        let refused = SessionKeys::derive(&secret(), &vec![1; length], &[0x89; 16]).err();
        assert_eq!(refused, Some(CryptoError::HostIdLength(length)));
    }
}

#[test]
fn the_secret_the_host_and_the_eid_all_enter_the_session_keys() {
    let derive = |secret: u8, host: &[u8], eid: u8| {
        SessionKeys::derive(&SharedSecret::from_bytes([secret; 32]), host, &[eid; 16]).unwrap()
    };
    let known = derive(1, b"host", 0x89);
    for other in [derive(2, b"host", 0x89), derive(1, b"hosts", 0x89), derive(1, b"host", 0x88)] {
        assert!(other != known);
        assert_ne!(other.s_enc, known.s_enc);
        assert_ne!(other.s_mac, known.s_mac);
        assert_ne!(other.mac_chaining_value, known.mac_chaining_value);
    }
}
