//! Which elements there are, in which order, and what the header demands.

use super::prelude::*;
use crate::card::elements::{Header, Order};

pub(super) const CASES: &[Case] = &[
    refuses!(40, must, Order::MfMissing, "without PE-MF"),
    refuses!(41, must, Order::MfTwice, "with PE-MF twice"),
    refuses!(42, must, Order::UsimBeforeMf, "with PE-USIM before PE-MF"),
    refuses!(43, must, Order::CodesBeforeMf, "with PE-PUKCodes before PE-MF"),
    refuses!(44, should, Order::NumberTwice, "with two elements of one identification"),
    refuses!(
        45,
        should,
        Order::NumberOfOneLeftOut,
        "with an element that has the identification of one that is unknown and not mandated"
    ),
    refuses!(46, must, Order::OptUsimBeforeUsim, "with PE-OPT-USIM before PE-USIM"),
    refuses!(47, should, Order::OptUsimTwice, "with PE-OPT-USIM twice for one USIM"),
    refuses!(48, must, Order::AkaBeforeUsim, "with PE-AKAParameter before PE-USIM"),
    refuses!(49, should, Order::SecondUsim, "with two USIMs and without the service multiple-usim"),
    installs!(
        50,
        must,
        Order::SecondUsimAllowed,
        "with two USIMs and the service multiple-usim",
        MULTIPLE_USIM
    ),
    refuses!(51, should, Order::SecondUsimOfSameAid, "with two USIMs of one AID"),
    refuses!(
        52,
        should,
        Order::OptionalAndWrong,
        "with an IMSI that is too long in a PE-USIM that is not mandated"
    ),
    installs!(
        53,
        must,
        Order::OptionalWithUnknownTemplate,
        "with a PE-ISIM of an unknown template that is not mandated"
    ),
    installs!(
        54,
        should,
        Order::OptionalWithAllThatBelongsToIt,
        "with a PE-ISIM of an unknown template, its PINs, keys and files, none of them mandated"
    ),
    refuses!(
        55,
        should,
        Order::KeysOfOneLeftOut,
        "with a PE-ISIM of an unknown template that is not mandated, and its keys that are"
    ),
    refuses!(
        56,
        should,
        Order::PinsOfOneLeftOut,
        "with a PE-ISIM of an unknown template that is not mandated, and its PINs that are"
    ),
    installs!(
        57,
        should,
        Order::OptUsimLeftOutBeforePins,
        "with a PE-OPT-USIM of an unknown template, not mandated, between PE-USIM and its PINs"
    ),
    installs!(
        58,
        must,
        Order::NonStandardOptional,
        "with a PE-NonStandard of an unknown issuer that is not mandated"
    ),
    refuses!(
        59,
        must,
        Order::NonStandardMandated,
        "with a PE-NonStandard of an unknown issuer that is mandated"
    ),
    refuses!(60, should, Order::UnknownMemberMandated, "with a member of no version in a mandated PE-End"),
    installs!(
        61,
        should,
        Order::UnknownMemberOptional,
        "with a member of no version in a PE-End that is not mandated"
    ),
    refuses!(
        62,
        should,
        Order::UnknownFileMandated,
        "with a file of no version of the template in a mandated PE-OPT-USIM"
    ),
    installs!(
        63,
        should,
        Order::UnknownFileOptional,
        "with a file of no version of the template in a PE-OPT-USIM that is not mandated"
    ),
    refuses!(64, must, Header::UnknownService, "with a mandatory service of no version of the format"),
    refuses!(65, must, Header::UnknownTemplate, "with a mandatory template of no version of the format"),
    refuses!(66, must, Header::UnknownTemplateVersion, "with a mandatory template of an unknown version"),
    refuses!(67, should, Header::EarlierVersion, "of version 1 of the format"),
    installs!(68, should, Header::LaterMinorVersion, "of minor version 99"),
    installs!(69, should, Header::UnknownMember, "with a header that has a member of a later version"),
    installs!(70, must, Header::Bare, "with a header that demands nothing and says nothing that is optional"),
    refuses!(71, must, Header::TemplateOfAnother, "with a PE-USIM that follows the template of PE-OPT-USIM"),
    refuses!(72, must, Header::TemplateUnknown, "with a mandated PE-USIM that follows an unknown template"),
    refuses!(
        73,
        must,
        Header::TemplateOfUnknownVersion,
        "with a mandated PE-USIM that follows an unknown version of its template"
    ),
    installs!(
        74,
        should,
        Header::UsimOfVersion2,
        "with a PE-USIM of version 2, and an EF.UST as large as it is there"
    ),
    refuses!(
        75,
        should,
        Header::UsimOfVersion1,
        "with a PE-USIM of version 1, and an EF.UST as large as it is in version 2"
    ),
];
