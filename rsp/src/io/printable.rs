//! What a peer wrote, on a terminal.

pub use benches::load::report::printable::Printable;
