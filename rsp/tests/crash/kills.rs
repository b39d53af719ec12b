//! Kills, and connections to the data base that end, in the middle of everything.

use rand_core::Rng;

use crate::common::Bench;
use crate::postgres::database;
use crate::run::{Field, Size};
use crate::{check, killer};

#[test]
fn a_server_that_is_killed_again_and_again_keeps_what_it_acknowledged() {
    let (bench, size) = (Bench::new(), Size::usual());
    let mut field = Field::new(&bench, size, killer::seed(), "store", &[]);
    let outcome = field.run(|server, _| {
        server.kill();
        server.restart();
    });
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
    field.tell("SQLite, server killed", &outcome);
    check::sqlite(&field, &bench.path("store"));
    assert_eq!((outcome.blows, field.server.starts.len()), (size.points, size.points + 1));
    field.assert_ready_soon();
}

#[test]
fn a_server_outlives_the_end_of_its_connections_to_the_data_base() {
    let Some(database) = database() else { return };
    let (bench, size) = (Bench::new(), Size::usual());
    let mut field = Field::new(&bench, size, killer::seed(), &database.url, &[]);
    field.storage_may_fail = true;
    let process = field.server.id();
    let mut ended = 0;
    let outcome = field.run(|_, _| ended += database.terminate_backends());
    assert!(field.server.is_running(), "{}", field.server.log());
    assert_eq!(field.server.id(), process);
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
    field.tell(&format!("PostgreSQL, {ended} back ends terminated"), &outcome);
    check::postgres(&field, &database.url);
    assert_eq!(outcome.blows, size.points);
    assert!(ended > 0, "nothing was terminated");
}

#[test]
fn a_server_on_postgresql_that_is_killed_keeps_what_it_acknowledged() {
    let Some(database) = database() else { return };
    let (bench, size) = (Bench::new(), Size::usual());
    let mut field = Field::new(&bench, size, killer::seed(), &database.url, &[]);
    field.storage_may_fail = true;
    let outcome = field.run(|server, rng| {
        // In turns, and now and then both at once.
        let choice = rng.next_u32() % 4;
        if choice != 0 {
            database.terminate_backends();
        }
        if choice != 1 {
            server.kill();
            server.restart();
        }
    });
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
    field.tell("PostgreSQL, server killed and back ends terminated", &outcome);
    check::postgres(&field, &database.url);
    assert_eq!(outcome.blows, size.points);
    field.assert_ready_soon();
}
