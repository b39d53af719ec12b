//! PINs, PUKs, and how network access applications authenticate.

use super::prelude::*;
use crate::card::elements::{Aka, Codes};

pub(super) const CASES: &[Case] = &[
    refuses!(76, must, Codes::GlobalPinsMissing, "without the PINs that protect the MF"),
    refuses!(77, must, Codes::LocalPinsMissing, "without the PIN that protects the USIM"),
    refuses!(78, should, Codes::LocalPinInMf, "with a local PIN in the MF"),
    refuses!(79, should, Codes::GlobalPinInUsim, "with a global PIN in the USIM"),
    refuses!(80, should, Codes::PinTwice, "with one PIN twice"),
    refuses!(81, should, Codes::PinCodesTwice, "with two PE-PINCodes for one directory"),
    refuses!(82, must, Codes::PinOfSevenBytes, "with a PIN of seven bytes"),
    refuses!(83, must, Codes::PinOfNoReference, "with a PIN of the key reference 9, which there is not"),
    refuses!(
        84,
        should,
        Codes::PinWithMoreTriesLeft,
        "with a PIN that has more tries left than it has tries"
    ),
    installs!(
        85,
        must,
        Codes::PinWithFewerTriesLeft,
        "with a PIN that has fewer tries left than it has tries"
    ),
    installs!(86, must, Codes::PinByDefault, "with a PIN that says neither its attributes nor its tries"),
    refuses!(87, should, Codes::PukMissing, "with a PIN whose PUK is not there"),
    refuses!(88, should, Codes::PukTwice, "with one PUK twice"),
    refuses!(89, should, Codes::PukCodesTwice, "with two PE-PUKCodes"),
    refuses!(90, must, Codes::PukOfSevenBytes, "with a PUK of seven bytes"),
    refuses!(91, must, Codes::PukOfNoReference, "with a PUK of the key reference 9, which there is not"),
    refuses!(
        92,
        should,
        Codes::PukWithMoreTriesLeft,
        "with a PUK that has more tries left than it has tries"
    ),
    installs!(93, must, Codes::PukByDefault, "with a PUK that does not say its tries"),
    installs!(94, must, Codes::Shared, "with a DF that shares the PINs of the USIM"),
    refuses!(
        95,
        should,
        Codes::SharedWithNobody,
        "with a DF that shares the PINs of a directory without any"
    ),
    installs!(
        96,
        must,
        Codes::OwnPins,
        "with a DF in a DF, and a local PIN that belongs to the one created first"
    ),
    installs!(
        97,
        should,
        Codes::PinOfDirectoryAbove,
        "with a DF in the USIM that is protected by the local PIN of the USIM"
    ),
    refuses!(
        98,
        should,
        Codes::PinOfDirectoryBeside,
        "with a DF beside the USIM that is protected by the local PIN of the USIM"
    ),
    installs!(99, should, Codes::AfterOptUsim, "with the PINs of the USIM behind PE-OPT-USIM"),
    refuses!(100, must, Aka::UnknownAlgorithm, "with an authentication algorithm that there is not"),
    installs!(
        101,
        should,
        Aka::UnknownAlgorithmOptional,
        "with a second PE-AKAParameter of an unknown algorithm, not mandated"
    ),
    refuses!(102, must, Aka::KeyOfFifteenBytes, "with a Milenage key of 15 bytes"),
    refuses!(103, must, Aka::NoOpc, "with Milenage and no OPc"),
    refuses!(104, should, Aka::DeltaOf44Bits, "with a sqnDelta of 44 bits"),
    refuses!(105, should, Aka::AgeLimitOf44Bits, "with a sqnAgeLimit of 44 bits"),
    refuses!(106, should, Aka::NumberOf44Bits, "with an initial sequence number of 44 bits"),
    installs!(107, should, Aka::NumbersOf43Bits, "with the largest sequence numbers and limits there are"),
    refuses!(108, must, Aka::ThirtyOneNumbers, "with 31 initial sequence numbers instead of 32"),
    installs!(109, must, Aka::OwnConstants, "with rotation and XORing constants of its own"),
    installs!(110, must, Aka::Tuak, "with TUAK and a key of 16 bytes", TUAK128),
    installs!(
        111,
        should,
        Aka::TuakWithLongKey,
        "with TUAK, a key of 32 bytes and the longest CK, IK and MAC",
        TUAK256
    ),
    refuses!(112, must, Aka::TuakWithTopcOf16Bytes, "with TUAK and a TOPc of 16 bytes"),
    refuses!(113, should, Aka::TuakWithoutRounds, "with TUAK and no iteration of Keccak"),
    refuses!(114, should, Aka::TuakWithoutLengths, "with TUAK and a length of RES that there is not"),
    installs!(115, must, Aka::TestAlgorithm, "with the test algorithm and no OPc", USIM_TEST_ALGORITHM),
    installs!(116, must, Aka::Mapped, "with an ISIM that authenticates as the USIM does", ISIM),
    refuses!(
        117,
        must,
        Aka::MappedToNobody,
        "with an ISIM that authenticates as an application that is not there"
    ),
    refuses!(118, should, Aka::MappedToItself, "with an ISIM that authenticates as itself"),
    refuses!(119, should, Aka::CdmaOfUsim, "with PE-CDMAParameter of a USIM"),
    installs!(120, should, Aka::Cdma, "with PE-CDMAParameter of a CSIM", CSIM),
    refuses!(121, should, Aka::CdmaTwice, "with PE-CDMAParameter twice for one CSIM"),
    refuses!(122, should, Aka::CdmaKeyOfSevenBytes, "with an A-key of seven bytes"),
];
