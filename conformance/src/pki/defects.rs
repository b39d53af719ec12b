//! How a table of defects is written.

use thiserror::Error;

/// There is no defect of this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no defect {0:?}")]
pub struct UnknownDefect(pub String);

/// An enumeration of defects. A row is: the variant, its name, how strictly the refusal is asked for and where, what is
/// wrong in one sentence, and the recipe, which is how it is made and what the refusal looks like.
macro_rules! defects {
    (
        $(#[$meta:meta])*
        $type:ident($recipe:ty) {
            $($variant:ident $name:literal, $level:ident $section:literal, $what:literal, $made:expr;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $type {
            $(
                #[doc = $what]
                $variant,
            )+
        }

        impl $type {
            /// All of them.
            pub const ALL: [Self; [$(Self::$variant),+].len()] = [$(Self::$variant),+];

            /// Its name, in lower case with hyphens; it never changes its meaning.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What is wrong, in one sentence.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self {
                    $(Self::$variant => $what,)+
                }
            }

            /// What is asked of whoever is shown it, in one sentence.
            #[must_use]
            pub const fn requirement(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("refuses certificates with this defect: ", $what),)+
                }
            }

            /// The section that such a certificate does not follow, for example `SGP.22 §4.5.2.2`.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self {
                    $(Self::$variant => $section,)+
                }
            }

            /// How strictly the specification asks for the refusal.
            #[must_use]
            pub const fn level(self) -> $crate::case::Level {
                match self {
                    $(Self::$variant => $crate::case::Level::$level,)+
                }
            }

            const fn recipe(self) -> $recipe {
                match self {
                    $(Self::$variant => $made,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::pki::UnknownDefect;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.into_iter().find(|defect| defect.name() == name);
                found.ok_or_else(|| $crate::pki::UnknownDefect(name.to_owned()))
            }
        }
    };
}
pub(super) use defects;
