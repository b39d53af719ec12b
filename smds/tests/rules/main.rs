//! The rules of an SM-DS, above the wire: one test for each status code and each check that SGP.22 §5.8, §5.9 and
//! §5.10 ask for, and every message in every state.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod authenticate_client;
mod cascaded_deletion;
mod cascaded_registration;
mod certificates;
mod delete_event;
mod event_sessions;
mod event_states;
mod failed_registration;
mod flapping;
mod initiate_authentication;
mod register_event;
mod replays;
mod retrieval;
mod slow_root;
mod store_down;
mod two_servers;
mod upkeep;

/// Runs each test on an empty store of each kind.
macro_rules! on_both_stores {
    ($($module:ident::$test:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $test() {
                    crate::$module::$test(crate::common::server::in_memory()).await;
                }
            )*
        }

        mod postgres {
            use service::database::postgres::PostgresOptions;
            use smds::store::PostgresStore;

            $(
                #[tokio::test]
                async fn $test() {
                    let Some(database) = crate::common::postgres::database() else { return };
                    let store = PostgresStore::connect(&database.url, PostgresOptions::default()).await;
                    crate::$module::$test(std::sync::Arc::new(store.unwrap())).await;
                }
            )*
        }
    };
}

on_both_stores!(
    event_sessions::every_answer_at_every_stage_of_a_session,
    event_states::every_message_in_every_state,
    failed_registration::a_registration_whose_answer_is_lost_is_undone_at_both,
    flapping::a_hundred_events_over_a_line_that_flaps_are_registered_once_and_deleted_once,
    register_event::of_many_registrations_at_once_one_is_taken,
    replays::of_two_answers_at_once_in_one_session_one_is_good,
    retrieval::an_event_whose_forwarding_takes_long_keeps_its_place,
    retrieval::events_are_told_in_the_order_of_their_registration,
    upkeep::an_errand_is_run_by_one_node_and_by_another_if_that_dies,
    upkeep::thousands_of_events_expire_in_one_sweep,
);
