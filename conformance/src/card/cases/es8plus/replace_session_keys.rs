//! ReplaceSessionKeys (SGP.22 §5.5.4).

use crypto::scp03t::Kind;
use protocol::bpp::defect::PackageDefect as Defect;

use super::{altered, defect, mac};
use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES8+", name: "ReplaceSessionKeys", section: "5.5.4" };

pub(super) const CASES: &[Case] = &[
    defect!(1, mac(Kind::Encrypted87, 2), "A MAC that is wrong in one bit is a security error."),
    defect!(
        2,
        altered(Kind::Encrypted87, 2),
        "New keys that were altered under their MAC are a security error."
    ),
    defect!(3, Defect::ShortReplacementKeys, "New keys that are shorter than the old ones are refused."),
    defect!(4, Defect::ReplacementKeysUnused, "After the keys are replaced the old ones open nothing."),
    defect!(5, Defect::EmptyList, "A second list of '87' without a TLV in it is not installed."),
];
