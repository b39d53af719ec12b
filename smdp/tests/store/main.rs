//! What a store of the SM-DP+ promises, whichever it is: each function of [`promises`] takes any empty store. Then what
//! only one kind can show, and backups from any kind to any kind.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "of what the tests share, only orders and PostgreSQL are needed here")]
mod common;

mod backup;
mod earlier_packages;
mod kinds;
mod postgres;
mod promises;
mod sealed;
mod sqlite_file;
mod sqlite_schema_1;

/// Runs every promise on a store of this kind.
macro_rules! keeps_its_promises {
    ($kind:ident, $make:expr; $($promise:ident),* $(,)?) => {
        mod $kind {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    // What the store lives in goes after it.
                    let Some((store, _place)) = $make else { return };
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
            a_change_to_an_order_comes_back_with_its_call,
            a_matching_id_that_an_order_has_is_taken,
            a_cancelled_order_gives_profile_and_matching_id_back,
            an_order_cancelled_for_good_retires_its_profile,
            a_stale_cancellation_changes_nothing,
            a_matching_id_that_went_to_an_smds_is_never_free_again,
            a_deleted_order_leaves_its_profile_available,
            a_reset_order_forgets_what_was_bound,
            orders_are_listed_as_the_filter_says,
            a_profile_comes_back_as_it_was_imported,
            an_import_is_seen_by_nobody_before_its_end,
            a_taken_iccid_undoes_its_batch_and_no_other,
            an_abandoned_import_leaves_nothing,
            an_import_that_died_is_removed_by_the_next,
            profiles_are_listed_as_the_filter_says,
            a_profile_type_is_known_with_its_owners,
            a_retired_profile_is_reserved_by_nobody_until_it_is_back,
            a_deleted_profile_takes_everything_of_it_along,
            a_profile_is_reserved_by_its_iccid,
            a_profile_is_reserved_by_its_type_until_none_is_left,
            a_call_is_remembered_with_what_it_reserved,
            sixteen_who_reserve_of_a_type_at_once_get_sixteen_profiles,
            of_sixteen_who_reserve_few_profiles_at_once_as_many_get_one,
            of_sixteen_who_reserve_one_profile_at_once_one_gets_it,
            the_same_call_many_times_at_once_reserves_one_profile,
            an_executed_call_is_known_again_by_name_caller_and_content,
            a_call_that_was_made_meanwhile_is_not_made_again,
            a_transaction_id_is_opened_once,
            a_session_comes_back_at_every_stage,
            order_and_session_are_as_who_wrote_them_says,
            a_stale_order_or_session_changes_nothing,
            an_offer_changes_order_and_session_or_neither,
            handing_out_changes_everything_or_nothing,
            a_download_writes_how_far_an_order_has_come_and_nothing_else,
            a_session_is_found_with_its_order,
            a_package_comes_as_it_is_kept,
            the_last_bound_package_is_kept,
            ending_a_session_changes_its_order_too_or_neither,
            what_does_not_exist_is_not_found_and_not_changed,
            a_notification_is_accepted_once_with_its_effect,
            a_notification_whose_effect_conflicts_is_not_accepted,
            what_happened_comes_back_with_order_and_profile,
            a_change_that_fails_has_not_happened,
            every_change_to_an_order_writes_what_happened,
            happenings_are_listed_as_the_filter_says,
            of_each_profile_the_oldest_report_is_claimed,
            claims_leave_out_as_many_as_are_told,
            no_more_reports_are_claimed_than_asked_for,
            a_claimed_report_is_due_again_when_its_lease_is_over,
            a_report_that_failed_waits_for_its_next_try_or_is_given_up,
            nodes_that_claim_at_once_get_different_reports,
            an_order_for_an_smds_is_released_with_its_event,
            an_order_without_an_smds_or_without_an_eid_has_no_event,
            an_event_is_claimed_by_one_until_its_lease_is_over,
            events_are_claimed_by_due_and_not_of_those_that_are_left_out,
            a_failed_registration_is_due_again_and_its_history_is_short,
            whatever_ends_an_order_ends_its_event,
            an_event_that_no_smds_can_know_is_dropped_with_its_order,
            a_deletion_waits_for_the_registration_that_is_under_way,
            a_registration_that_comes_after_the_deletion_is_deleted_once_more,
            a_deletion_that_fails_is_due_again_or_given_up,
            an_event_ends_with_the_time_of_its_order,
            a_release_that_is_taken_back_leaves_no_trace_but_the_history,
            a_release_that_is_taken_back_is_deleted_where_it_may_be_known,
            an_event_is_wanted_again_only_as_long_as_it_cannot_be_deleted,
            an_event_id_is_no_other_orders_even_when_its_own_is_gone,
            events_at_an_smds_are_listed_as_the_filter_says,
            nodes_that_claim_events_at_once_get_different_ones,
            events_are_told_of_while_their_orders_are_removed,
            old_sessions_are_pruned_unless_a_result_may_still_come,
            what_was_bound_goes_when_its_order_is_done,
            what_happened_long_ago_is_pruned_once_it_is_told,
            old_calls_and_notifications_are_pruned,
            everything_is_counted,
            a_store_that_works_says_so,
            many_requests_at_once_are_all_answered,
            a_request_that_fails_undoes_no_other,
            of_many_changes_to_one_version_one_wins,
        }
    };
}

all_promises!(sqlite_in_memory, Some((smdp::store::SqliteStore::in_memory().unwrap(), ())));
all_promises!(sqlite_in_a_file, Some(crate::kinds::sqlite()));
all_promises!(postgresql, crate::kinds::postgres().await);
