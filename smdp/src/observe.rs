//! What of a call is told only by an SM-DP+; the rest is `service::observe`.

use protocol::trace::Tracer;
use tracing::Span;
use tracing::field::display;

use crate::domain::OrderId;

/// Ties what follows of a call to an order.
pub(crate) fn of_order(tracer: &Tracer, order: OrderId) -> Tracer {
    Span::current().record("order", display(order));
    tracer.with_order(&order)
}
