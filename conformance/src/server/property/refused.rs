//! Of an answer that refuses: how it travels, besides that it refuses.

use super::binding;
use crate::server::expected::Property;
use crate::server::message::Told;
use crate::server::play::Player;

/// SGP.22 §6.2.
pub const WITH_ADMIN_PROTOCOL: Property = Property {
    says: "it is refused, and the answer has X-Admin-Protocol: gsma/rsp/v<x.y.z>",
    verify: |player| refused(player).and_then(|()| (binding::ADMIN_PROTOCOL.verify)(player)),
};

/// SGP.22 §6.3.
pub const WITH_200: Property = Property {
    says: "it is refused, and the HTTP status is 200",
    verify: |player| refused(player).and_then(|()| (binding::STATUS_200.verify)(player)),
};

fn refused(player: &Player<'_>) -> Result<(), String> {
    match &player.last().ok_or("nothing was called")?.1.told {
        Told::Refused { .. } | Told::RefusedWithoutCode(_) | Told::Error(_) => Ok(()),
        other => Err(other.to_string()),
    }
}
