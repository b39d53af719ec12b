//! What the tests of the SM-DP+ share: a PKI, eUICCs that can lie, orders, and a server with a clock to turn.

#[path = "../../../protocol/tests/common/bound_package.rs"]
pub mod bound_package;
pub mod calls;
pub mod euicc;
pub mod orders;
pub mod pki;
pub mod postgres;
pub mod server;
pub mod smds;
pub mod stores;
