//! What is told of each call of an interface: in the metrics, on every line of the log, and in the trace.

use std::future::Future;
use std::time::Instant;

use asn1::TransactionId;
use protocol::status::{Fault, Refusal, StatusCode};
use protocol::trace::Tracer;
use protocol::types::Eid;
use tracing::Span;
use tracing::field::display;

use crate::metrics::{CallMetrics, FunctionName};

/// Carries out one call: counted, timed, and its end told in one line of the log.
///
/// # Errors
/// Those of the call.
pub async fn observed<T>(
    metrics: &(impl AsRef<CallMetrics> + ?Sized),
    function: impl Into<FunctionName>,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let (metrics, begun) = (metrics.as_ref(), Instant::now());
    let outcome = work.await;
    let refusal = outcome.as_ref().err();
    metrics.count_call(function.into(), refusal.map(|refusal| refusal.code), begun.elapsed());
    match refusal {
        None => tracing::info!("ok"),
        // What a peer wrote may stand in the message, so it is quoted.
        Some(Refusal { code, fault: fault @ (Fault::OurConfiguration | Fault::OurStorage), message }) => {
            tracing::error!(%code, ?fault, ?message);
        }
        Some(Refusal { code, fault, message }) => tracing::warn!(%code, ?fault, ?message),
    }
    // Busy is the store's answer too, but the store is well then.
    if refusal.is_some_and(|it| it.fault == Fault::OurStorage && it.code != StatusCode::BUSY) {
        metrics.count_store_error();
    }
    outcome
}

/// Ties what follows of a call to a session: in the field `transaction_id` of its span, and in the trace.
pub fn of_transaction(tracer: &Tracer, transaction_id: &TransactionId) -> Tracer {
    Span::current().record("transaction_id", display(transaction_id));
    tracer.with_transaction(transaction_id)
}

/// Ties what follows of a call to an eUICC: in the field `eid` of its span, and in the trace.
pub fn of_eid(tracer: &Tracer, eid: &Eid) -> Tracer {
    Span::current().record("eid", display(eid));
    tracer.with_eid(eid)
}
