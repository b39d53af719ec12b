//! The list of notifications (SGP.22 §5.7.9 to §5.7.11).

use rasn::{AsnType, Decode, Decoder, Encode, Encoder};

use crate::types::{
    DeleteNotificationStatus, ListNotificationError, NotificationEvent, NotificationMetadata,
    NotificationsListError, PendingNotification,
};
use crate::{Raw, Unknown};

/// `ListNotificationRequest` `BF28` (SGP.22 §5.7.9).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 40))]
pub struct ListNotificationRequest {
    /// `profileManagementOperation`: a filter; without it everything.
    #[rasn(tag(1))]
    pub profile_management_operation: Option<NotificationEvent>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `ListNotificationResponse` `BF28` (SGP.22 §5.7.9).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 40)))]
pub enum ListNotificationResponse {
    /// `notificationMetadataList`.
    #[rasn(tag(0))]
    NotificationMetadataList(Vec<NotificationMetadata>),
    /// `listNotificationsResultError`.
    #[rasn(tag(1))]
    ListNotificationsResultError(ListNotificationError),
}

/// `RetrieveNotificationsListRequest` `BF2B` (SGP.22 §5.7.10).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 43))]
pub struct RetrieveNotificationsListRequest {
    /// `searchCriteria`: without it everything. Automatic tagging puts it behind `A0`.
    #[rasn(tag(explicit(0)))]
    pub search_criteria: Option<NotificationSearchCriteria>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `searchCriteria` of RetrieveNotificationsList.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum NotificationSearchCriteria {
    /// `seqNumber`.
    #[rasn(tag(0))]
    SeqNumber(u64),
    /// `profileManagementOperation`.
    #[rasn(tag(1))]
    ProfileManagementOperation(NotificationEvent),
}

/// `RetrieveNotificationsListResponse` `BF2B` (SGP.22 §5.7.10).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 43)))]
pub enum RetrieveNotificationsListResponse {
    /// `notificationList`.
    #[rasn(tag(0))]
    NotificationList(Vec<Raw<PendingNotification>>),
    /// `notificationsListResultError`.
    #[rasn(tag(1))]
    NotificationsListResultError(NotificationsListError),
}

/// `NotificationSentRequest` `BF30`, of RemoveNotificationFromList (SGP.22 §5.7.11).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 48))]
pub struct NotificationSentRequest {
    /// `seqNumber`.
    #[rasn(tag(0))]
    pub seq_number: u64,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `NotificationSentResponse` `BF30` (SGP.22 §5.7.11).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 48))]
pub struct NotificationSentResponse {
    /// `deleteNotificationStatus`.
    #[rasn(tag(0))]
    pub delete_notification_status: DeleteNotificationStatus,
    /// Members of later versions.
    pub unknown: Unknown,
}
