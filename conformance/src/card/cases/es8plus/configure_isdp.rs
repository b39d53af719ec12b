//! ConfigureISDP (SGP.22 §5.5.2).

use crypto::scp03t::Kind;
use protocol::bpp::defect::PackageDefect as Defect;

use super::{altered, defect, mac};
use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES8+", name: "ConfigureISDP", section: "5.5.2" };

pub(super) const CASES: &[Case] = &[
    defect!(1, mac(Kind::Encrypted87, 1), "A MAC that is wrong in one bit is a security error."),
    defect!(2, altered(Kind::Encrypted87, 1), "A TLV that was altered under its MAC is a security error."),
    defect!(3, Defect::OtherHostId, "Keys that were derived with another host id open nothing."),
    defect!(4, Defect::OtpkOfAnotherKey, "Keys that were agreed with another one-time key open nothing."),
    defect!(5, Defect::UnknownCommandIn87, "Another command than ConfigureISDP is refused."),
    defect!(6, Defect::IsdpDataTooLong, "dpProprietaryData of more than 128 bytes is refused."),
    defect!(7, Defect::Missing87, "A package without ConfigureISDP is not installed."),
    defect!(8, Defect::ListsOutOfOrder, "A package with the metadata before ConfigureISDP is not installed."),
];
