//! Calls of ES2+, each with a name of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use protocol::es2plus::{Call, CallHeader};

/// A call that was never made before.
pub fn call<T>(content: T) -> Call<T> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    named(&format!("call-{number}"), number, content)
}

/// A call of that name; `body` stands for its bytes.
pub fn named<T>(name: &str, body: u32, content: T) -> Call<T> {
    let header = CallHeader {
        function_requester_identifier: "2.999.20".to_owned(),
        function_call_identifier: name.to_owned(),
    };
    Call::new(header, &body.to_be_bytes(), content)
}
