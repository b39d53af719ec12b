//! In which form a request is sent: as the binding asks for, or otherwise in one way.

use std::fmt;

use serde_json::{Map, Value};
use wire::es9plus::Binding;

/// A member of a JSON request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member(pub &'static str);

/// The form of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As SGP.22 §6.5 or §6.6 asks for.
    Right,
    /// The same, in JSON whatever the run asks for.
    InJson,
    /// The same, in ASN.1 whatever the run asks for.
    InAsn1,
    /// A member left out.
    Without(Member),
    /// A member that is `null`, as some LPAs write what they have not.
    Null(Member),
    /// A member that is a number instead of a text.
    Number(Member),
    /// A member that is the empty text.
    Empty(Member),
    /// A member with this text instead.
    Text(Member, &'static str),
    /// A member in base64 that is broken into lines of 64 characters.
    Wrapped(Member),
    /// A member in base64 with a character that base64 has not.
    NotBase64(Member),
    /// A member in base64 that ends before its object does.
    Truncated(Member),
    /// One member more, which no specification knows.
    Unknown,
    /// With a `header`, which requests of ES9+ have not (SGP.22 §6.5.1.1).
    WithHeader,
    /// Without the `header` that requests between servers have.
    WithoutHeader,
    /// A `header` without one of its two identifiers.
    HeaderWithout(&'static str),
    /// transactionId in lower case.
    LowerCaseTransaction,
    /// A body that ends in the middle.
    CutOff,
    /// A body that is an array of the object.
    Array,
    /// No body.
    NoBody,
    /// With another Content-Type.
    ContentType(&'static str),
    /// Without Content-Type.
    NoContentType,
    /// Content-Type with a parameter, `application/json;charset=UTF-8`.
    Charset,
    /// Without User-Agent.
    NoUserAgent,
    /// Without X-Admin-Protocol.
    NoAdminProtocol,
    /// X-Admin-Protocol of a later version.
    AdminProtocol(&'static str),
    /// In the ASN.1 binding, a body with a byte behind its end.
    TrailingByte,
    /// In the ASN.1 binding, a body whose outer tag is another.
    OuterTag(u8),
    /// To a path that no function has.
    OtherPath(&'static str),
}

impl Form {
    /// The binding in which it makes sense, if that is one only.
    pub fn binding(&self) -> Option<Binding> {
        match self {
            Self::Right
            | Self::NoUserAgent
            | Self::NoAdminProtocol
            | Self::AdminProtocol(_)
            | Self::ContentType(_)
            | Self::NoContentType => None,
            Self::InAsn1 | Self::TrailingByte | Self::OuterTag(_) => Some(Binding::Asn1),
            _ => Some(Binding::Json),
        }
    }

    /// Changes the members of a JSON object.
    pub(super) fn apply(&self, object: &mut Map<String, Value>) {
        let mut set = |member: &Member, value: Value| {
            object.insert(member.0.to_owned(), value);
        };
        match self {
            Self::Without(Member(name)) => {
                object.remove(*name);
            }
            Self::Null(member) => set(member, Value::Null),
            Self::Number(member) => set(member, 7.into()),
            Self::Empty(member) => set(member, "".into()),
            Self::Text(member, text) => set(member, (*text).into()),
            Self::Wrapped(member) => change(object, member, wrapped),
            Self::NotBase64(member) => change(object, member, |text| format!("*{}", skip(text, 1))),
            Self::Truncated(member) => change(object, member, truncated),
            Self::Unknown => {
                object.insert("xRsplabUnknown".to_owned(), serde_json::json!({ "a": [1, null, "b"] }));
            }
            Self::WithHeader => {
                let header = serde_json::json!({
                    "functionRequesterIdentifier": "2.999.40",
                    "functionCallIdentifier": "1",
                });
                object.insert("header".to_owned(), header);
            }
            Self::WithoutHeader => {
                object.remove("header");
            }
            Self::HeaderWithout(identifier) => {
                if let Some(Value::Object(header)) = object.get_mut("header") {
                    header.remove(*identifier);
                }
            }
            Self::LowerCaseTransaction => {
                change(object, &Member("transactionId"), str::to_ascii_lowercase);
            }
            _ => {}
        }
    }

    /// Changes the text of the whole body.
    pub(super) fn cut(&self, text: String) -> String {
        match self {
            Self::CutOff => text.chars().take(text.len() / 2).collect(),
            Self::Array => format!("[{text}]"),
            Self::NoBody => String::new(),
            _ => text,
        }
    }
}

fn change(object: &mut Map<String, Value>, member: &Member, to: impl FnOnce(&str) -> String) {
    if let Some(Value::String(text)) = object.get_mut(member.0) {
        *text = to(text);
    }
}

fn skip(text: &str, characters: usize) -> String {
    text.chars().skip(characters).collect()
}

fn wrapped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines: Vec<String> = characters.chunks(64).map(|line| line.iter().collect()).collect();
    lines.join("\r\n")
}

/// Whole groups of four characters, so that it stays base64.
fn truncated(text: &str) -> String {
    text.chars().take(text.len() / 8 * 4).collect()
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// As what follows the name of a function in a sentence.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right => Ok(()),
            Self::InJson => f.write_str("in JSON"),
            Self::InAsn1 => f.write_str("in ASN.1"),
            Self::Without(member) => write!(f, "without {member}"),
            Self::Null(member) => write!(f, "with {member} null"),
            Self::Number(member) => write!(f, "with a number as {member}"),
            Self::Empty(member) => write!(f, "with an empty {member}"),
            Self::Text(member, text) => write!(f, "with {member} {text:?}"),
            Self::Wrapped(member) => write!(f, "with {member} broken into lines"),
            Self::NotBase64(member) => write!(f, "with a {member} that is no base64"),
            Self::Truncated(member) => write!(f, "with a {member} that ends too early"),
            Self::Unknown => f.write_str("with an unknown member"),
            Self::WithHeader => f.write_str("with a header, which the interface has not"),
            Self::WithoutHeader => f.write_str("without header"),
            Self::HeaderWithout(identifier) => write!(f, "without {identifier} in its header"),
            Self::LowerCaseTransaction => f.write_str("with transactionId in lower case"),
            Self::CutOff => f.write_str("cut off in the middle"),
            Self::Array => f.write_str("as an array"),
            Self::NoBody => f.write_str("without a body"),
            Self::ContentType(value) => write!(f, "with Content-Type {value}"),
            Self::NoContentType => f.write_str("without Content-Type"),
            Self::Charset => f.write_str("with a charset in Content-Type"),
            Self::NoUserAgent => f.write_str("without User-Agent"),
            Self::NoAdminProtocol => f.write_str("without X-Admin-Protocol"),
            Self::AdminProtocol(value) => write!(f, "with X-Admin-Protocol {value}"),
            Self::TrailingByte => f.write_str("with a byte behind its end"),
            Self::OuterTag(tag) => write!(f, "with {tag:02X} as its outer tag"),
            Self::OtherPath(path) => write!(f, "to {path}"),
        }
    }
}
