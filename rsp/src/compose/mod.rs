//! Puts the crates together: a server out of certificates and a store, a card port out of a simulator.

pub mod card;
pub mod counted;
pub mod events;
pub mod management;
pub mod operators;
pub mod server;
pub mod serving;
pub mod smds;
pub mod store;
pub mod tls;
