//! An SM-DP+ and an operator that do what they are told, their certificates, and a raw HTTP client.

pub mod fake;
pub mod log;
pub mod messages;
pub mod pki;
#[path = "../../es9plus/support/raw.rs"]
#[expect(dead_code, reason = "ES9+ has a second binding")]
pub mod raw;
pub mod running;
#[path = "../../es9plus/support/sink.rs"]
#[expect(dead_code, reason = "the lines of ES9+ are of no use here")]
pub mod sink;
