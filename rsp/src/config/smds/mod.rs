//! The configuration of `rsp smds`: flags, then environment, then file, then defaults.

mod file;
mod flags;
mod settings;

pub use flags::{ServeFlags, StoreFlags};
pub use settings::{Settings, store};
