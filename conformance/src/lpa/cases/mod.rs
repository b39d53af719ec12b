//! The cases, one file per procedure.

mod activation_code;
mod answers;
mod cancellation;
mod device_info;
mod download;
mod events;
mod http;
mod installation;
mod json;
mod mutual_authentication;
mod notifications;
mod tls;

use super::case::Case;
use crate::case::{Function, Head};

/// Every case, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Case> {
    let of_each_procedure: [&[Case]; 12] = [
        http::CASES,
        json::CASES,
        tls::CASES,
        mutual_authentication::CASES,
        activation_code::CASES,
        device_info::CASES,
        download::CASES,
        cancellation::CASES,
        installation::CASES,
        answers::CASES,
        notifications::CASES,
        events::CASES,
    ];
    of_each_procedure.into_iter().flatten()
}

/// A procedure that an LPA carries out.
const fn procedure(name: &'static str, section: &'static str) -> Function {
    Function { interface: "LPA", name, section }
}

const fn must(procedure: Function, number: u16, requirement: &'static str) -> Head {
    Head::must(procedure, number, requirement)
}

const fn should(procedure: Function, number: u16, requirement: &'static str) -> Head {
    Head::should(procedure, number, requirement)
}
