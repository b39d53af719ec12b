//! An RSP session as the store keeps it.

use asn1::TransactionId;
use protocol::clock::Timestamp;
use protocol::smdp_session::Stage;

use super::OrderId;

/// One RSP session: what the protocol remembers of it, and the order that it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRecord {
    /// Its name.
    pub transaction_id: TransactionId,
    /// When InitiateAuthentication was answered.
    pub started: Timestamp,
    /// The order, once AuthenticateClient has found one.
    pub order: Option<OrderId>,
    /// How far it has come.
    pub stage: Stage,
    /// Counts the changes, so that of two that race one loses.
    pub version: i64,
}

impl SessionRecord {
    /// A session that begins.
    pub fn begin(transaction_id: TransactionId, started: Timestamp, stage: Stage) -> Self {
        Self { transaction_id, started, order: None, stage, version: 0 }
    }

    /// The same once the store has written it.
    pub fn written(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    /// Whether the result of an installation may still come that only this session knows the key for.
    pub fn awaits_result(&self) -> bool {
        matches!(self.stage, Stage::Delivered(_) | Stage::Postponed(_))
    }

    /// Whether it is too old for another message; notifications are taken all the same.
    pub fn has_lapsed(&self, now: Timestamp, lifetime_seconds: i64) -> bool {
        now > self.started.plus_seconds(lifetime_seconds)
    }
}
