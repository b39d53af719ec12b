//! The configuration of `rsp smdp`, and in `smds` that of `rsp smds`: flags, then environment, then file, then defaults.
//!
//! What one starts a server with has a flag and an environment variable; operators, retention and the pauses of reports stand
//! in the file. `docs/configuration.md` explains each.

mod file;
mod flags;
mod port_limits;
mod settings;
pub mod smds;
mod smds_access;
mod toml_file;

pub use flags::{ServeFlags, StoreFlags};
pub use port_limits::shown;
pub use settings::{
    CatalogueSettings, ManagementSettings, OperatorSettings, Recognition, Settings, StoreChoice,
    StoreSettings, first_door,
};
pub use smds_access::SmdsAccess;
