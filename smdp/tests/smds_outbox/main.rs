//! Events at an SM-DS over everything that can go wrong between: each is registered once and deleted once, on both stores.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod crashes;
mod outages;
mod overtaking;
mod world;

/// Runs each test on an empty store of each kind.
macro_rules! on_both_stores {
    ($($module:ident::$test:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $test() {
                    let store = smdp::store::SqliteStore::in_memory().unwrap();
                    crate::$module::$test(std::sync::Arc::new(store)).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $test() {
                    let Some(database) = crate::common::postgres::database() else { return };
                    let store = crate::common::stores::node(&database).await;
                    crate::$module::$test(std::sync::Arc::new(store)).await;
                }
            )*
        }
    };
}

on_both_stores!(
    outages::an_smds_that_is_down_for_ten_minutes_misses_nothing,
    outages::an_smds_that_flaps_a_hundred_times_has_each_event_once,
    outages::a_dead_smds_keeps_no_other_waiting,
    outages::two_nodes_tell_each_event_once,
    outages::two_nodes_and_a_line_that_loses_answers_end_with_each_event_once,
    crashes::a_worker_that_dies_in_a_call_leaves_nothing_behind,
    crashes::a_worker_that_is_stopped_finishes_what_is_under_way,
    overtaking::an_order_that_is_cancelled_while_it_is_registered_is_deleted_after_that,
    overtaking::an_order_that_is_installed_while_it_is_registered_is_deleted_after_that,
    overtaking::an_order_that_is_removed_while_it_is_registered_is_deleted_after_that,
    overtaking::an_order_that_expires_is_deleted,
    overtaking::a_deletion_that_never_succeeds_is_given_up,
);
