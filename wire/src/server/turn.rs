//! Taking turns for the processors.

use std::future::poll_fn;
use std::task::Poll;

/// Lets what is ready now on this worker of the runtime go first: whoever wakes itself goes to the end of the line. Without it a
/// request would be worked on as soon as it was read, and what waits would wait unseen, in connections that are not read.
///
/// How long that takes tells that there is a line, not how long it is: each worker has one of 256, and what overflows waits in
/// one that all share.
pub(super) async fn turn() {
    let mut asked = false;
    poll_fn(|context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[tokio::test]
    async fn what_was_ready_before_goes_first() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |name: &'static str| {
            let order = order.clone();
            move || order.lock().unwrap().push(name)
        };
        let (late, early) = (note("took its turn"), note("was ready"));
        let late = tokio::spawn(async move {
            turn().await;
            late();
        });
        let early = tokio::spawn(async move { early() });
        late.await.unwrap();
        early.await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["was ready", "took its turn"]);
    }
}
