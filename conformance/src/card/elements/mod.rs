//! Profile packages with one thing in them that is wrong, or that is right and unusual (TCA eUICC Profile Package:
//! Interoperable Format Technical Specification).
//!
//! A [`Change`] is made to the elements of the default profile, and they are encoded again. Whether an eUICC has to refuse
//! what comes of it or to install it says the case.

mod aka;
mod applications;
mod codes;
mod edit;
mod files;
mod header;
mod links;
mod management;
mod order;
mod parameters;
mod parts;
mod templates;

use std::fmt;

pub use aka::Aka;
pub use applications::Applications;
pub use codes::Codes;
pub use files::Files;
pub use header::Header;
pub use links::Links;
pub use management::Management;
pub use order::Order;
pub use parameters::Parameters;
pub use templates::Templates;

pub(in crate::card) use edit::{Elements, Made};

/// Changes of one kind, each with the words of a report.
macro_rules! changes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $(#[doc = $text] $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }
    };
}
use changes;

macro_rules! kinds {
    ($($name:ident $what:literal;)+) => {
        /// One change of a profile package.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Change { $(#[doc = $what] $name($name),)+ }

        impl Change {
            /// All of them.
            pub fn all() -> impl Iterator<Item = Self> {
                std::iter::empty()$(.chain($name::ALL.iter().copied().map(Self::$name)))+
            }

            /// Changes the elements of the default profile.
            pub(in crate::card) fn make(self, elements: &mut Elements) -> Made {
                match self { $(Self::$name(change) => change.make(elements),)+ }
            }
        }

        impl fmt::Display for Change {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$name(change) => change.fmt(f),)+ }
            }
        }
    };
}

kinds! {
    Order "Of which elements there are, and in which order.";
    Header "Of what the header demands.";
    Codes "Of PINs and PUKs.";
    Aka "Of how network access applications authenticate.";
    Files "Of the files of PE-MF and PE-USIM.";
    Templates "Of elements that follow other templates.";
    Management "Of generic file management.";
    Parameters "Of file control parameters.";
    Links "Of files that are links.";
    Applications "Of security domains and applications.";
}
