//! Delivering notifications (SGP.22 §3.5).

use asn1::{FinalResult, PendingNotification, Raw};
use tokio::task::JoinSet;

use super::Broken;
use crate::lpa::defects::Defect;

impl Broken {
    pub(super) async fn deliver(&mut self) {
        let mut pending = Self::isd_r(&mut self.card).retrieve_notifications_list(None).unwrap();
        pending.sort_by_key(|notification| notification.metadata().seq_number);
        if self.has(Defect::SendsNewestFirst) {
            pending.reverse();
        }
        if self.has(Defect::SendsAllAtOnce) {
            return self.all_at_once(pending).await;
        }
        let first = pending.first().map(|first| first.metadata().notification_address.clone());
        let mut failed: Vec<String> = Vec::new();
        for notification in pending {
            let metadata = notification.metadata();
            let address = match self.has(Defect::SendsAllToOne) {
                true => first.clone().unwrap(),
                false => metadata.notification_address.clone(),
            };
            if failed.contains(&address) || self.has(Defect::StopsAtFirstServer) && !failed.is_empty() {
                continue;
            }
            let hidden = self.has(Defect::HidesFailures) && is_failure(&notification);
            let acknowledged = hidden || self.http.notify(&address, &self.sent(&notification)).await;
            if !acknowledged {
                failed.push(address);
            }
            if (acknowledged || self.has(Defect::RemovesAnyway)) && !self.has(Defect::NeverRemoves) {
                let number = metadata.seq_number;
                Self::isd_r(&mut self.card).remove_notification_from_list(number).unwrap();
            }
        }
    }

    fn sent(&self, notification: &Raw<PendingNotification>) -> Vec<u8> {
        let mut bytes = notification.bytes().to_vec();
        if self.has(Defect::ChangesNotifications) {
            // The last bit of the signature.
            *bytes.last_mut().unwrap() ^= 1;
        }
        bytes
    }

    async fn all_at_once(&mut self, pending: Vec<Raw<PendingNotification>>) {
        let mut sending = JoinSet::new();
        for notification in pending {
            let address = notification.metadata().notification_address.clone();
            let http = self.http.clone();
            sending.spawn(async move { http.notify(&address, notification.bytes()).await });
        }
        sending.join_all().await;
    }
}

fn is_failure(notification: &Raw<PendingNotification>) -> bool {
    match notification.value() {
        PendingNotification::ProfileInstallationResult(result) => {
            matches!(result.profile_installation_result_data.final_result, FinalResult::ErrorResult(_))
        }
        PendingNotification::OtherSignedNotification(_) => false,
    }
}
