//! What the tests of the SM-DS share: a PKI, eUICCs that can lie, a line to the Root SM-DS that can fail, and a server
//! with a clock to turn.

pub mod calls;
pub mod euicc;
pub mod line;
pub mod pki;
#[path = "../../../smdp/tests/common/postgres.rs"]
pub mod postgres;
pub mod server;
