//! Any bytes as commands.

use euicc_sim::profile_package::{InstalledFile, Structure};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::common::hex;
use crate::laboratory::{
    INCREASE_PIN1, Laboratory, READ_UPDATE_PIN1, ber_tlv, cyclic, ef, linear, link, tree,
};

#[test]
fn any_bytes_get_a_status_word() {
    let mut files = tree();
    files.extend([
        linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202"]),
        cyclic("7FD06F39", INCREASE_PIN1, &["0101", "0202"]),
        ber_tlv("7FD06FFE", 100, "800101"),
        InstalledFile {
            size: 0,
            ..ef("7FD06F20", Structure::LinearFixed { record_length: 0 }, 5, Vec::new())
        },
        ef("7FD06F21", Structure::Transparent, 5, Vec::new()),
        ef("7FD06F22", Structure::Cyclic { record_length: 4 }, INCREASE_PIN1, Vec::new()),
        link("7FD06F23", "7FD06F39"),
        link("7FD06F24", "7FD0"),
        link("7FD06F25", "7FD06F25"),
    ]);
    let mut card = Laboratory::in_usim(files);
    let instructions = [
        (0x00, 0xA4),
        (0x00, 0xA4),
        (0x80, 0xF2),
        (0x00, 0xB0),
        (0x00, 0xD6),
        (0x00, 0xB2),
        (0x00, 0xDC),
        (0x00, 0xA2),
        (0x80, 0x32),
        (0x80, 0xCB),
        (0x80, 0xDB),
        (0x00, 0x04),
        (0x00, 0x44),
    ];
    let ids =
        ["6F3C", "6F39", "6FFE", "6F20", "6F21", "6F22", "6F23", "6F24", "6F25", "5F3B", "7FFF", "3F00"];
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut bytes = [0; 24];
    for _ in 0..30_000 {
        rng.fill_bytes(&mut bytes);
        let (class, instruction) = instructions[usize::from(bytes[0]) % instructions.len()];
        let data = &bytes[8..8 + usize::from(bytes[1]) % 16];
        let mut command = vec![class, instruction, bytes[2] & bytes[3], bytes[4] & bytes[5]];
        if instruction == 0xA4 && bytes[6] & 1 == 0 {
            command = hex(&format!("00A4000C02{}", ids[usize::from(bytes[7]) % ids.len()]));
        } else if !data.is_empty() {
            command.push(u8::try_from(data.len()).unwrap());
            command.extend(data);
        }
        let response = card.card.transmit(&command);
        assert!(response.len() >= 2, "{command:02X?}");
        assert!(!response.ends_with(&[0x6F, 0x00]), "{command:02X?}");
    }
}
