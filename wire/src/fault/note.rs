//! What a handler says of the answer that it does not see.

use std::cell::Cell;
use std::future::Future;

use super::AnswerFault;

tokio::task_local! {
    static NOTED: Cell<Option<AnswerFault>>;
}

/// The answer of the request that is being handled will have this fault. Only [`crate::server::serve`] has handlers heard;
/// elsewhere nothing happens.
pub fn note(fault: AnswerFault) {
    // A handler that is not served has no answer to spoil.
    let _ = NOTED.try_with(|noted| noted.set(Some(fault)));
}

/// A request with a place for what its handler notes.
pub(crate) async fn scope<T>(handling: impl Future<Output = T>) -> T {
    NOTED.scope(Cell::new(None), handling).await
}

/// What was noted, once.
pub(crate) fn take_noted() -> Option<AnswerFault> {
    NOTED.try_with(Cell::take).ok().flatten()
}
