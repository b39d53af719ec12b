//! What a file holds of secrets is in no error, whatever is wrong with it.

use protocol::profile::ProfileTemplate;
use smdp::import::{Options, Source};

use crate::Folder;

const HEADER: [&str; 9] = ["iccid", "imsi", "ki", "opc", "pin1", "puk1", "pin2", "puk2", "adm1"];

/// Values of which every one is a mistake in its column or another.
const SECRETS: [&str; 7] = [
    "deadbeefdeadbeefdeadbeefdeadbee",
    "cafebabecafebabecafebabecafebabe00",
    "987a",
    "7654321x",
    "4711ab",
    "31415926535",
    "f00df00df00df00",
];

fn errors(text: String) -> Vec<String> {
    let folder = Folder::of(&[("s.csv", text)]);
    match Source::csv(&folder.path("s.csv"), ProfileTemplate::built_in(), Options::default()) {
        Err(error) => vec![format!("{error} {error:?}")],
        Ok(source) => source.filter_map(Result::err).map(|error| format!("{error} {error:?}")).collect(),
    }
}

#[test]
fn an_error_shows_no_secret() {
    let row = |start: [&str; 2]| start.into_iter().chain(SECRETS).collect::<Vec<_>>().join(",");
    let good = row(["8988211000000000102", "001010000000010"]);
    let header = HEADER.join(",");
    // One wrong field after the other is the first.
    let fixed =
        ["0".repeat(32), "0".repeat(32), "1234".into(), "12345678".into(), "1234".into(), "12345678".into()];
    let mut rows = vec![good.clone()];
    for count in 1..=fixed.len() {
        let mut fields: Vec<&str> = good.split(',').collect();
        for (field, value) in fields.iter_mut().skip(2).zip(&fixed[..count]) {
            *field = value;
        }
        rows.push(fields.join(","));
    }
    // Fields that slipped, in both directions, and are too few or too many.
    rows.push(format!("{},x,y", SECRETS.join(",")));
    rows.push(format!("8988211000000000110,{},x", SECRETS.join(",")));
    rows.push(SECRETS.join(","));
    rows.push(format!("{good},{good}"));
    rows.push(good.replacen("deadbeef", "\"deadbeef", 1));
    let mut all = errors(format!("{header}\n{}\n", rows.join("\n")));
    assert_eq!(all.len(), rows.len(), "{all:#?}");
    // Without a header, and with one that is wrong.
    all.extend(errors(rows.join("\n")));
    all.extend(errors(format!("{header},kii\n{good}\n")));
    all.extend(errors(SECRETS.join(",")));
    for error in &all {
        for secret in SECRETS {
            let begin = &secret[..4];
            assert!(!error.contains(begin), "{begin} in {error}");
        }
    }
}

#[test]
fn a_profile_shows_no_secret() {
    let key = "deadbeef".repeat(4);
    let text = format!("iccid,imsi,ki,opc,pin1\n8988211000000000102,001010000000010,{key},{key},4711\n");
    let folder = Folder::of(&[("s.csv", text)]);
    let source = Source::csv(&folder.path("s.csv"), ProfileTemplate::built_in(), Options::default());
    let profile = source.unwrap().next().unwrap().unwrap();
    let shown = format!("{profile:?}").to_lowercase();
    assert!(!shown.contains("dead") && !shown.contains("222, 173") && !shown.contains("52, 55"), "{shown}");
}
