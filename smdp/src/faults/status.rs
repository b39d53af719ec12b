//! Status codes that no table has.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use protocol::status::StatusCode;
use thiserror::Error;

/// A text is no status code.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum UnknownStatusCode {
    /// Another form.
    #[error("a status code is two dotted numbers of at most {LONGEST} characters: 8.2.6/3.8")]
    Malformed,
    /// So many that nobody tests anything with them any more.
    #[error("more than {MOST} status codes have been made up since the server began")]
    TooMany,
}

const LONGEST: usize = 20;
const MOST: usize = 1000;

/// The code of a subject and a reason; one that SGP.22 does not have where the table has none.
///
/// # Errors
/// [`UnknownStatusCode`].
pub fn status_code(subject: &str, reason: &str) -> Result<StatusCode, UnknownStatusCode> {
    if !is_dotted(subject) || !is_dotted(reason) {
        return Err(UnknownStatusCode::Malformed);
    }
    let known = StatusCode::ALL.iter().find(|code| code.subject == subject && code.reason == reason);
    known.copied().map_or_else(|| made_up(subject, reason), Ok)
}

fn is_dotted(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= LONGEST && text.split('.').all(number)
}

/// Codes are constants everywhere else. Those made up here are few and short, and stay as long as the process does.
fn made_up(subject: &str, reason: &str) -> Result<StatusCode, UnknownStatusCode> {
    static MADE: LazyLock<Mutex<HashMap<(String, String), StatusCode>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (subject.to_owned(), reason.to_owned());
    if let Some(code) = made.get(&key) {
        return Ok(*code);
    }
    if made.len() >= MOST {
        return Err(UnknownStatusCode::TooMany);
    }
    let code = StatusCode {
        subject: subject.to_owned().leak(),
        reason: reason.to_owned().leak(),
        section: "nowhere",
        meaning: "a code that SGP.22 does not have",
    };
    made.insert(key, code);
    Ok(code)
}
