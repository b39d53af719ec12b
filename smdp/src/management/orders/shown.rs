//! What is shown of an order: not its confirmation code, nor the hash of it.

use protocol::activation_code::ActivationCode;
use protocol::types::ServerAddress;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{HappeningRecord, Order, ProfileState, SmdsEvent};
use crate::management::events::EventItem;
use crate::management::names::StateName;
use crate::management::smds_events::SmdsEventItem;

/// Some of the orders.
#[derive(Serialize, ToSchema)]
pub(in crate::management) struct OrderList {
    pub orders: Vec<OrderItem>,
    /// `after` of the next list; null where this is the last.
    pub next: Option<i64>,
}

/// An order.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub(in crate::management) struct OrderItem {
    /// Its number.
    id: i64,
    #[schema(example = "89882119900000000014")]
    iccid: String,
    operator: Option<String>,
    profile_type: String,
    /// Available or Unavailable once it was cancelled.
    state: StateName,
    /// null in the default SM-DP+ use case, and until it is confirmed.
    matching_id: Option<String>,
    /// The eUICC, once it is known.
    eid: Option<String>,
    /// Whether the user has to enter a code.
    confirmation_code_required: bool,
    /// Where an event waits for the eUICC.
    smds_address: Option<String>,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    expires: Option<String>,
    #[schema(format = DateTime)]
    created: String,
    /// How often it was tried.
    download_attempts: u32,
    /// How often the confirmation code was wrong.
    confirmation_code_attempts: u32,
}

impl From<&Order> for OrderItem {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id.0,
            iccid: order.iccid.to_string(),
            operator: order.operator.clone(),
            profile_type: order.profile_type.clone(),
            state: StateName(order.state),
            matching_id: order.matching_id.as_ref().map(ToString::to_string),
            eid: order.eid.map(|eid| eid.to_string()),
            confirmation_code_required: order.confirmation_code.is_some(),
            smds_address: order.smds_address.as_ref().map(ToString::to_string),
            expires: order.expires.map(|expires| expires.to_string()),
            created: order.created.to_string(),
            download_attempts: order.download_attempts,
            confirmation_code_attempts: order.confirmation_code_attempts,
        }
    }
}

/// An order with its activation code and its history.
#[derive(Serialize, ToSchema)]
pub(in crate::management) struct OrderDetail {
    #[serde(flatten)]
    order: OrderItem,
    /// What a user enters (SGP.22 §4.1); null until the order is confirmed, and after it was cancelled.
    #[schema(example = "LPA:1$smdp.example.com$AB-12")]
    activation_code: Option<String>,
    /// Its event at the SM-DS; null where it names none, and until it is released.
    smds_event: Option<SmdsEventItem>,
    /// What happened to it, at most the first thousand events.
    history: Vec<EventItem>,
}

impl OrderDetail {
    pub fn of(
        order: &Order,
        event: Option<SmdsEvent>,
        history: Vec<HappeningRecord>,
        address: &ServerAddress,
    ) -> Self {
        Self {
            order: order.into(),
            activation_code: activation_code(order, address).map(|code| code.to_string()),
            smds_event: event.map(Into::into),
            history: history.into_iter().map(Into::into).collect(),
        }
    }
}

/// SGP.22 §4.1: in the default SM-DP+ use case the token is empty.
fn activation_code(order: &Order, address: &ServerAddress) -> Option<ActivationCode> {
    let confirmed =
        order.state.is_ordered() && !matches!(order.state, ProfileState::Allocated | ProfileState::Linked);
    confirmed.then(|| ActivationCode {
        smdp_address: address.clone(),
        matching_id: order.matching_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        smdp_oid: None,
        confirmation_code_required: order.confirmation_code.is_some(),
    })
}
