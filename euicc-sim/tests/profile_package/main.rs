//! The profile package interpreter: what installs, what is on the card afterwards, and what is refused with which reason
//! and status.
#![cfg(test)]

mod applications;
mod codes;
mod file_management;
mod files;
mod final_checks;
mod header;
mod installs;
mod memory;
mod mutations;
mod order;
mod support;
mod warnings;
