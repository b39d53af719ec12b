use wire::server::Overload::Request;
use wire::server::Urgency::{Begins, GoesOn};

use crate::support::{BEGIN, Connection, GO_ON, Gated, Running, at_most};

/// A server in which so many requests are in work and do not get on, and their connections.
async fn busy_with(number: usize, most: usize) -> (Running, Gated, Vec<Connection>) {
    let service = Gated::shut();
    let server = Running::start(service.clone(), at_most(most)).await;
    let mut begun = Vec::new();
    for n in 0..number {
        begun.push(server.ask(if n < most { BEGIN } else { GO_ON }).await);
        service.begun().await;
    }
    (server, service, begun)
}

#[tokio::test]
async fn what_is_new_is_refused_while_the_server_is_busy_and_what_has_begun_goes_on() {
    let (server, service, mut begun) = busy_with(2, 2).await;
    let mut late = server.ask(BEGIN).await;
    let refused = late.answer().await;
    assert!(refused.starts_with("http/1.1 503"), "{refused}");
    let seconds = refused.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
    assert!((1..=5).contains(&seconds.parse::<u64>().unwrap()), "{refused}");
    assert!(refused.contains("x-admin-protocol: gsma/rsp/v2.2.2"), "{refused}");
    assert!(refused.contains("content-type: text/plain"), "{refused}");

    // On the same connection: it was read to its end.
    late.ask(GO_ON).await;
    service.begun().await;
    begun.push(late);
    service.open();
    for connection in &mut begun {
        assert_eq!(connection.status().await, 200);
    }
    assert_eq!(service.told(), [Request(Begins)]);
}

#[tokio::test]
async fn when_there_is_room_again_what_is_new_is_begun_again() {
    let (server, service, mut begun) = busy_with(1, 1).await;
    let mut late = server.ask(BEGIN).await;
    assert_eq!(late.status().await, 503);
    service.open();
    assert_eq!(begun[0].status().await, 200);
    late.ask(BEGIN).await;
    assert_eq!(late.status().await, 200);
}

#[tokio::test]
async fn what_has_begun_is_refused_too_when_four_times_as_much_is_in_work() {
    let (server, service, _begun) = busy_with(8, 2).await;
    for (path, urgency) in [(GO_ON, GoesOn), (BEGIN, Begins)] {
        assert_eq!(server.ask(path).await.status().await, 503);
        assert_eq!(service.told().last(), Some(&Request(urgency)));
    }
}

#[tokio::test]
async fn without_a_limit_nothing_is_refused() {
    let service = Gated::shut();
    let server = Running::start(service.clone(), at_most(0)).await;
    let mut begun = Vec::new();
    for _ in 0..100 {
        begun.push(server.ask(BEGIN).await);
        service.begun().await;
    }
    service.open();
    for connection in &mut begun {
        assert_eq!(connection.status().await, 200);
    }
    assert_eq!(service.told(), []);
}

#[tokio::test]
async fn work_whose_peer_has_gone_is_in_work_still() {
    let (server, service, begun) = busy_with(1, 1).await;
    drop(begun);
    // The server has seen that it is gone when it has closed its side too: this answer comes after that or before it.
    for _ in 0..10 {
        assert_eq!(server.ask(BEGIN).await.status().await, 503);
    }
    service.open();
    let mut connection = server.connect().await;
    loop {
        connection.ask(BEGIN).await;
        if connection.status().await == 200 {
            break;
        }
    }
}
