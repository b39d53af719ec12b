//! Bound Profile Packages that are wrong in one way: for those who judge a card or an LPA, and for an SM-DP+ that is asked to
//! send one.
//!
//! [`bind_with`] makes the same package as [`super::bind`], with the same steps, and spoils one of them. Nothing is drawn by
//! chance: the same binding and defect give the same bytes where the signature does.

mod bind;
mod lists;
mod metadata;
mod profile;
mod segment;
mod table;
mod verdict;

pub use bind::bind_with;
pub use segment::{Segment, SegmentError};
pub use table::PackageDefect;
pub use verdict::Verdict;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A name that no defect has.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("there is no package defect {0:?}")]
pub struct UnknownDefect(String);

/// The name: `mac-86-2`, `wrong-remote-op-id`.
impl fmt::Display for PackageDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongMac(segment) => write!(f, "mac-{segment}"),
            Self::Altered(segment) => write!(f, "altered-{segment}"),
            other => f.write_str(other.plain_name().unwrap_or_default()),
        }
    }
}

impl FromStr for PackageDefect {
    type Err = UnknownDefect;

    /// Every name of [`PackageDefect::ALL`], and `mac-` or `altered-` with any [`Segment`].
    fn from_str(name: &str) -> Result<Self, UnknownDefect> {
        let of_segment = |prefix: &str| name.strip_prefix(prefix)?.parse::<Segment>().ok();
        let plain = || Self::ALL.iter().copied().find(|defect| defect.plain_name() == Some(name));
        let defect = of_segment("mac-").map(Self::WrongMac);
        let defect = defect.or_else(|| of_segment("altered-").map(Self::Altered));
        defect.or_else(plain).ok_or_else(|| UnknownDefect(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_defect_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<String> = PackageDefect::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), PackageDefect::ALL.len());
        for defect in PackageDefect::ALL {
            let name = defect.to_string();
            assert_eq!(name.parse(), Ok(*defect));
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(kebab) && !name.is_empty(), "{name}");
            assert!(!defect.description().is_empty() && defect.section().starts_with("SGP.22 "));
        }
    }

    #[test]
    fn a_segment_that_no_package_has_is_no_defect() {
        for name in ["mac-86-0", "mac-87-3", "mac-85-1", "altered-88-3", "mac-86", "mac-", "", "Mac-86-1"] {
            assert!(name.parse::<PackageDefect>().is_err(), "{name}");
        }
        assert_eq!("mac-86-17".parse::<PackageDefect>().unwrap().to_string(), "mac-86-17");
    }
}
