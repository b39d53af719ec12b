//! Everything that touches the machine: files, time, entropy, the terminal.

pub mod card_file;
pub mod card_folder;
pub mod certificate_file;
pub mod descriptors;
pub mod folder;
pub mod log;
pub mod machine;
pub mod parallel;
pub mod printable;
pub mod private;
pub mod qr;
pub mod terminal_user;
pub mod trace_file;
