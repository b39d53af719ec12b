#![cfg(test)]
//! What is written of a run: every form has what it is for, and none lets through what a server made up.

mod load_report {
    pub mod packaging;
    pub mod runs;
    pub mod written;
}
