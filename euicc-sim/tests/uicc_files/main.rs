//! The file system of the enabled profile: what SELECT finds and tells, what is read and written, and who may.
#![cfg(test)]

mod access;
mod any_bytes;
mod binary;
mod channels;
#[path = "../common/mod.rs"]
mod common;
mod data_objects;
mod file_control_parameters;
mod increase;
mod laboratory;
mod life_cycle;
mod published_profiles;
mod record;
mod search_record;
mod select;
