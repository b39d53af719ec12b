//! Security domains and applications.

use super::prelude::*;
use crate::card::elements::Applications;

pub(super) const CASES: &[Case] = &[
    installs!(244, should, Applications::SecurityDomain, "with a security domain"),
    installs!(245, should, Applications::OfItself, "with a security domain that names itself as its own"),
    installs!(
        246,
        should,
        Applications::SecondDomain,
        "with a second security domain that belongs to the first"
    ),
    installs!(247, should, Applications::FileManagement, "with remote management of the files of the USIM"),
    refuses!(
        248,
        must,
        Applications::FileManagementWithoutDomain,
        "with remote file management and no security domain"
    ),
    refuses!(
        249,
        should,
        Applications::FileManagementBeforeDomain,
        "with remote file management before the security domain"
    ),
    refuses!(
        250,
        should,
        Applications::FileManagementOfNobody,
        "with remote file management of an application that is not there"
    ),
    refuses!(251, must, Applications::ApplicationWithoutDomain, "with an application and no security domain"),
    refuses!(
        252,
        should,
        Applications::OfUnknownDomain,
        "with a security domain that belongs to one that is not there"
    ),
    refuses!(
        253,
        must,
        Applications::SecondOfUnknownDomain,
        "with a second security domain that belongs to one that is not there"
    ),
    refuses!(254, must, Applications::TwoOfOneAid, "with two security domains of one AID"),
    refuses!(
        255,
        should,
        Applications::FileManagementOfAidOfDomain,
        "with remote file management that has the AID of the security domain"
    ),
    refuses!(256, must, Applications::WithoutClass, "with a security domain whose classAID is missing"),
    refuses!(257, must, Applications::AidOfFourBytes, "with a security domain whose AID has four bytes"),
];
