//! Every state and every event, every message and every session state, by tables, on both stores.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod figure;
mod profile;
mod session;

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
    profile::every_event_in_every_state,
    profile::every_event_in_every_state_of_an_order_for_an_smds,
    profile::a_refused_call_leaves_everything_as_it_was,
    session::every_message_in_every_session_state,
    session::every_result_in_every_session_state,
);
