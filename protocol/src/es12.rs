//! ES12, the interface between SM-DP+ and SM-DS (SGP.22 §5.9), and ES15 between two SM-DSs, which is the same (§5.10); free
//! of any binding.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use certs::Oid;

use crate::function_call::Call;
use crate::status::Refusal;
use crate::types::{Eid, EventId, ServerAddress};

/// The functions of ES12 and ES15.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Function {
    /// SGP.22 §5.9.1.
    RegisterEvent,
    /// SGP.22 §5.9.2.
    DeleteEvent,
}

impl Function {
    /// Both.
    pub const ALL: [Self; 2] = [Self::RegisterEvent, Self::DeleteEvent];

    /// The name in the specification and the last element of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RegisterEvent => "registerEvent",
            Self::DeleteEvent => "deleteEvent",
        }
    }

    /// The path; ES12 and ES15 have the JSON binding only, at the same paths (SGP.22 §6, §6.5.2).
    pub const fn json_path(self) -> &'static str {
        match self {
            Self::RegisterEvent => "/gsma/rsp2/es12/registerEvent",
            Self::DeleteEvent => "/gsma/rsp2/es12/deleteEvent",
        }
    }
}

/// Who calls, as its TLS certificate says (SGP.22 §5.9.1). Event records belong to the OID.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// The registeredID in the subjectAltName of its certificate.
    pub oid: Oid,
    /// What it is, by the certificate policies.
    pub kind: CallerKind,
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.oid)
    }
}

/// What a caller is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CallerKind {
    /// CERT.DP.TLS: an SM-DP+, on ES12.
    Smdp,
    /// CERT.DS.TLS: an Alternative SM-DS, on ES15. For it the called SM-DS is the Root.
    Smds,
}

impl fmt::Display for CallerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smdp => "SM-DP+",
            Self::Smds => "SM-DS",
        })
    }
}

/// Input of RegisterEvent (SGP.22 §5.9.1, table 53).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterEvent {
    /// The eUICC.
    pub eid: Eid,
    /// Where the event is to be processed: an SM-DP+, or an Alternative SM-DS.
    pub rsp_server_address: ServerAddress,
    /// The caller's name for the event.
    pub event_id: EventId,
    /// Whether an Alternative SM-DS is to register it at the Root SM-DS too.
    pub forwarding_indicator: bool,
}

/// Input of DeleteEvent (SGP.22 §5.9.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeleteEvent {
    /// The eUICC.
    pub eid: Eid,
    /// The caller's name for the event.
    pub event_id: EventId,
}

/// The functions that an SM-DS offers to SM-DP+s and other SM-DSs.
pub trait Es12: Send + Sync {
    /// Registers an event record (SGP.22 §5.9.1, §5.10.1).
    fn register_event(
        &self,
        caller: &Caller,
        call: Call<RegisterEvent>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Deletes an event record (SGP.22 §5.9.2, §5.10.2).
    fn delete_event(
        &self,
        caller: &Caller,
        call: Call<DeleteEvent>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// Several ports and tasks share one server.
impl<T: Es12> Es12 for Arc<T> {
    async fn register_event(&self, caller: &Caller, call: Call<RegisterEvent>) -> Result<(), Refusal> {
        T::register_event(self, caller, call).await
    }

    async fn delete_event(&self, caller: &Caller, call: Call<DeleteEvent>) -> Result<(), Refusal> {
        T::delete_event(self, caller, call).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_the_last_element_of_its_path() {
        for function in Function::ALL {
            assert_eq!(function.json_path(), format!("/gsma/rsp2/es12/{}", function.name()));
        }
    }
}
