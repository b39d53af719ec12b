use wire::server::{Limits, Overload};

use crate::support::{BEGIN, Gated, Running};

fn room_for(connections: usize) -> Limits {
    Limits { connections, ..Limits::default() }
}

#[tokio::test]
async fn one_connection_too_many_gets_the_place_of_one_that_says_nothing_and_not_of_one_that_was_answered() {
    let service = Gated::shut();
    service.open();
    let server = Running::start(service.clone(), room_for(2)).await;
    let (mut served, mut silent) = (server.connect().await, server.connect().await);
    served.ask(BEGIN).await;
    assert_eq!(served.status().await, 200);
    let mut third = server.ask(BEGIN).await;
    silent.is_closed().await;
    assert_eq!(third.status().await, 200);
    served.ask(BEGIN).await;
    assert_eq!(served.status().await, 200);
    assert_eq!(service.told(), [Overload::Connection]);
}

#[tokio::test]
async fn a_connection_with_a_request_in_work_keeps_its_place() {
    let service = Gated::shut();
    let server = Running::start(service.clone(), room_for(1)).await;
    let mut first = server.ask(BEGIN).await;
    service.begun().await;
    let mut second = server.ask(BEGIN).await;
    let waiting = tokio::spawn(async move {
        let status = second.status().await;
        (status, second)
    });
    // Longer than anyone keeps a place without a request.
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert!(!waiting.is_finished());
    assert_eq!(service.told(), []);
    service.open();
    assert_eq!(first.status().await, 200);
    drop(first);
    assert_eq!(waiting.await.unwrap().0, 200);
    assert_eq!(service.told(), []);
}
