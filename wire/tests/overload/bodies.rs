use wire::server::{Limits, Overload};

use crate::support::{BEGIN, Gated, Running};

const KIB: usize = 1024;

#[tokio::test]
async fn a_long_body_is_refused_while_those_of_others_take_up_all_room_and_a_short_one_is_not() {
    let service = Gated::shut();
    // Of each long body 8 KiB count.
    let limits = Limits { body: 16 * KIB, bodies: 16 * KIB, ..Limits::default() };
    let server = Running::start(service.clone(), limits).await;
    let long = "x".repeat(16 * KIB);
    let mut begun = Vec::new();
    for body in [&long, &long, "{}"] {
        let mut connection = server.connect().await;
        connection.ask_with(BEGIN, body).await;
        service.begun().await;
        begun.push(connection);
    }

    let mut late = server.connect().await;
    late.ask_with(BEGIN, &long).await;
    let said = late.rest().await;
    // What is sent after the answer may reset the connection before the answer is read.
    let refused = said.starts_with("http/1.1 503") && said.contains("connection: close");
    assert!(said.is_empty() || refused, "{said}");
    assert_eq!(service.told(), [Overload::Body]);

    service.open();
    for connection in &mut begun {
        assert_eq!(connection.status().await, 200);
    }
    // What was answered takes up no room.
    let mut connection = server.connect().await;
    connection.ask_with(BEGIN, &long).await;
    assert_eq!(connection.status().await, 200);
    assert_eq!(service.told(), [Overload::Body]);
}
