//! What the eUICC says of an element in simaResponse (SGP.22 §2.5.6): an EUICCResponse.

use asn1::profile::Status;
use protocol::bpp::defect::PackageDefect as Defect;

use super::prelude::*;
use crate::card::elements::{Aka, Codes, Files, Header, Order};

/// A package, and the status that is told of it.
macro_rules! tells {
    ($number:literal, $package:expr, $status:ident, $requirement:literal) => {
        Case {
            head: Head::should(FUNCTION, $number, $requirement).tagged(&["package", "profile"]),
            variants: Variants::ONCE,
            needs: ROOM,
            steps: &[
                Step::Prepare,
                Step::Ask(Request::Load(Portion::FromTheStart($package))),
                Step::Ask(Request::RetrieveNotificationsList(Search::All)),
            ],
            expected: Expected::Done(&[Check::Installed(Installed::Tells(Status::$status))]),
        }
    };
}

/// A change of the default profile.
macro_rules! changed {
    ($kind:ident::$change:ident) => {
        Package::Good(Slot::A, Form::Changed(Change::$kind($kind::$change)))
    };
}

pub(super) const CASES: &[Case] = &[
    tells!(
        300,
        Package::Good(Slot::A, Form::Plain),
        OK,
        "simaResponse of a profile that is installed says ok."
    ),
    tells!(
        301,
        Package::Defect(Defect::UnknownMandatedElement),
        PE_NOT_SUPPORTED,
        "simaResponse says pe-not-supported of an unknown element that is mandated."
    ),
    tells!(
        302,
        Package::Defect(Defect::UnknownOptionalElement),
        PE_NOT_SUPPORTED,
        "simaResponse says pe-not-supported of an unknown element that was passed over."
    ),
    tells!(
        303,
        Package::Defect(Defect::UnsupportedVersion),
        UNSUPPORTED_PROFILE_VERSION,
        "simaResponse says unsupported-profile-version of an unknown version of the format."
    ),
    tells!(
        304,
        Package::Good(Slot::A, Form::TooBig),
        NOT_ENOUGH_MEMORY,
        "simaResponse says not-enough-memory of a profile that is larger than the free memory."
    ),
    tells!(
        305,
        changed!(Header::UnknownTemplate),
        TEMPLATE_NOT_SUPPORTED,
        "simaResponse says template-not-supported of an unknown template that is mandatory."
    ),
    tells!(
        306,
        changed!(Header::TemplateUnknown),
        TEMPLATE_NOT_SUPPORTED,
        "simaResponse says template-not-supported of an element that follows an unknown template."
    ),
    tells!(
        307,
        changed!(Header::UnknownService),
        FEATURE_NOT_SUPPORTED,
        "simaResponse says feature-not-supported of an unknown service that is mandatory."
    ),
    tells!(
        308,
        changed!(Aka::UnknownAlgorithm),
        FEATURE_NOT_SUPPORTED,
        "simaResponse says feature-not-supported of an unknown algorithm."
    ),
    tells!(
        309,
        changed!(Codes::LocalPinsMissing),
        PIN_CODE_MISSING,
        "simaResponse says pin-code-missing of a PIN that protects a directory and is not there."
    ),
    tells!(
        310,
        changed!(Files::ContentTooLong),
        BAD_VALUES,
        "simaResponse says bad-values of content that is longer than its file."
    ),
    tells!(
        311,
        changed!(Order::OptionalWithUnknownTemplate),
        TEMPLATE_NOT_SUPPORTED,
        "simaResponse says template-not-supported of an element that was passed over."
    ),
];
