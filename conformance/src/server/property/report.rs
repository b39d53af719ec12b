//! Of what an SM-DP+ reports over ES2+, HandleDownloadProgressInfo (SGP.22 §5.3.5).

use asn1::tlv;
use protocol::status::StatusCode as Code;
use serde_json::Value;
use wire::header::{MediaType, X_ADMIN_PROTOCOL};

use super::es2plus::same_iccid;
use crate::server::call::Reported;
use crate::server::expected::Property;
use crate::server::play::Player;
use crate::server::target::Report;

/// SGP.22 §5.3.5, table 32a; the schema of §6.5.2.5.
pub const IS_COMPLETE: Property = Property {
    says: "the report has iccid, profileType, timestamp, notificationPointId and notificationPointStatus",
    verify: |player| {
        let report = &report(player)?.object;
        let text = |name: &str| match report.get(name) {
            Some(Value::String(_)) => Ok(()),
            _ => Err(format!("{name} is missing, or no text")),
        };
        ["iccid", "profileType", "timestamp"].into_iter().try_for_each(text)?;
        if !report.get("notificationPointId").is_some_and(Value::is_u64) {
            return Err("notificationPointId is missing, or no number".to_owned());
        }
        status(report).map(drop)
    },
};

/// SGP.22 §5.3.5: that of the order.
pub const IS_OF_THE_PROFILE: Property = Property {
    says: "iccid and profileType of the report are those of the profile",
    verify: |player| {
        let report = &report(player)?.object;
        let text = |name: &str| report.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        same_iccid(player.between.iccid.as_deref().unwrap_or_default(), &text("iccid"))?;
        let expected = player.target.operator.as_ref().map_or("", |operator| operator.profile_type.as_str());
        match text("profileType") {
            told if told == expected => Ok(()),
            told => Err(format!("profileType is {told:?}")),
        }
    },
};

/// SGP.22 §5.3.5: eid SHALL be set if available to the SM-DP+.
pub const HAS_THE_EID: Property = Property {
    says: "eid of the report is that of the eUICC",
    verify: |player| match report(player)?.object.get("eid").and_then(Value::as_str) {
        Some(eid) if eid == player.euicc.eid() => Ok(()),
        Some(eid) => Err(format!("it is {eid}")),
        None => Err("it is missing".to_owned()),
    },
};

/// SGP.22 §6.5.1.3.
pub const HAS_A_HEADER: Property = Property {
    says: "the report has functionRequesterIdentifier and functionCallIdentifier in its header",
    verify: |player| {
        let report = &report(player)?.object;
        let names = ["functionRequesterIdentifier", "functionCallIdentifier"];
        let has = |name: &&str| {
            let identifier =
                report.get("header").and_then(|header| header.get(*name)).and_then(Value::as_str);
            identifier.is_some_and(|identifier| !identifier.is_empty())
        };
        names.iter().find(|name| !has(name)).map_or(Ok(()), |name| Err(format!("{name} is missing")))
    },
};

/// SGP.22 §6.2.
pub const IS_JSON: Property = Property {
    says: "the report comes with Content-Type: application/json and X-Admin-Protocol",
    verify: |player| {
        let headers = &report(player)?.headers;
        if !MediaType::Json.is_of(headers) {
            return Err("Content-Type is another, or missing".to_owned());
        }
        let version = headers.get(X_ADMIN_PROTOCOL).and_then(|value| value.to_str().ok());
        match version {
            Some(version) if version.starts_with("gsma/rsp/v") => Ok(()),
            other => Err(format!("X-Admin-Protocol is {other:?}")),
        }
    },
};

/// SGP.22 §6.5.2.5: `YYYY-MM-DDThh:mm:ss` with `Z` or an offset.
pub const TIMESTAMP: Property = Property {
    says: "timestamp of the report is written YYYY-MM-DDThh:mm:ss, with Z or +hh:mm",
    verify: |player| {
        let timestamp = timestamp_of(player)?;
        match is_timestamp(timestamp) {
            true => Ok(()),
            false => Err(format!("it is {timestamp:?}")),
        }
    },
};

/// SGP.22 §5.3.5: when the operation was performed. Clocks may differ, days may not.
pub const TIMELY: Property = Property {
    says: "timestamp of the report is the present time, give or take a day",
    verify: |player| {
        const DAY: u64 = 86_400;
        let timestamp = timestamp_of(player)?;
        let told: jiff::Timestamp = timestamp.parse().map_err(|error| format!("{timestamp:?}: {error}"))?;
        let now = player.target.clock.now().unix_seconds();
        match told.as_second().abs_diff(now) {
            ..=DAY => Ok(()),
            _ => Err(format!("it is {timestamp}")),
        }
    },
};

/// SGP.22 §5.3.5.
pub const OF_SUCCESS: Property = Property {
    says: "notificationPointStatus of the report is Executed-Success",
    verify: |player| match status(&report(player)?.object)? {
        "Executed-Success" | "Executed-WithWarning" => Ok(()),
        other => Err(format!("it is {other:?}")),
    },
};

/// SGP.22 §5.3.5.
pub const OF_FAILURE: Property = Property {
    says: "notificationPointStatus of the report is Failed",
    verify: |player| match status(&report(player)?.object)? {
        "Failed" => Ok(()),
        other => Err(format!("it is {other:?}")),
    },
};

/// SGP.22 §5.3.5: the finalResult data object as contained in the ProfileInstallationResult.
pub const RESULT_DATA: Property = Property {
    says: "resultData of the report is finalResult of the ProfileInstallationResult",
    verify: |player| {
        let told = report(player)?.object.get("resultData").and_then(Value::as_str);
        let told = told.ok_or("resultData is missing")?.as_bytes();
        let told = data_encoding::BASE64.decode(told).map_err(|why| format!("it is no base64: {why}"))?;
        let result = final_result(player).ok_or("there was no result")?;
        let (object, _) = tlv::read(&result).map_err(|why| why.to_string())?;
        match told == result || told == object.value {
            true => Ok(()),
            false => Err(format!("it is {}", data_encoding::HEXUPPER.encode(&told))),
        }
    },
};

/// The code of SGP.22 §5.3.5, table 32c, at point 2.
pub const CODE_ATTEMPTS_EXCEEDED: Property = Property {
    says: "the report is of point 2, with 8.2.7/6.4",
    verify: |player| {
        let report = &report(player)?.object;
        let exceeded = Reported::Code(Code::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED);
        match exceeded.is_met_by(report) {
            true => Ok(()),
            false => Err(Value::Object(report.clone()).to_string()),
        }
    },
};

/// SGP.22 §5.3.5: postponed and timeout do not lead to a notification.
pub const NOTHING_BEFORE: Property = Property {
    says: "it is the first report of something that went wrong",
    verify: |player| {
        let failed = |report: &&Report| status(&report.object) == Ok("Failed");
        match player.between.reports.iter().filter(failed).count() {
            1 => Ok(()),
            count => Err(format!("there were {count}")),
        }
    },
};

/// A report whose acknowledgement was refused comes again, under its name.
pub const AGAIN: Property = Property {
    says: "the report that was answered with 500 comes again, with the same functionCallIdentifier",
    verify: |player| match player.between.reports.as_slice() {
        [.., first, again] if first.answered.is_server_error() => {
            let call = |report: &Report| {
                report.object.get("header").and_then(|header| header.get("functionCallIdentifier")).cloned()
            };
            if call(first) == call(again) {
                Ok(())
            } else {
                Err("it has another functionCallIdentifier".to_owned())
            }
        }
        _ => Err("it did not come again".to_owned()),
    },
};

fn report<'p>(player: &'p Player<'_>) -> Result<&'p Report, String> {
    player.between.reports.last().ok_or_else(|| "there was no report".to_owned())
}

fn status(report: &serde_json::Map<String, Value>) -> Result<&str, String> {
    let status = report.get("notificationPointStatus").and_then(|status| status.get("status"));
    status.and_then(Value::as_str).ok_or_else(|| "notificationPointStatus has no status".to_owned())
}

/// `timestamp` of the report; empty where there is none.
fn timestamp_of<'a>(player: &'a Player<'_>) -> Result<&'a str, String> {
    Ok(report(player)?.object.get("timestamp").and_then(Value::as_str).unwrap_or_default())
}

fn is_timestamp(text: &str) -> bool {
    const DATE_AND_TIME: &str = "dddd-dd-ddTdd:dd:dd";
    let fits = |pattern: &str, text: &str| {
        pattern.len() == text.len()
            && pattern
                .bytes()
                .zip(text.bytes())
                .all(|(p, c)| if p == b'd' { c.is_ascii_digit() } else { p == c })
    };
    let Some((date, zone)) = text.split_at_checked(DATE_AND_TIME.len()) else { return false };
    fits(DATE_AND_TIME, date) && (zone == "Z" || fits("+dd:dd", zone) || fits("-dd:dd", zone))
}

/// `A2` of the last ProfileInstallationResult (SGP.22 §2.5.6).
fn final_result(player: &Player<'_>) -> Option<Vec<u8>> {
    let result =
        player.exchanges.iter().rev().find_map(|exchange| exchange.message.bytes("pendingNotification"))?;
    let inside = |tlv: &[u8]| tlv::read(tlv).ok().map(|(object, _)| object.value.to_vec());
    let data = inside(&result)?;
    let data = inside(&data)?;
    tlv::children(&data).flatten().find(|member| member.tag.0 == 0xA2).map(|member| member.raw.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_has_a_zone_and_no_fraction() {
        for good in ["2001-12-17T09:30:47Z", "2001-12-17T09:30:47+01:00", "2001-12-17T09:30:47-11:30"] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "2001-12-17T09:30:47",
            "2001-12-17T09:30:47.1Z",
            "2001-12-17 09:30:47Z",
            "1005814247",
            "2001-12-17T09:30:47+1",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
