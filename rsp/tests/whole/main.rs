//! The whole: server, card and LPA together, as their users run them.

#![cfg(test)]

mod common;
mod demo;
mod processes;
