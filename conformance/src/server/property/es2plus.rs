//! Of the answers of ES2+ (SGP.22 §5.3).

use asn1::Iccid;
use protocol::es2plus::Function as Es2Plus;
use protocol::types::ServerAddress;

use super::session;
use crate::server::expected::Property;
use crate::server::message::{Function, Members, Message, Told};
use crate::server::play::Player;

/// SGP.22 §6.5.2.1: `^[0-9]{19}[0-9F]?$`.
pub const ICCID: Property = Property {
    says: "iccid is written in 19 digits, and one more or F",
    verify: |player| {
        let iccid = last(player, "iccid")?;
        let digits = iccid.strip_suffix('F').unwrap_or(&iccid);
        let is_written_so = match digits.len() {
            19 => true,
            20 => digits.len() == iccid.len(),
            _ => false,
        };
        match is_written_so && digits.bytes().all(|c| c.is_ascii_digit()) {
            true => Ok(()),
            false => Err(format!("it is {iccid:?}")),
        }
    },
};

/// SGP.22 §5.3.1, table 23: that of the request.
pub const ICCID_AS_ORDERED: Property = Property {
    says: "iccid is the one that was ordered",
    verify: |player| {
        let ordered =
            player.exchanges.last().and_then(|exchange| exchange.message.text("iccid")).unwrap_or_default();
        same_iccid(&ordered, &last(player, "iccid")?)
    },
};

/// SGP.22 §5.3.1: a profile that is reserved is not reserved again.
pub const ANOTHER_ICCID: Property = Property {
    says: "iccid is another than that of the order before",
    verify: |player| match all(player, Es2Plus::DownloadOrder, "iccid").as_slice() {
        [.., before, last] if without_filler(before) == without_filler(last) => {
            Err(format!("it is {last} again"))
        }
        [.., _, _] => Ok(()),
        _ => Err("there was no order before".to_owned()),
    },
};

/// The same call again does nothing again.
pub const SAME_ICCID: Property = Property {
    says: "iccid is the one of the first answer",
    verify: |player| match all(player, Es2Plus::DownloadOrder, "iccid").as_slice() {
        [.., before, last] => same_iccid(before, last),
        _ => Err("there was no answer before".to_owned()),
    },
};

/// SGP.22 §5.3.2, table 26; §4.1.1.
pub const MATCHING_ID: Property = Property {
    says: "matchingId is there, of 0-9, A-Z and '-'",
    verify: |player| {
        let id = last(player, "matchingId")?;
        let fits = |c: char| matches!(c, '0'..='9' | 'A'..='Z' | '-');
        match !id.is_empty() && id.chars().all(fits) {
            true => Ok(()),
            false => Err(format!("it is {id:?}")),
        }
    },
};

/// SGP.22 §4.1.1: it names one order.
pub const ANOTHER_MATCHING_ID: Property = Property {
    says: "matchingId is another than that of the order before",
    verify: |player| match all(player, Es2Plus::ConfirmOrder, "matchingId").as_slice() {
        [.., before, last] if before == last => Err(format!("it is {last:?} again")),
        [.., _, _] => Ok(()),
        _ => Err("there was no order before".to_owned()),
    },
};

/// The same call again does nothing again.
pub const SAME_MATCHING_ID: Property = Property {
    says: "matchingId is the one of the first answer",
    verify: |player| match all(player, Es2Plus::ConfirmOrder, "matchingId").as_slice() {
        [.., before, last] if before != last => Err(format!("it is {last:?}, and was {before:?}")),
        [.., _, _] => Ok(()),
        _ => Err("there was no answer before".to_owned()),
    },
};

/// SGP.22 §5.3.2.
pub const MATCHING_ID_AS_GIVEN: Property = Property {
    says: "matchingId is the one of the request",
    verify: |player| {
        let given = player.exchanges.last().and_then(|exchange| exchange.message.text("matchingId"));
        let told = last(player, "matchingId")?;
        match given == Some(told.clone()) {
            true => Ok(()),
            false => Err(format!("it is {told:?}")),
        }
    },
};

/// SGP.22 §5.3.2, table 26: EID SHALL be returned if bound to this order.
pub const EID: Property = Property {
    says: "eid is that of the eUICC that the order is for",
    verify: |player| {
        let (bound, told) = (player.euicc.eid(), last(player, "eid")?);
        if told == bound { Ok(()) } else { Err(format!("it is {told}, the order is for {bound}")) }
    },
};

/// SGP.22 §5.3.2, table 26.
pub const SMDP_ADDRESS: Property = Property {
    says: "smdpAddress, where it is there, is an address of a server",
    verify: |player| match last(player, "smdpAddress") {
        Err(_) => Ok(()),
        Ok(address) => {
            address.parse::<ServerAddress>().map(drop).map_err(|why| format!("{address:?}: {why}"))
        }
    },
};

/// The profile of the order is what an LPA is offered.
pub const OFFERED_AS_ORDERED: Property = Property {
    says: "the profile that was ordered is offered",
    verify: |player| {
        let offered = session(player)?.offered.as_ref().and_then(|offered| offered.iccid.as_deref());
        let offered = offered.ok_or("no profile was offered")?;
        let ordered = player.between.iccid.as_deref().unwrap_or_default();
        match ordered.parse::<Iccid>() {
            Ok(iccid) if iccid.bytes() == offered => Ok(()),
            _ => Err(format!("it is another than {ordered}: {}", data_encoding::HEXUPPER.encode(offered))),
        }
    },
};

/// SGP.22 §5.3.2: a confirmation code of the operator is asked for.
pub const CODE_IS_ASKED_FOR: Property = Property {
    says: "smdpSigned2 asks for a confirmation code",
    verify: |player| match &session(player)?.offered {
        Some(offered) if offered.cc_required => Ok(()),
        Some(_) => Err("ccRequiredFlag is FALSE".to_owned()),
        None => Err("no profile was offered".to_owned()),
    },
};

/// SGP.22 §5.3.2: and none where the operator gave none.
pub const NO_CODE_IS_ASKED_FOR: Property = Property {
    says: "smdpSigned2 asks for no confirmation code",
    verify: |player| match &session(player)?.offered {
        Some(offered) if offered.cc_required => Err("ccRequiredFlag is TRUE".to_owned()),
        Some(_) => Ok(()),
        None => Err("no profile was offered".to_owned()),
    },
};

/// SGP.22 §5.3.3, §5.3.4: no additional output data.
pub const HEADER_ALONE: Property = Property {
    says: "the answer has its header, and no matchingId and no eid",
    verify: |player| {
        let members = answer(player)?;
        match ["matchingId", "eid"].iter().find(|name| members.json().contains_key(**name)) {
            None => Ok(()),
            Some(name) => Err(format!("it has {name}")),
        }
    },
};

fn answer<'p>(player: &'p Player<'_>) -> Result<&'p Members, String> {
    player.last().ok_or("nothing was called")?.1.members()
}

fn last(player: &Player<'_>, name: &str) -> Result<String, String> {
    answer(player)?.text(name).map(str::to_owned)
}

/// A member of every answer of a function, in order.
fn all(player: &Player<'_>, function: Es2Plus, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for exchange in &player.exchanges {
        let Message { function: called, .. } = &exchange.message;
        if let (true, Told::Executed(members)) =
            (*called == Function::Es2Plus(function), &exchange.answer.told)
        {
            found.extend(members.text(name).ok().map(str::to_owned));
        }
    }
    found
}

fn without_filler(iccid: &str) -> &str {
    iccid.strip_suffix('F').unwrap_or(iccid)
}

/// SGP.22 §5.2.1: with and without the filler it is the same profile.
pub(super) fn same_iccid(expected: &str, actual: &str) -> Result<(), String> {
    match without_filler(expected) == without_filler(actual) {
        true => Ok(()),
        false => Err(format!("it is {actual}, not {expected}")),
    }
}
