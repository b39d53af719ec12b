//! The table of faults.

use std::borrow::Cow;
use std::time::Duration;

/// What such an answer means for a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It is legal: a client goes on as if nothing were.
    Harmless,
    /// It is not as it should be, and what it means can be told: a client may go on or end.
    Tolerable,
    /// It is no answer to go on with: a client ends, in good order, and may try again later.
    Fatal,
}

macro_rules! faults {
    ($($name:ident = $text:literal, $effect:ident, $description:literal;)*) => {
        /// One way in which an answer over HTTP is wrong, or legal and awkward.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum AnswerFault {
            /// The answer comes so much later than it could.
            Slow(Duration),
            $(#[doc = concat!($description, ".")] $name,)*
        }

        impl AnswerFault {
            /// All of them; for the one with a parameter, a delay that tests can wait for.
            pub const ALL: &'static [Self] = &[Self::Slow(Duration::from_secs(3)), $(Self::$name),*];

            pub(super) fn plain_name(self) -> Option<&'static str> {
                match self {
                    Self::Slow(_) => None,
                    $(Self::$name => Some($text),)*
                }
            }

            /// What it means for a client.
            pub fn effect(self) -> Effect {
                match self {
                    Self::Slow(_) => Effect::Tolerable,
                    $(Self::$name => Effect::$effect,)*
                }
            }

            /// What is wrong, in one sentence without a full stop.
            pub fn description(self) -> Cow<'static, str> {
                match self {
                    Self::Slow(delay) => format!("the answer comes {delay:?} late").into(),
                    $(Self::$name => Cow::Borrowed($description),)*
                }
            }
        }
    };
}

faults! {
    Unavailable = "http-503", Fatal, "503 with Retry-After instead of the answer";
    TooManyRequests = "http-429", Fatal, "429 with Retry-After instead of the answer";
    InternalErrorHtml = "http-500-html", Fatal, "500 with a page of HTML instead of the answer";
    Forbidden = "http-403", Fatal, "403 without a body instead of the answer";
    NotFound = "http-404", Fatal, "404 without a body instead of the answer";
    MovedTemporarily = "http-302", Fatal, "a redirection with 302 instead of the answer";
    TemporaryRedirect = "http-307", Fatal, "a redirection with 307 instead of the answer";
    EmptyOk = "http-200-empty", Fatal, "200 with an empty body";
    NoContent = "http-204", Fatal, "204 where a body is due";
    ObjectForNoContent = "http-200-for-204", Tolerable, "200 with an empty JSON object where 204 is due";
    CutBeforeAnswer = "cut-before-answer", Fatal, "the connection ends before the answer, which the server has executed";
    CutInBody = "cut-in-body", Fatal, "the connection ends in the middle of the body";
    Chunked = "chunked", Harmless, "the body comes in many small pieces, its length is not told beforehand";
    HugeBody = "huge-body", Tolerable, "four million blanks follow the JSON object";

    HtmlContentType = "content-type-html", Tolerable, "Content-Type is text/html, the body is what it should be";
    NoContentType = "no-content-type", Tolerable, "the field Content-Type is missing";
    Charset = "content-type-charset", Harmless, "Content-Type has the parameter charset";
    AdminProtocolV3 = "admin-protocol-v3", Tolerable, "X-Admin-Protocol says v3.0.0, whatever the LPA said";
    NoAdminProtocol = "no-admin-protocol", Tolerable, "the field X-Admin-Protocol is missing";

    TruncatedJson = "truncated-json", Fatal, "the JSON text ends in the middle";
    ByteOrderMark = "byte-order-mark", Tolerable, "a byte order mark stands before the JSON text";
    SpacedJson = "spaced-json", Harmless, "the JSON text has white space between its tokens";
    EscapedSolidus = "escaped-solidus", Harmless, "each solidus of the JSON text is escaped";
    UnknownMembers = "unknown-members", Harmless, "the answer and its header have members that nobody knows";
    NoHeader = "no-header", Fatal, "the member header is missing";
    MemberMissing = "member-missing", Fatal, "the last member of the answer is missing";
    MemberNull = "member-null", Fatal, "the last member of the answer is null";
    MemberNumber = "member-number", Fatal, "the last member of the answer is a number";

    NoStatusCodeData = "no-status-code-data", Fatal, "the status is Failed, without statusCodeData";
    Expired = "status-expired", Fatal, "the status is Expired, without statusCodeData";
    UnknownStatus = "status-unknown", Fatal, "the status is one that nobody knows";
    ExecutedWithWarning = "executed-with-warning", Harmless, "the status is Executed-WithWarning, with statusCodeData, and the answer is there";

    LowerCaseTransactionId = "lower-case-transaction-id", Tolerable, "transactionId is written in lower case";
    OtherTransactionId = "other-transaction-id", Fatal, "transactionId is that of another session";
    WrappedBase64 = "wrapped-base64", Tolerable, "base64 is wrapped in lines of 64 characters";
    UnpaddedBase64 = "unpadded-base64", Tolerable, "base64 has no padding";
    BadBase64 = "bad-base64", Fatal, "the last member of the answer is no base64";
    CutObject = "cut-object", Fatal, "the last object of the answer has lost its second half";
}
