//! What a store of the SM-DP+ promises, whichever it is: each function of [`promises`] takes any empty store. Then what
//! only a store in a file can show.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "of what the tests share, only orders are needed here")]
mod common;

mod promises;
mod sqlite_file;

/// Runs every promise on a store of this kind.
macro_rules! keeps_its_promises {
    ($kind:ident, $make:expr; $($promise:ident),* $(,)?) => {
        mod $kind {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    // What the store lives in goes after it.
                    let (store, _place) = $make;
                    crate::promises::$promise(std::sync::Arc::new(store)).await;
                }
            )*
        }
    };
}

macro_rules! all_promises {
    ($kind:ident, $make:expr) => {
        keeps_its_promises! { $kind, $make;
            an_order_comes_back_as_it_was_added,
            orders_are_found_by_eid_and_by_matching_id,
            a_taken_iccid_or_matching_id_leaves_nothing_of_the_whole_list,
            a_transaction_id_is_opened_once,
            a_session_comes_back_at_every_stage,
            a_stale_order_or_session_changes_nothing,
            an_offer_changes_order_and_session_or_neither,
            handing_out_changes_everything_or_nothing,
            the_last_bound_package_is_kept,
            ending_a_session_changes_its_order_too_or_neither,
            a_notification_is_accepted_once_with_its_effect,
            a_notification_whose_effect_conflicts_is_not_accepted,
            what_does_not_exist_is_not_found_and_not_changed,
            many_requests_at_once_are_all_answered,
            a_request_that_fails_undoes_no_other,
            of_many_changes_to_one_version_one_wins,
        }
    };
}

all_promises!(sqlite_in_memory, (smdp::store::SqliteStore::in_memory().unwrap(), ()));
all_promises!(sqlite_in_a_file, crate::sqlite_file::temporary());
