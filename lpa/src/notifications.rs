//! Delivering what the eUICC has to tell to those who want to hear it (SGP.22 §3.5).

use std::collections::VecDeque;
use std::fmt::Debug;

use asn1::{
    DeleteNotificationStatus, HandleNotification, NotificationMetadata, PendingNotification, Raw, Unknown,
};
use protocol::es9plus::Es9Plus;
use thiserror::Error;

use crate::card::Card;
use crate::error::EuiccError;
use crate::isd_r::IsdR;

/// What became of the pending notifications. `E` is what the client of a server fails with.
#[derive(Debug)]
pub struct Report<E> {
    /// Acknowledged, and removed from the eUICC.
    pub delivered: Vec<NotificationMetadata>,
    /// Servers that could not be told; their notifications from the first one on are still in the eUICC.
    pub undelivered: Vec<Undelivered<E>>,
}

/// A server that could not be told.
#[derive(Debug)]
pub struct Undelivered<E> {
    /// Its address.
    pub notification_address: String,
    /// The sequence numbers of what it was not told, lowest first.
    pub seq_numbers: Vec<u64>,
    /// Why not.
    pub error: E,
}

/// The eUICC failed in the middle. What it still holds may be sent a second time, which its sequence number shows
/// (SGP.22 §3.5).
#[derive(Debug, Error)]
#[error("{error}")]
pub struct Interrupted<E: Debug> {
    /// What became of the notifications until then.
    pub report: Report<E>,
    /// What a server has acknowledged and the eUICC did not remove.
    pub not_removed: Option<NotificationMetadata>,
    /// What happened to the eUICC.
    #[source]
    pub error: EuiccError,
}

/// The notifications that wait in the eUICC.
///
/// # Errors
/// [`EuiccError`].
pub fn list<C: Card>(isd_r: &mut IsdR<C>) -> Result<Vec<NotificationMetadata>, EuiccError> {
    isd_r.list_notification()
}

/// Sends every pending notification to its server, for each server in the order of the sequence numbers, and removes
/// it from the eUICC once it is acknowledged. `connect` makes a client for a notificationAddress.
///
/// A server that fails keeps its notifications waiting; the others get theirs.
///
/// # Errors
/// [`Interrupted`] where the eUICC fails, with the report until then.
pub async fn process<C, S, E>(
    isd_r: &mut IsdR<C>,
    mut connect: impl FnMut(&str) -> Result<S, E>,
) -> Result<Report<E>, Box<Interrupted<E>>>
where
    C: Card,
    S: Es9Plus,
    E: From<S::Error> + Debug,
{
    let mut report = Report { delivered: Vec::new(), undelivered: Vec::new() };
    let pending = match isd_r.retrieve_notifications_list(None) {
        Ok(pending) => pending,
        Err(error) => return Err(Box::new(Interrupted { report, not_removed: None, error })),
    };
    for Group { notification_address, mut waiting } in groups(pending) {
        let error = match connect(&notification_address) {
            Ok(server) => match deliver(isd_r, &server, &mut waiting, &mut report.delivered).await {
                Ok(()) => None,
                Err(Stopped::Server(error)) => Some(E::from(error)),
                Err(Stopped::Euicc(error)) => {
                    let not_removed = waiting.front().map(|notification| notification.metadata().clone());
                    return Err(Box::new(Interrupted { report, not_removed, error }));
                }
            },
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            let seq_numbers = waiting.iter().map(|notification| notification.metadata().seq_number).collect();
            report.undelivered.push(Undelivered { notification_address, seq_numbers, error });
        }
    }
    Ok(report)
}

/// Why one server got no more.
enum Stopped<E> {
    /// It failed.
    Server(E),
    /// The eUICC failed to remove what the server had acknowledged: the first that waits.
    Euicc(EuiccError),
}

/// Sends what waits for one server until there is nothing left, or the server fails.
async fn deliver<C: Card, S: Es9Plus>(
    isd_r: &mut IsdR<C>,
    server: &S,
    waiting: &mut VecDeque<Raw<PendingNotification>>,
    delivered: &mut Vec<NotificationMetadata>,
) -> Result<(), Stopped<S::Error>> {
    while let Some(notification) = waiting.front() {
        let metadata = notification.metadata().clone();
        // What the eUICC signed goes out as it came (SGP.22 §5.6.4).
        let request =
            HandleNotification { pending_notification: notification.clone(), unknown: Unknown::none() };
        server.handle_notification(request).await.map_err(Stopped::Server)?;
        // SGP.22 §3.5: removed only after the server has acknowledged it.
        remove(isd_r, metadata.seq_number).map_err(Stopped::Euicc)?;
        waiting.pop_front();
        delivered.push(metadata);
    }
    Ok(())
}

fn remove<C: Card>(isd_r: &mut IsdR<C>, seq_number: u64) -> Result<(), EuiccError> {
    match isd_r.remove_notification_from_list(seq_number)? {
        DeleteNotificationStatus::OK | DeleteNotificationStatus::NOTHING_TO_DELETE => Ok(()),
        other => Err(EuiccError::refused("ES10b.RemoveNotificationFromList", other)),
    }
}

/// What waits for one server, lowest sequence number first.
struct Group {
    notification_address: String,
    waiting: VecDeque<Raw<PendingNotification>>,
}

/// SGP.22 §3.5: sorted by sequence number and grouped by server, whose name is not case sensitive.
fn groups(mut pending: Vec<Raw<PendingNotification>>) -> Vec<Group> {
    pending.sort_by_key(|notification| notification.metadata().seq_number);
    let mut groups: Vec<Group> = Vec::new();
    for notification in pending {
        let address = &notification.metadata().notification_address;
        match groups.iter_mut().find(|group| group.notification_address.eq_ignore_ascii_case(address)) {
            Some(group) => group.waiting.push_back(notification),
            None => {
                let notification_address = address.clone();
                groups.push(Group { notification_address, waiting: VecDeque::from([notification]) });
            }
        }
    }
    groups
}
