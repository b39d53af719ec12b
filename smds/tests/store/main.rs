//! What a store of the SM-DS promises, whichever it is: each function of [`promises`] takes any empty store. Then what only
//! one kind can show, and how each finds the events of an eUICC.

#![cfg(test)]

#[path = "../../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "the tests of the SM-DP+ use more of it")]
mod server;

mod kinds;
mod plan;
mod plans;
mod postgres;
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
            a_session_comes_back_as_it_was_opened,
            a_transaction_id_is_opened_once,
            a_session_ends_once,
            an_unknown_session_is_not_found_and_tells_nothing,
            of_sixteen_who_end_a_session_at_once_one_does,
            events_are_told_in_the_order_in_which_they_were_registered,
            an_euicc_is_told_its_own_events_only,
            events_are_told_once_in_a_session,
            an_event_is_told_until_it_expires,
            an_event_that_is_being_forwarded_is_told_by_its_event_id_2_only,
            a_forwarded_event_is_found_by_either_event_id,
            an_event_that_has_ended_is_never_told,
            the_event_id_of_another_euicc_is_not_found,
            an_event_id_finds_the_events_of_every_caller,
            an_event_id_is_compared_letter_by_letter,
            what_can_be_no_event_id_finds_nothing,
            an_event_comes_back_as_it_was_registered,
            an_event_id_that_was_registered_is_never_taken_again,
            the_same_event_id_of_two_callers_is_two_events,
            an_event_id_is_under_way_while_its_registration_is_forwarded,
            what_nobody_works_on_any_more_makes_way_for_a_new_registration,
            a_registration_that_fails_leaves_what_it_found,
            an_event_number_is_given_once,
            many_registrations_at_once_are_all_stored,
            a_registration_that_fails_undoes_no_other,
            of_sixteen_who_register_an_event_id_at_once_one_does,
            of_sixteen_who_forward_an_event_id_at_once_one_does,
            of_sixteen_who_take_up_an_abandoned_event_id_one_does,
            an_event_is_registered_once_the_root_has_it,
            only_an_event_that_is_being_forwarded_becomes_registered,
            an_event_is_undone_without_an_errand,
            an_event_is_undone_with_an_errand_to_the_root,
            an_event_that_is_registered_is_not_undone,
            an_event_that_is_forwarded_and_undone_at_once_is_one_of_both,
            a_deleted_event_leaves_no_errand,
            a_removed_event_is_deleted_at_the_root_if_it_is_there,
            an_event_ends_once,
            only_a_registered_event_ends,
            of_sixteen_who_end_an_event_at_once_one_does,
            a_registration_that_nobody_works_on_any_more_is_swept,
            an_event_whose_time_has_run_out_is_swept,
            what_is_swept_more_than_a_thousand_goes_in_several_turns,
            of_sixteen_who_sweep_at_once_each_event_is_swept_by_one,
            an_errand_is_due_at_once,
            a_claimed_errand_is_due_again_when_its_lease_is_over,
            the_errands_that_are_due_longest_are_claimed_first,
            an_errand_that_failed_waits_for_its_next_try,
            an_errand_that_is_done_is_gone,
            an_errand_can_be_given_without_an_event,
            errands_are_listed_in_the_order_of_their_numbers,
            another_root_is_adopted_only_when_the_first_can_have_nothing_any_more,
            of_sixteen_who_claim_at_once_each_errand_goes_to_one,
            an_event_is_found_by_number_and_by_caller_and_event_id,
            events_are_listed_as_the_filter_says,
            events_are_listed_page_by_page,
            old_sessions_are_pruned,
            records_of_ended_events_are_kept_unless_they_may_go,
            what_is_pruned_more_than_a_thousand_goes_in_several_turns,
            everything_is_counted,
            a_store_that_works_says_so,
        }
    };
}

all_promises!(sqlite_in_memory, Some((smds::store::SqliteStore::in_memory().unwrap(), ())));
all_promises!(sqlite_in_a_file, Some(crate::kinds::sqlite()));
all_promises!(postgresql, crate::kinds::postgres().await);
