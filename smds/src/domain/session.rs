//! An RSP session as the store keeps it.

use asn1::TransactionId;
use protocol::clock::Timestamp;
use protocol::mutual_authentication::Opened;

/// One RSP session between InitiateAuthentication and AuthenticateClient. The second ends it, whatever comes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRecord {
    /// Its name.
    pub transaction_id: TransactionId,
    /// When InitiateAuthentication was answered.
    pub started: Timestamp,
    /// What the procedure remembers.
    pub opened: Opened,
}

impl SessionRecord {
    /// Whether it is too old for another message.
    pub fn has_lapsed(&self, now: Timestamp, lifetime_seconds: i64) -> bool {
        now > self.started.plus_seconds(lifetime_seconds)
    }
}
