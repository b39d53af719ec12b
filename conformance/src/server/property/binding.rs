//! Of any answer: its header fields, its status, its JSON (SGP.22 §6.2 to §6.5).

use data_encoding::BASE64;
use http::{StatusCode, header};
use serde_json::Value;
use wire::es9plus::Binding;
use wire::header::{MediaType, X_ADMIN_PROTOCOL};

use crate::json::needless_escape;
use crate::server::expected::Property;
use crate::server::message::Answer;
use crate::server::play::Player;

/// SGP.22 §6.2.
pub const CONTENT_TYPE: Property = Property {
    says: "the Content-Type of the answer is that of the request",
    verify: |player| {
        let answer = last(player)?;
        let expected = match answer.binding {
            Binding::Json => MediaType::Json,
            Binding::Asn1 => MediaType::Asn1,
        };
        if expected.is_of(&answer.reply.headers) {
            return Ok(());
        }
        Err(format!("Content-Type is {}", field(answer, header::CONTENT_TYPE.as_str())))
    },
};

/// SGP.22 §6.2: `gsma/rsp/v<x.y.z>`.
pub const ADMIN_PROTOCOL: Property = Property {
    says: "the answer has X-Admin-Protocol: gsma/rsp/v<x.y.z>",
    verify: |player| version(player).map(drop),
};

/// What LPAs of v2 in the field insist on.
pub const ADMIN_PROTOCOL_2: Property = Property {
    says: "X-Admin-Protocol of the answer is a v2",
    verify: |player| match version(player)? {
        [2, ..] => Ok(()),
        [major, minor, patch] => Err(format!("it is v{major}.{minor}.{patch}")),
    },
};

/// SGP.22 §6.3.
pub const NO_BODY: Property = Property {
    says: "the answer has no body",
    verify: |player| match last(player)?.reply.body.len() {
        0 => Ok(()),
        length => Err(format!("it has a body of {length} bytes")),
    },
};

/// SGP.22 §6.2: of an answer without a body.
pub const NO_CONTENT_TYPE: Property = Property {
    says: "the answer has no Content-Type",
    verify: |player| {
        let answer = last(player)?;
        match answer.reply.headers.get(header::CONTENT_TYPE) {
            None => Ok(()),
            Some(_) => Err(format!("Content-Type is {}", field(answer, header::CONTENT_TYPE.as_str()))),
        }
    },
};

/// SGP.22 §6.3.
pub const STATUS_200: Property =
    Property { says: "the HTTP status is 200", verify: |player| status(player, StatusCode::OK) };

/// SGP.22 §6.3.
pub const STATUS_204: Property =
    Property { says: "the HTTP status is 204", verify: |player| status(player, StatusCode::NO_CONTENT) };

/// SGP.22 §6.5.1.2.
pub const HEADER: Property = Property {
    says: "the answer has header.functionExecutionStatus.status",
    verify: |player| execution_status(player).map(drop),
};

/// SGP.22 §6.5.1.4.
pub const EXECUTED_SUCCESS: Property = Property {
    says: "the status is Executed-Success",
    verify: |player| match execution_status(player)?.as_str() {
        "Executed-Success" => Ok(()),
        other => Err(format!("it is {other:?}")),
    },
};

/// SGP.22 §6.5.1.4.
pub const FAILED_WITH_CODES: Property = Property {
    says: "the status is Failed, with subjectCode and reasonCode",
    verify: |player| match execution_status(player)?.as_str() {
        "Failed" => codes(player).map(drop),
        other => Err(format!("it is {other:?}")),
    },
};

/// SGP.22 §5.2.6, §6.5.1.4.
pub const DOTTED_CODES: Property = Property {
    says: "subjectCode and reasonCode are numbers with dots between",
    verify: |player| {
        let is_dotted = |code: &String| code.split('.').all(|number| number.parse::<u8>().is_ok());
        match codes(player)?.iter().find(|code| !is_dotted(code)) {
            None => Ok(()),
            Some(code) => Err(format!("one is {code:?}")),
        }
    },
};

/// SGP.22 §6.5: only what RFC 7159 makes mandatory.
pub const ESCAPES: Property = Property {
    says: "no character is escaped that need not be",
    verify: |player| match needless_escape(&last(player)?.reply.body) {
        None => Ok(()),
        Some(escape) => Err(format!("{escape} is there")),
    },
};

/// SGP.22 §6.5.
pub const BASE64_IN_ONE_PIECE: Property = Property {
    says: "every object is base64 without line breaks, with padding",
    verify: |player| {
        for (name, value) in last(player)?.members()?.json() {
            if name == "header" || name == "transactionId" {
                continue;
            }
            if let Value::String(text) = value {
                BASE64.decode(text.as_bytes()).map_err(|why| format!("{name}: {why}"))?;
            }
        }
        Ok(())
    },
};

fn last<'p>(player: &'p Player<'_>) -> Result<&'p Answer, String> {
    player.last().map(|(_, answer)| answer).ok_or_else(|| "nothing was called".to_owned())
}

fn field(answer: &Answer, name: &str) -> String {
    match answer.reply.headers.get(name) {
        Some(value) => format!("{:?}", String::from_utf8_lossy(value.as_bytes())),
        None => "missing".to_owned(),
    }
}

fn status(player: &Player<'_>, expected: StatusCode) -> Result<(), String> {
    let answer = last(player)?;
    if answer.reply.status == expected { Ok(()) } else { Err(format!("HTTP {}", answer.reply.status)) }
}

fn version(player: &Player<'_>) -> Result<[u8; 3], String> {
    let answer = last(player)?;
    let text = field(answer, X_ADMIN_PROTOCOL.as_str());
    let wrong = || format!("X-Admin-Protocol is {text}");
    let value = answer.reply.headers.get(X_ADMIN_PROTOCOL).and_then(|value| value.to_str().ok());
    let numbers = value.and_then(|value| value.strip_prefix("gsma/rsp/v")).ok_or_else(wrong)?;
    let numbers: Result<Vec<u8>, _> = numbers.split('.').map(str::parse).collect();
    numbers.ok().and_then(|numbers| numbers.try_into().ok()).ok_or_else(wrong)
}

fn json(player: &Player<'_>) -> Result<Value, String> {
    serde_json::from_slice(&last(player)?.reply.body).map_err(|why| format!("the body is no JSON: {why}"))
}

fn execution_status(player: &Player<'_>) -> Result<String, String> {
    let status = json(player)?.pointer("/header/functionExecutionStatus/status").cloned();
    match status {
        Some(Value::String(status)) => Ok(status),
        _ => Err("header.functionExecutionStatus.status is missing".to_owned()),
    }
}

fn codes(player: &Player<'_>) -> Result<[String; 2], String> {
    let body = json(player)?;
    let code = |name: &str| {
        let code = body.pointer(&format!("/header/functionExecutionStatus/statusCodeData/{name}"));
        code.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("{name} is missing"))
    };
    Ok([code("subjectCode")?, code("reasonCode")?])
}
