//! AUTHENTICATE (3GPP TS 31.102 §7.1; sequence numbers: 3GPP TS 33.102 §6.3 and annex C).

use asn1::profile::Service;

use super::*;
use crate::card::elements::{Change, Order};
use crate::card::uicc::adjustment::Adjustment;
use crate::card::uicc::network::Algorithm;

const FUNCTION: Function = function("AUTHENTICATE", "7.1");

const MILENAGE: Step = Step::Use(Slot::A, Form::Plain);

const fn with(algorithm: Algorithm) -> Step {
    Step::Use(Slot::A, Form::Network(algorithm))
}

const fn adjusted(adjustment: Adjustment) -> Step {
    Step::Use(Slot::A, Form::Adjusted(adjustment))
}

const fn tuak(mac: u8, res: u8, key: u8, iterations: u8) -> Step {
    with(Algorithm::Tuak { mac, res, key, iterations })
}

/// A case for cards that announce this algorithm.
const fn needing(needs: &'static [Need], head: Head, steps: &'static [Step]) -> Case {
    Case { needs, ..case(head, steps) }
}

const TUAK: &[Need] = &[Need::Room(1), Need::NothingEnabled, Need::Channels, Need::Service(Service::TUAK128)];
const TEST_ALGORITHM: &[Need] =
    &[Need::Room(1), Need::NothingEnabled, Need::Channels, Need::Service(Service::USIM_TEST_ALGORITHM)];

/// A challenge that is answered with the keys.
const fn keys(seq: u64, ind: u8) -> Step {
    Step::Challenge(Challenge::of(seq, ind, Answered::Keys))
}

/// A challenge that is answered with AUTS, which holds the second number.
const fn used(number: (u64, u8), highest: (u64, u8)) -> Step {
    Step::Challenge(Challenge::of(number.0, number.1, Answered::Synchronisation(highest.0, highest.1)))
}

const fn forged(seq: u64, ind: u8) -> Step {
    Step::Challenge(Challenge::forged(seq, ind))
}

/// A challenge of nobody.
const NOBODY: &str = "00880081 22 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00";

/// What a card may say to data of a wrong form.
const WRONG_DATA: &[u16] = &[0x6700, 0x6A80, 0x6A87];
/// What it may say to parameters that are not defined, or of a context that it does not have.
const WRONG_CONTEXT: &[u16] = &[0x6A86, 0x6B00, 0x9864];
/// What it may say where no application is current.
const NO_APPLICATION: &[u16] = &[0x6982, 0x6985, 0x6D00];

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "Milenage with its usual constants gives RES, CK and IK, and AUTS."),
        &[MILENAGE, USIM, keys(1, 0), keys(2, 0), used((2, 0), (2, 0))],
    ),
    case(
        Head::must(FUNCTION, 2, "Milenage takes the constants of the operator."),
        &[with(Algorithm::MilenageWithConstants), USIM, keys(1, 0), forged(2, 0), used((1, 0), (1, 0))],
    ),
    needing(
        TUAK,
        Head::must(FUNCTION, 3, "TUAK with 64 bits of MAC and RES gives RES, CK and IK, and AUTS."),
        &[tuak(8, 8, 16, 1), USIM, keys(1, 0), forged(2, 0), used((1, 0), (1, 0)), keys(2, 0)],
    ),
    needing(
        TUAK,
        Head::must(FUNCTION, 4, "TUAK applies Keccak as often as the package says, and gives a short RES."),
        &[tuak(8, 4, 16, 2), USIM, keys(1, 0), used((1, 0), (1, 0))],
    ),
    needing(
        TUAK,
        Head::must(FUNCTION, 5, "TUAK gives a RES of 128 bits."),
        &[tuak(8, 16, 16, 1), USIM, keys(1, 0), used((1, 0), (1, 0))],
    ),
    needing(
        TUAK,
        Head::should(FUNCTION, 6, "TUAK has a MAC of 128 bits, in AUTN and in AUTS."),
        &[tuak(16, 8, 16, 1), USIM, keys(1, 0), forged(2, 0), used((1, 0), (1, 0))],
    ),
    needing(
        TUAK,
        Head::should(FUNCTION, 7, "TUAK has MAC, RES, CK and IK of 256 bits."),
        &[tuak(32, 32, 32, 2), USIM, keys(1, 0), forged(2, 0), used((1, 0), (1, 0))],
    ),
    needing(
        TEST_ALGORITHM,
        Head::must(
            FUNCTION,
            8,
            "The test algorithm gives RES, CK and IK, and AUTS when the network asks for it.",
        ),
        &[
            with(Algorithm::Test { res: 16 }),
            USIM,
            keys(1, 0),
            forged(2, 0),
            Step::Challenge(Challenge::resynchronising(2, 0, Answered::Synchronisation(1, 0))),
            keys(2, 0),
            used((1, 0), (2, 0)),
        ],
    ),
    needing(
        TEST_ALGORITHM,
        Head::must(FUNCTION, 9, "The test algorithm has the RES that its package says: 64 bits."),
        &[with(Algorithm::Test { res: 8 }), USIM, keys(1, 0)],
    ),
    needing(
        TEST_ALGORITHM,
        Head::must(FUNCTION, 10, "The test algorithm has the RES that its package says: 32 bits."),
        &[with(Algorithm::Test { res: 4 }), USIM, keys(1, 0)],
    ),
    case(
        Head::should(FUNCTION, 11, "With any other algorithm than that for tests AMF asks for nothing."),
        &[
            MILENAGE,
            USIM,
            Step::Challenge(Challenge::resynchronising(1, 0, Answered::Keys)),
            used((1, 0), (1, 0)),
        ],
    ),
    case(
        Head::must(FUNCTION, 12, "A wrong MAC is answered with 9862, and uses no number up."),
        &[MILENAGE, USIM, forged(1, 0), forged(9, 0), keys(1, 0), keys(9, 0)],
    ),
    case(
        Head::must(FUNCTION, 13, "Of a number that was used and a wrong MAC the MAC is told."),
        &[MILENAGE, USIM, keys(5, 0), forged(5, 0), forged(1, 0), keys(6, 0)],
    ),
    case(
        Head::must(FUNCTION, 14, "A number is taken once: then it is answered with AUTS, as is a lower one."),
        &[
            MILENAGE,
            USIM,
            keys(10, 3),
            used((10, 3), (10, 3)),
            used((9, 3), (10, 3)),
            keys(11, 3),
            used((10, 3), (11, 3)),
        ],
    ),
    case(
        Head::should(FUNCTION, 15, "Each index has its own past; AUTS tells the highest number of all."),
        &[
            MILENAGE,
            USIM,
            keys(10, 3),
            keys(9, 4),
            used((9, 4), (10, 3)),
            keys(11, 31),
            used((9, 3), (11, 31)),
            keys(2, 0),
            used((1, 0), (11, 31)),
            keys(12, 16),
            used((12, 16), (12, 16)),
        ],
    ),
    case(
        Head::must(FUNCTION, 16, "After the resynchronisation the next number is taken."),
        &[MILENAGE, USIM, keys(1000, 5), used((7, 5), (1000, 5)), keys(1001, 5)],
    ),
    case(
        Head::must(FUNCTION, 17, "Numbers that were used are remembered over a reset."),
        &[
            MILENAGE,
            USIM,
            keys(300, 0),
            Step::Reset,
            USIM,
            used((300, 0), (300, 0)),
            used((44, 0), (300, 0)),
            keys(301, 0),
        ],
    ),
    case(
        Head::should(
            FUNCTION,
            18,
            "A number that leaps by more than the 2^28 of the package's default is not taken.",
        ),
        &[
            MILENAGE,
            USIM,
            used(((1 << 28) + 1, 0), (0, 0)),
            keys(1 << 28, 0),
            used(((1 << 29) + 1, 1), (1 << 28, 0)),
            keys(1 << 29, 1),
            keys(1, 2),
        ],
    ),
    case(
        Head::should(FUNCTION, 19, "The first number of all is not zero."),
        &[MILENAGE, USIM, used((0, 0), (0, 0)), used((0, 7), (0, 0)), keys(1, 7)],
    ),
    case(
        Head::should(FUNCTION, 20, "A number may leap as far as the package says."),
        &[
            adjusted(Adjustment::Numbers { options: 0x02, delta: 0x100, age: 0x10 }),
            USIM,
            used((0x101, 0), (0, 0)),
            keys(0x100, 0),
            keys(0x200, 1),
            keys(1, 2),
        ],
    ),
    case(
        Head::should(FUNCTION, 21, "A number may be as old as the package says."),
        &[
            adjusted(Adjustment::Numbers { options: 0x04, delta: 0x100, age: 0x10 }),
            USIM,
            keys(0x1000, 0),
            used((0xFF0, 1), (0x1000, 0)),
            keys(0xFF1, 1),
        ],
    ),
    case(
        Head::should(FUNCTION, 22, "Without options there are no limits to a number."),
        &[
            adjusted(Adjustment::Numbers { options: 0x00, delta: 0x100, age: 0x10 }),
            USIM,
            keys((1 << 43) - 2, 0),
            keys(1, 1),
            keys((1 << 43) - 1, 0),
        ],
    ),
    case(
        Head::should(FUNCTION, 23, "The package says which numbers count as used."),
        &[
            adjusted(Adjustment::FirstNumber(100)),
            USIM,
            used((100, 0), (100, 0)),
            used((100, 31), (100, 0)),
            keys(101, 31),
            used((99, 0), (101, 31)),
        ],
    ),
    case(
        Head::should(
            FUNCTION,
            24,
            "There are as many authentications as the package allows, whatever comes of them.",
        ),
        &[
            adjusted(Adjustment::AuthenticationsAtMost(3)),
            USIM,
            keys(1, 0),
            used((1, 0), (1, 0)),
            Step::Reset,
            USIM,
            forged(2, 0),
            none_of("AUTHENTICATE", NOBODY, &[0x6983, 0x6985, 0x6A81, 0x6F00]),
        ],
    ),
    case(
        Head::must(FUNCTION, 25, "Without a current application there is no authentication."),
        &[
            MILENAGE,
            none_of("AUTHENTICATE after a reset", NOBODY, NO_APPLICATION),
            USIM,
            keys(1, 0),
            does("SELECT the MF", "00A4000C 02 3F00"),
            none_of("AUTHENTICATE in the MF", NOBODY, NO_APPLICATION),
            does("SELECT 7FFF", "00A4000C 02 7FFF"),
            keys(2, 0),
        ],
    ),
    case(
        Head::must(FUNCTION, 26, "A file of the application may be the current one."),
        &[MILENAGE, USIM, does("SELECT EF.IMSI", "00A4000C 02 6F07"), keys(1, 0)],
    ),
    case(
        Head::must(
            FUNCTION,
            27,
            "As long as PIN1 is asked for and not presented there is no authentication.",
        ),
        &[
            MILENAGE,
            does("ENABLE PIN of PIN1", "00280001 08 30303030FFFFFFFF"),
            Step::Reset,
            USIM,
            Step::Challenge(Challenge::of(1, 0, Answered::Status(0x6982))),
            does("VERIFY PIN of PIN2", "00200081 08 39393939FFFFFFFF"),
            does("VERIFY PIN of ADM1", "0020000A 08 3535353535353535"),
            Step::Challenge(Challenge::of(1, 0, Answered::Status(0x6982))),
            does("VERIFY PIN of PIN1", "00200001 08 30303030FFFFFFFF"),
            keys(1, 0),
        ],
    ),
    case(
        Head::should(FUNCTION, 28, "Data of a wrong form are told as that."),
        &[
            MILENAGE,
            USIM,
            none_of(
                "AUTHENTICATE without AUTN",
                "00880081 11 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00",
                WRONG_DATA,
            ),
            none_of(
                "AUTHENTICATE with 15 bytes of RAND",
                "00880081 21 0F 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00",
                WRONG_DATA,
            ),
            none_of(
                "AUTHENTICATE with 15 bytes of AUTN",
                "00880081 21 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 0F 00112233445566778899AABBCCDDEE 00",
                WRONG_DATA,
            ),
            none_of(
                "AUTHENTICATE with a byte too few",
                "00880081 21 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEE 00",
                WRONG_DATA,
            ),
            none_of(
                "AUTHENTICATE with a byte too many",
                "00880081 23 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00 00",
                WRONG_DATA,
            ),
            keys(1, 0),
        ],
    ),
    case(
        Head::must(FUNCTION, 29, "Parameters that are not defined are refused."),
        &[
            MILENAGE,
            USIM,
            none_of(
                "AUTHENTICATE with P1 01",
                "00880181 22 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00",
                WRONG_CONTEXT,
            ),
            none_of(
                "AUTHENTICATE with P2 01",
                "00880001 22 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00",
                WRONG_CONTEXT,
            ),
            none_of(
                "AUTHENTICATE with P2 83",
                "00880083 22 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00",
                WRONG_CONTEXT,
            ),
            none_of(
                "AUTHENTICATE with P2 91",
                "00880091 22 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 10 00112233445566778899AABBCCDDEEFF 00",
                WRONG_CONTEXT,
            ),
            keys(1, 0),
        ],
    ),
    case(
        Head::must(FUNCTION, 30, "Without service 38 there is no GSM context."),
        &[
            MILENAGE,
            USIM,
            none_of(
                "AUTHENTICATE in the GSM context",
                "00880080 11 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00",
                WRONG_CONTEXT,
            ),
            keys(1, 0),
        ],
    ),
    case(
        Head::must(FUNCTION, 31, "With service 38 the GSM context gives SRES and Kc, and uses no number up."),
        &[
            adjusted(Adjustment::Services(&[38])),
            USIM,
            Step::Challenge(Challenge::gsm(Answered::Gsm)),
            keys(1, 0),
            Step::Challenge(Challenge::gsm(Answered::Gsm)),
        ],
    ),
    case(
        Head::must(FUNCTION, 32, "With service 27 Kc stands behind IK."),
        &[
            adjusted(Adjustment::Services(&[27])),
            USIM,
            Step::Challenge(Challenge::of(1, 0, Answered::KeysAndKc)),
            none_of(
                "AUTHENTICATE in the GSM context",
                "00880080 11 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00",
                WRONG_CONTEXT,
            ),
            used((1, 0), (1, 0)),
        ],
    ),
    case(
        Head::must(FUNCTION, 33, "The GSM context, too, asks for PIN1 and a current application."),
        &[
            adjusted(Adjustment::Services(&[38])),
            none_of(
                "AUTHENTICATE in the GSM context",
                "00880080 11 10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00",
                NO_APPLICATION,
            ),
            does("ENABLE PIN of PIN1", "00280001 08 30303030FFFFFFFF"),
            Step::Reset,
            USIM,
            Step::Challenge(Challenge::gsm(Answered::Status(0x6982))),
            does("VERIFY PIN of PIN1", "00200001 08 30303030FFFFFFFF"),
            Step::Challenge(Challenge::gsm(Answered::Gsm)),
        ],
    ),
    case(
        Head::must(FUNCTION, 34, "A reserved element that is passed over leaves a USIM the keys behind it."),
        &[Step::Use(Slot::A, Form::Changed(Change::Order(Order::ReservedBeforeKeys))), USIM, keys(1, 0)],
    ),
];
