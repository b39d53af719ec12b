//! An SM-DS that is not there, or not all the time.

use std::sync::Arc;
use std::time::Duration;

use protocol::es12::Function;
use protocol::status::StatusCode;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use smdp::domain::SmdsEventStage::{Deleted, Registered};
use smdp::store::Store;

use super::world::{OTHER, assert_each_once, cancel, event_id, node, release, release_at, stage_of, until};
use crate::common::smds::{GONE, Line, Record, Smds, THERE, Worker, events, until_all_are};

pub async fn an_smds_that_is_down_for_ten_minutes_misses_nothing<S: Store>(store: Arc<S>) {
    let (server, smds) = (node(&store, 1), Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    for number in 1..=10 {
        release(&server, number).await;
    }
    until_all_are(&server, &[Registered], 1).await;
    smds.becomes(Line::Down);
    // Five of those that it knows end, ten come, and five of these end again.
    for number in 1..=5 {
        cancel(&server, number).await;
    }
    for number in 11..=20 {
        release(&server, number).await;
    }
    for _ in 0..120 {
        server.clock.advance_seconds(5);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for number in 11..=15 {
        cancel(&server, number).await;
    }
    let tried = smds.calls(Function::RegisterEvent) + smds.calls(Function::DeleteEvent);
    assert!(tried < 10 + 100, "{tried} calls in ten minutes to an SM-DS that is down");
    smds.becomes(Line::Well);
    until_all_are(&server, &[Registered, Deleted], 1).await;
    for number in 1..=20 {
        let expected = match number {
            1..=5 => GONE,
            11..=15 => Record::default(),
            _ => THERE,
        };
        assert_eq!(smds.record(&event_id(number)), expected, "{number}");
    }
    for number in (6..=10).chain(16..=20) {
        cancel(&server, number).await;
    }
    until_all_are(&server, &[Deleted], 1).await;
    let records = smds.records();
    assert_eq!((records.len(), records.iter().all(|record| *record == GONE)), (15, true));
}

/// Everything that a line can do to a call, at random.
fn any_line(rng: &mut ChaCha20Rng) -> Line {
    let lines = [
        Line::Well,
        Line::Down,
        Line::CallLost,
        Line::AnswerLost,
        Line::AnswerLost,
        Line::FailsAfterwards,
        Line::Refuses(StatusCode::BUSY),
        Line::Refuses(StatusCode::SMDS_INACCESSIBLE),
        Line::Refuses(StatusCode::SMDS_EXECUTION_ERROR),
    ];
    lines[rng.next_u32() as usize % lines.len()]
}

fn is_refusal(line: Line) -> bool {
    line == Line::FailsAfterwards || matches!(line, Line::Refuses(code) if code != StatusCode::BUSY)
}

pub async fn an_smds_that_flaps_a_hundred_times_has_each_event_once<S: Store>(store: Arc<S>) {
    let (server, smds) = (node(&store, 1), Smds::on(Line::Down));
    let mut rng = ChaCha20Rng::seed_from_u64(100);
    let _worker = Worker::of(&server, &smds);
    let mut ended = 0;
    for flap in 1..=100u32 {
        if flap % 3 == 0 {
            // What is refused at the first try would be taken back.
            smds.becomes(Line::Down);
            release(&server, flap / 3).await;
        }
        smds.becomes(any_line(&mut rng));
        if flap % 5 == 0 {
            ended += 1;
            cancel(&server, ended).await;
        }
        server.clock.advance_seconds(20);
        tokio::time::sleep(Duration::from_millis(3)).await;
        assert_each_once(&smds);
    }
    smds.becomes(Line::Well);
    until_all_are(&server, &[Registered, Deleted], 30).await;
    for number in 1..=33 {
        let record = smds.record(&event_id(number));
        // What ended before it was ever registered need not have been.
        let expected = if number > ended { record == THERE } else { record.registered == record.deleted };
        assert!(expected && record.registered <= 1, "{number}: {record:?}");
    }
    for number in ended + 1..=33 {
        cancel(&server, number).await;
    }
    until_all_are(&server, &[Deleted], 30).await;
    assert_each_once(&smds);
    assert!(smds.records().iter().all(|record| record.registered == record.deleted));
}

pub async fn a_dead_smds_keeps_no_other_waiting<S: Store>(store: Arc<S>) {
    let (server, smds) = (node(&store, 1), Smds::on(Line::Well));
    smds.at(OTHER, Line::Hangs);
    let _worker = Worker::of(&server, &smds);
    for number in 1..=40 {
        release_at(&server, number, OTHER).await;
    }
    for number in 41..=60 {
        release(&server, number).await;
    }
    until(|| smds.records().len() == 20).await;
    // Of those that hang, a few only are under way.
    let hanging = smds.calls(Function::RegisterEvent) - 20;
    assert!((1..8).contains(&hanging), "{hanging}");
}

pub async fn two_nodes_tell_each_event_once<S: Store>(store: Arc<S>) {
    const ORDERS: u32 = 40;
    let (one, other, smds) = (node(&store, 1), node(&store, 2), Smds::on(Line::Well));
    let _workers = [Worker::of(&one, &smds), Worker::of(&other, &smds)];
    for number in 1..=ORDERS {
        release(if number % 2 == 0 { &one } else { &other }, number).await;
    }
    until_all_are(&one, &[Registered], 0).await;
    for number in 1..=ORDERS {
        cancel(if number % 3 == 0 { &one } else { &other }, number).await;
    }
    until_all_are(&one, &[Deleted], 0).await;
    assert_eq!(smds.records(), [GONE; ORDERS as usize]);
    // Nobody told what another was telling.
    assert_eq!(smds.calls(Function::RegisterEvent), ORDERS as usize);
    assert_eq!(smds.calls(Function::DeleteEvent), ORDERS as usize);
    for event in events(&*store).await {
        assert_eq!(event.attempts, 2);
    }
}

pub async fn two_nodes_and_a_line_that_loses_answers_end_with_each_event_once<S: Store>(store: Arc<S>) {
    let (one, other, smds) = (node(&store, 1), node(&store, 2), Smds::on(Line::Well));
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let passing = std::iter::repeat_with(|| any_line(&mut rng)).filter(|line| !is_refusal(*line));
    smds.next(passing.take(200));
    let _workers = [Worker::of(&one, &smds), Worker::of(&other, &smds)];
    for number in 1..=30 {
        release(&one, number).await;
        if number % 2 == 0 {
            cancel(&other, number).await;
        }
    }
    for _ in 0..3_000 {
        for server in [&one, &other] {
            server.clock.advance_seconds(20);
        }
        if events(&*store).await.iter().all(|event| matches!(event.stage, Registered | Deleted)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for number in 1..=30 {
        let record = smds.record(&event_id(number));
        match stage_of(&one, number).await {
            Some(Registered) => assert_eq!((record, number % 2), (THERE, 1), "{number}"),
            Some(Deleted) => assert_eq!((record.registered == record.deleted, number % 2), (true, 0)),
            None => assert_eq!((record, number % 2), (Record::default(), 0), "{number}"),
            other => panic!("{number}: {other:?}"),
        }
    }
    assert_each_once(&smds);
}
