//! The access rules of the default profile: the records of its two EF.ARR.

/// Who may do something (ETSI TS 102 221 §9.2.4).
#[derive(Clone, Copy)]
enum Condition {
    Always,
    Never,
    Pin1,
    Pin2,
    Adm1,
}
use Condition::{Adm1, Always, Never, Pin1, Pin2};

/// Bits of the access mode byte (ETSI TS 102 221 §9.2.3).
const READ: u8 = 0x01;
const UPDATE: u8 = 0x02;
/// Of a directory: create an EF.
const CREATE_EF: u8 = 0x04;
const DEACTIVATE: u8 = 0x08;
const ACTIVATE: u8 = 0x10;
const DELETE_SELF: u8 = 0x40;
/// INCREASE is a command of its own, not a bit.
const INCREASE: u8 = 0x32;

const STATE: u8 = DEACTIVATE | ACTIVATE;
const MANAGE: u8 = STATE | DELETE_SELF;

/// The rules by record number from 1. The templates of annex A of the interoperable profile refer to them by these numbers,
/// so files that say nothing of their access rule find theirs here.
const RULES: [&[(u8, Condition)]; 14] = [
    &[(READ, Always), (UPDATE, Pin1), (MANAGE, Adm1)],
    &[(READ, Pin1), (UPDATE | MANAGE, Adm1)],
    &[(READ | UPDATE | MANAGE, Adm1)],
    &[(READ, Always), (UPDATE | STATE, Never), (DELETE_SELF, Adm1)],
    &[(READ | UPDATE, Pin1), (MANAGE, Adm1)],
    &[(READ | ACTIVATE, Pin1), (UPDATE | DEACTIVATE | DELETE_SELF, Adm1)],
    &[(READ | UPDATE, Pin1), (MANAGE, Adm1)],
    &[(READ, Pin1), (UPDATE, Pin2), (MANAGE, Adm1)],
    &[(READ, Always), (UPDATE | STATE, Pin1), (DELETE_SELF, Adm1)],
    &[(READ, Always), (UPDATE | MANAGE, Adm1)],
    &[(READ, Always), (STATE, Adm1), (UPDATE | DELETE_SELF, Never)],
    &[(READ, Pin1), (UPDATE | MANAGE, Never)],
    &[(READ | UPDATE | ACTIVATE, Pin1), (DEACTIVATE | DELETE_SELF, Adm1)],
    &[(UPDATE | CREATE_EF | MANAGE, Adm1)],
];

/// The record that also says who may increase a counter.
const COUNTER_RULE: usize = 7;

/// All rules as records of an EF.ARR, each in its shortest form.
pub(super) fn records() -> Vec<Vec<u8>> {
    let record = |(number, rule): (usize, &&[(u8, Condition)])| {
        // ETSI TS 102 221 §9.2.3: an access mode byte is tagged 80, an instruction 84.
        let increase = (number == COUNTER_RULE).then_some((0x84, INCREASE, Pin1));
        let modes = rule.iter().map(|(mode, condition)| (0x80, *mode, *condition)).chain(increase);
        modes.flat_map(|(tag, mode, condition)| [&[tag, 0x01, mode], condition.bytes()].concat()).collect()
    };
    (1..).zip(&RULES).map(record).collect()
}

impl Condition {
    /// ETSI TS 102 221 §9.2.4: always 90, never 97, or A4 with the key reference and what it is verified for.
    fn bytes(self) -> &'static [u8] {
        match self {
            Always => &[0x90, 0x00],
            Never => &[0x97, 0x00],
            Pin1 => &[0xA4, 0x06, 0x83, 0x01, 0x01, 0x95, 0x01, 0x08],
            Pin2 => &[0xA4, 0x06, 0x83, 0x01, 0x81, 0x95, 0x01, 0x08],
            Adm1 => &[0xA4, 0x06, 0x83, 0x01, 0x0A, 0x95, 0x01, 0x08],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_those_that_files_of_the_templates_need() {
        let records = records();
        let hex = |number: usize| data_encoding::HEXUPPER.encode(&records[number - 1]);
        // EF.IMSI: read with PIN1, everything else with ADM1 (3GPP TS 31.102 §4.2.2).
        assert_eq!(hex(2), "800101A40683010195010880015AA40683010A950108");
        // EF.ICCID: read always, never updated (ETSI TS 102 221 §13.2).
        assert_eq!(hex(11), "8001019000800118A40683010A9501088001429700");
        // EF.EST: read with PIN1, updated with PIN2 (3GPP TS 31.102 §4.2.47).
        assert_eq!(hex(8), "800101A406830101950108800102A406830181950108800158A40683010A950108");
        // Directories.
        assert_eq!(hex(14), "80015EA40683010A950108");
        assert_eq!(hex(7), "800103A406830101950108800158A40683010A950108840132A406830101950108");
    }
}
