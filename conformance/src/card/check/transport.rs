//! Of APDUs and what selecting the ISD-R gives (SGP.22 §5.7.1, §5.7.2).

use std::fmt;

use asn1::VersionType;

use super::{Finding, Held, equal, holds};
use crate::card::bench::Bench;
use crate::card::properties::isdr_template;

/// Of APDUs and what selecting the ISD-R gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    /// A logical channel was opened for the ISD-R.
    ChannelOpened,
    /// The FCI has the ISD-R's template behind the objects of GlobalPlatform.
    TemplateIsLast,
    /// The SVN in the FCI is that of EUICCInfo1.
    SvnIsThatOfInfo1,
    /// The SVN in the FCI is 2.0.0 or later.
    SvnIsOfVersion2,
    /// No data came before the last block.
    NoEarlyData,
    /// The data is what the first answer was.
    SameDataAsFirst,
}

impl Transport {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        let select = &bench.opened.select;
        match self {
            Self::ChannelOpened => holds(bench.opened.channel.is_some(), "MANAGE CHANNEL opened none"),
            Self::TemplateIsLast => {
                isdr_template(&select.data)?;
                let fci = asn1::tlv::read(&select.data).map_err(Finding::is)?.0;
                let last = asn1::tlv::children(fci.value).map_while(Result::ok).last();
                let tag = last.map_or(0, |last| last.tag.0);
                holds(tag == 0xE0, format_args!("the last object is {tag:02X}"))
            }
            Self::SvnIsThatOfInfo1 => {
                let info = bench.properties.info1.as_ref().map_err(Clone::clone)?;
                equal(&isdr_template(&select.data)?.svn, &info.svn)
            }
            Self::SvnIsOfVersion2 => {
                let svn = isdr_template(&select.data)?.svn;
                holds(svn >= VersionType::from([2, 0, 0]), svn)
            }
            Self::NoEarlyData => {
                let early = bench.asked.iter().any(|asked| asked.answer.early);
                holds(!early, "data came before the last block was sent")
            }
            Self::SameDataAsFirst => match bench.asked.as_slice() {
                [first, .., last] => holds(first.answer.data == last.answer.data, "it is other data"),
                _ => Err(Finding::is("there are no two answers")),
            },
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChannelOpened => "a logical channel is opened",
            Self::TemplateIsLast => "ISDRProprietaryApplicationTemplate ends the FCI",
            Self::SvnIsThatOfInfo1 => "the SVN in the FCI is that of EUICCInfo1",
            Self::SvnIsOfVersion2 => "the SVN is 2.0.0 or later",
            Self::NoEarlyData => "only the last block is answered with data",
            Self::SameDataAsFirst => "the answer is the same",
        })
    }
}
