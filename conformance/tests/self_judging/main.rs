//! The suite judges itself: whoever does what SGP.22 asks for passes every case, and for every case there is somebody,
//! broken in one named way, who fails it.

#![cfg(test)]

mod card;
mod lpa;
mod server;
