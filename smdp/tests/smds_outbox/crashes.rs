//! A process that dies between a call and its note, or is stopped.

use std::sync::Arc;

use protocol::es12::Function;
use smdp::domain::SmdsEventStage::{Deleted, Deleting, Registered, Registering};
use smdp::store::Store;

use super::world::{cancel, event_id, node, release, stage_of, until};
use crate::common::smds::{GONE, Line, Smds, THERE, Worker, until_all_are};

/// Both calls, before and after they were executed.
pub async fn a_worker_that_dies_in_a_call_leaves_nothing_behind<S: Store>(store: Arc<S>) {
    for (number, line) in [(1, Line::Hangs), (2, Line::ExecutedAndHangs)] {
        let (server, smds) = (node(&store, number.into()), Smds::on(line));
        let calls = |function| smds.calls(function);
        let worker = Worker::of(&server, &smds);
        release(&server, number).await;
        until(|| calls(Function::RegisterEvent) == 1).await;
        drop(worker);
        assert_eq!(stage_of(&server, number).await, Some(Registering));

        // The next one waits for the end of the lease.
        smds.becomes(Line::Well);
        let worker = Worker::of(&server, &smds);
        server.clock.advance_seconds(59);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert_eq!(calls(Function::RegisterEvent), 1);
        until_all_are(&server, &[Registered, Deleted], 1).await;
        assert_eq!((smds.record(&event_id(number)), calls(Function::RegisterEvent)), (THERE, 2));

        smds.becomes(line);
        cancel(&server, number).await;
        until(|| calls(Function::DeleteEvent) == 1).await;
        drop(worker);
        assert_eq!(stage_of(&server, number).await, Some(Deleting));
        smds.becomes(Line::Well);
        let _worker = Worker::of(&server, &smds);
        until_all_are(&server, &[Deleted], 1).await;
        assert_eq!((smds.record(&event_id(number)), calls(Function::DeleteEvent)), (GONE, 2));
    }
}

pub async fn a_worker_that_is_stopped_finishes_what_is_under_way<S: Store>(store: Arc<S>) {
    let (server, smds) = (node(&store, 1), Smds::on(Line::Held));
    let worker = Worker::of(&server, &smds);
    release(&server, 1).await;
    until(|| smds.calls(Function::RegisterEvent) == 1).await;
    smds.let_go();
    worker.stop().await;
    assert_eq!(stage_of(&server, 1).await, Some(Registered));
    // It takes up nothing more.
    cancel(&server, 1).await;
    assert_eq!((stage_of(&server, 1).await, smds.calls(Function::DeleteEvent)), (Some(Deleting), 0));
}
