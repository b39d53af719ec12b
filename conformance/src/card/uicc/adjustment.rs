//! What an operator may set of the authentication beside the algorithm (TCA profile package, PE-AKAParameter; EF.UST).

use std::fmt;

use asn1::profile::{ElementKind, File, FileItem};

use crate::card::elements::{Elements, Made};

/// What is otherwise than in a plain profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Adjustment {
    /// EF.UST has these services as well (3GPP TS 31.102 §4.2.8), numbered from 1.
    Services(&'static [usize]),
    /// `authCounterMax`: there are so many authentications.
    AuthenticationsAtMost(u8),
    /// What limits a sequence number, as SEQ.
    Numbers {
        /// `sqnOptions`: 02 for the one limit, 04 for the other.
        options: u8,
        /// `sqnDelta`: how far above the highest it may be.
        delta: u64,
        /// `sqnAgeLimit`: how far below it has to be to be too old.
        age: u64,
    },
    /// `sqnInit`: the same SEQ for all 32 indices.
    FirstNumber(u64),
}

/// The member of PE-USIM.
const EF_UST: u32 = 8;

impl Adjustment {
    /// Makes it.
    ///
    /// # Errors
    /// Where the profile has no USIM with an algorithm of its own.
    pub(in crate::card) fn put_into(self, elements: &mut Elements) -> Made {
        match self {
            Self::Services(services) => add(services, elements.file(ElementKind::Usim, EF_UST)?),
            Self::AuthenticationsAtMost(number) => {
                elements.algorithm()?.auth_counter_max = Some([0, 0, number]);
            }
            Self::Numbers { options, delta, age } => {
                let aka = elements.aka()?;
                aka.sqn_options = Some(options);
                aka.sqn_delta = Some(octets(delta));
                aka.sqn_age_limit = Some(octets(age));
            }
            Self::FirstNumber(number) => elements.aka()?.sqn_init = Some(vec![octets(number); 32]),
        }
        Ok(())
    }
}

fn add(services: &[usize], table: &mut File) {
    for item in &mut table.0 {
        let FileItem::FillFileContent(table) = item else { continue };
        for service in services.iter().map(|service| service - 1) {
            if let Some(byte) = table.get_mut(service / 8) {
                *byte |= 1 << (service % 8);
            }
        }
    }
}

fn octets(number: u64) -> [u8; 6] {
    let [_, _, octets @ ..] = number.to_be_bytes();
    octets
}

impl fmt::Display for Adjustment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Services(services) => {
                let services: Vec<_> = services.iter().map(ToString::to_string).collect();
                write!(f, "the services {} of the USIM", services.join(" and "))
            }
            Self::AuthenticationsAtMost(number) => write!(f, "{number} authentications at most"),
            Self::Numbers { options, delta, age } => {
                write!(f, "sqnOptions {options:02X}, sqnDelta {delta}, sqnAgeLimit {age}")
            }
            Self::FirstNumber(number) => write!(f, "sqnInit {number}"),
        }
    }
}
