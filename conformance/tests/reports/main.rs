//! What is told of a run, in every form.

#![cfg(test)]

mod expectations;
mod html;
mod json;
mod junit;
mod list;
mod sample;
mod tree;
