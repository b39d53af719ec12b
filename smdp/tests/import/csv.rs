//! Subscriber data in a CSV file.

use protocol::profile::{
    Code, CodeName, Msisdn, Personalisation, ProfileTemplate, Subscriber, default_profile, header_of,
};
use smdp::import::{Options, Source};
use zeroize::Zeroizing;

use crate::{Folder, metadata_of, read_csv, told};

const KI: &str = "000102030405060708090A0B0C0D0E0F";
const OPC: &str = "101112131415161718191a1b1c1d1e1f";

fn subscriber(iccid: &str, imsi: &str) -> Subscriber {
    Subscriber::new(
        iccid.parse().unwrap(),
        imsi.parse().unwrap(),
        Zeroizing::new(std::array::from_fn(|byte| byte as u8)),
        Zeroizing::new(std::array::from_fn(|byte| 0x10 | byte as u8)),
    )
}

/// The mistake in a file with this text.
fn refusal(text: impl AsRef<[u8]>) -> String {
    told(&read_csv(text, Options::default()).unwrap_err())
}

fn two_rows(delimiter: &str, line_end: &str) -> String {
    [
        ["iccid", "imsi", "ki", "opc"],
        ["8988211000000000102", "001010000000010", KI, OPC],
        ["8988211000000000110", "001010000000011", KI, OPC],
    ]
    .map(|row| row.join(delimiter) + line_end)
    .concat()
}

#[test]
fn every_row_is_the_default_profile_of_its_subscriber() {
    let profiles = read_csv(two_rows(",", "\n"), Options::default()).unwrap();
    let expected = [("8988211000000000102", "001010000000010"), ("8988211000000000110", "001010000000011")];
    assert_eq!(profiles.len(), 2);
    for (profile, (iccid, imsi)) in profiles.iter().zip(expected) {
        assert_eq!(profile.iccid.to_string(), iccid);
        assert!(*profile.package.0 == *default_profile(&subscriber(iccid, imsi)));
        assert_eq!(profile.profile_type, "generic");
        assert_eq!(profile.operator, None);
        let metadata = metadata_of(profile);
        assert_eq!(metadata.iccid, profile.iccid);
        assert_eq!((&*metadata.service_provider_name, &*metadata.profile_name), ("rsplab", "Test profile"));
    }
}

#[test]
fn delimiters_line_ends_quotation_marks_and_a_byte_order_mark_make_no_difference() {
    let plain = read_csv(two_rows(",", "\n"), Options::default()).unwrap();
    let without_end = two_rows(",", "\n").trim_end().to_owned();
    let quoted = two_rows("\",\"", "\"\n\"");
    let quoted = format!("\"{}", quoted.trim_end_matches('"'));
    let empty_lines = two_rows(";", "\r\n\r\n\n");
    let spaces = two_rows(" ; ", " \n");
    let variants = [
        two_rows(";", "\n"),
        two_rows(",", "\r\n"),
        format!("\u{feff}{}", two_rows(";", "\r\n")),
        without_end,
        quoted,
        empty_lines,
        spaces,
    ];
    for text in variants {
        let profiles = read_csv(&text, Options::default()).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(profiles.len(), plain.len(), "{text}");
        for (profile, expected) in profiles.iter().zip(&plain) {
            assert!(
                *profile.package.0 == *expected.package.0 && profile.metadata == expected.metadata,
                "{text}"
            );
        }
    }
}

#[test]
fn columns_stand_in_any_order_and_the_optional_ones_are_used() {
    let text = format!(
        "opc;profile_name;pin1;iccid;puk1;ki;service_provider_name;imsi;adm1;operator;profile_type;pin2;puk2\n\
         {OPC};\"Tarif \"\"S\"\"; klein\";1234;8988211000000000102;87654321;{KI};Telko Ü;001010000000010;00FF00FF00FF00FF;\
         telko;gold;56789;13572468\n\
         {OPC};;;8988211000000000110;;{KI};;001010000000011;;;;;\n"
    );
    let profiles = read_csv(text, Options::default()).unwrap();
    let [full, empty] = profiles.as_slice() else { panic!() };
    let code = |name, text| Code::new(name, text).unwrap();
    let data = Personalisation {
        subscriber: subscriber("8988211000000000102", "001010000000010"),
        msisdn: None,
        codes: vec![
            code(CodeName::Pin1, "1234"),
            code(CodeName::Puk1, "87654321"),
            code(CodeName::Pin2, "56789"),
            code(CodeName::Puk2, "13572468"),
            code(CodeName::Adm1, "00FF00FF00FF00FF"),
        ],
    };
    assert!(*full.package.0 == *ProfileTemplate::built_in().fill(&data).unwrap());
    assert_eq!(full.operator.as_deref(), Some("telko"));
    let metadata = metadata_of(full);
    assert_eq!(&*metadata.service_provider_name, "Telko Ü");
    assert_eq!(&*metadata.profile_name, "Tarif \"S\"; klein");

    // An empty field is one that is not given.
    assert!(*empty.package.0 == *default_profile(&subscriber("8988211000000000110", "001010000000011")));
    assert_eq!(&*metadata_of(empty).profile_name, "Test profile");
    assert_eq!(empty.operator, None);
}

#[test]
fn a_telephone_number_goes_where_the_template_has_a_place_for_it() {
    let text =
        format!("iccid,imsi,ki,opc,msisdn\n8988211000000000102,001010000000010,{KI},{OPC},+4917012345\n");
    assert_eq!(refusal(&text), "s.csv:1: msisdn: the template has no place for it");

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/ts48/ts48-v7-saip2.3-nobertlv.der");
    let Ok(pattern) = std::fs::read(path) else {
        println!("skipped: the reference data in ../shared/data is not there");
        return;
    };
    let template = ProfileTemplate::parse(&pattern).unwrap();
    let folder = Folder::of(&[("s.csv", &text)]);
    let mut source = Source::csv(&folder.path("s.csv"), template.clone(), Options::default()).unwrap();
    let profile = source.next().unwrap().unwrap();
    let msisdn: Msisdn = "+4917012345".parse().unwrap();
    let subscriber = subscriber("8988211000000000102", "001010000000010");
    let data = Personalisation { msisdn: Some(msisdn), ..subscriber.into() };
    assert!(*profile.package.0 == *template.fill(&data).unwrap());
    assert_eq!(profile.profile_type, "GSMA Generic eUICC Test Profile");
    let wrong = text.replace("+49", "+49 ");
    std::fs::write(folder.path("s.csv"), wrong).unwrap();
    let error = Source::csv(&folder.path("s.csv"), template, Options::default()).unwrap().next();
    assert_eq!(
        told(&error.unwrap().unwrap_err()),
        "s.csv:2: msisdn: a telephone number has up to 15 decimal digits, after a '+' if it begins with the country code"
    );
}

#[test]
fn a_mistake_in_a_field_is_told_with_its_line_and_column() {
    let good = [
        ("iccid", "8988211000000000110"),
        ("imsi", "001010000000011"),
        ("ki", KI),
        ("opc", OPC),
        ("pin1", "1234"),
        ("puk1", "12345678"),
        ("pin2", "1234"),
        ("puk2", "12345678"),
        ("adm1", "55555555"),
        ("profile_type", "basic"),
        ("profile_name", "Name"),
        ("service_provider_name", "Provider"),
        ("operator", "telko"),
    ];
    let row = |wrong: Option<(&str, &str)>| {
        let field = |(column, value): (&str, &str)| match wrong {
            Some((wrong_column, wrong_value)) if wrong_column == column => wrong_value.to_owned(),
            _ => value.to_owned(),
        };
        good.map(field).join(",")
    };
    let header = good.map(|(column, _)| column).join(",");
    let long = "x".repeat(65);
    for (column, wrong, reason) in [
        ("iccid", "", "the field is empty"),
        ("iccid", "8.98821E+18", "an ICCID has 18 to 20 decimal digits"),
        ("iccid", "123456", "an ICCID has 18 to 20 decimal digits"),
        ("imsi", "", "the field is empty"),
        ("imsi", "12345", "an IMSI has 6 to 15 decimal digits"),
        ("ki", "", "the field is empty"),
        ("ki", "00", "32 hexadecimal digits are needed"),
        ("ki", "000102030405060708090A0B0C0D0E0G", "32 hexadecimal digits are needed"),
        ("opc", "000102030405060708090A0B0C0D0E0F00", "32 hexadecimal digits are needed"),
        ("pin1", "123", "a PIN has 4 to 8 decimal digits"),
        ("puk1", "1234567", "a PUK has 8 decimal digits"),
        ("pin2", "12x4", "a PIN has 4 to 8 decimal digits"),
        ("puk2", "123456789", "a PUK has 8 decimal digits"),
        ("adm1", "1", "an ADM code has 4 to 8 decimal digits, or 16 hexadecimal ones"),
        ("profile_type", "gold", "the option says 'basic', the row says 'gold'"),
        ("profile_name", &long, "65 characters, more than 64"),
        ("service_provider_name", &long, "65 characters, more than 32"),
        ("operator", "other", "the option says 'telko', the row says 'other'"),
    ] {
        let options = Options {
            operator: Some("telko".to_owned()),
            profile_type: Some("basic".to_owned()),
            ..Options::default()
        };
        // The good row before it spans two lines, and there is an empty one.
        let first = row(Some(("iccid", "8988211000000000102"))).replace("Provider", "\"Pro\r\nvider\"");
        let text = format!("{header}\r\n{first}\r\n\r\n{}\r\n", row(Some((column, wrong))));
        let error = read_csv(text, options).unwrap_err();
        assert_eq!((error.line, error.field.as_deref()), (Some(5), Some(column)), "{wrong}");
        assert_eq!(error.reason, reason, "{column}");
        assert_eq!(told(&error), format!("s.csv:5: {column}: {reason}"));
    }
}

#[test]
fn a_row_that_does_not_fit_the_header_is_told_with_its_line() {
    let text = format!("{}8988211000000000128,001010000000012,{KI}\n", two_rows(",", "\r\n"));
    assert_eq!(refusal(text), "s.csv:4: the row has 3 fields, the header has 4");
    let text = format!("{}8988211000000000128,001010000000012,{KI},{OPC},\n", two_rows(",", "\n"));
    assert_eq!(refusal(text), "s.csv:4: the row has 5 fields, the header has 4");
    let text = [two_rows(",", "\n").as_bytes(), b"8988211000000000128,\xFF,a,b\n"].concat();
    assert_eq!(refusal(text), "s.csv:4: imsi: the field is not UTF-8");
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_told_where_it_stands() {
    let text = two_rows(",", "\n").replacen("8988211000000000102", "\"8988211000000000102", 1);
    assert_eq!(refusal(&text), "s.csv:2: a quotation mark in this row is not closed");
    let swallowed = format!("{text}{}", "8988211000000000110,001010000000011,a,b\n".repeat(1000));
    assert_eq!(refusal(&swallowed), "s.csv:2: the row has more than 16384 bytes or 64 fields");
    let endless = format!("{}{}", two_rows(",", "\n"), "x".repeat(20_000));
    assert_eq!(refusal(&endless), "s.csv:4: the row has more than 16384 bytes or 64 fields");
}

#[test]
fn the_header_has_to_be_right_before_any_row_is_read() {
    for (header, told) in [
        (
            "iccid,imsi,kI,opc",
            "s.csv:1: kI: there is no such column, only iccid, imsi, ki, opc, msisdn, pin1, puk1, pin2, puk2, adm1, profile_type, profile_name, service_provider_name, operator",
        ),
        ("iccid,imsi,ki", "s.csv:1: opc: the column is missing"),
        ("iccid,imsi,ki,opc,ki", "s.csv:1: ki: the column stands there twice"),
        ("iccid,imsi,ki,opc,msisdn", "s.csv:1: msisdn: the template has no place for it"),
    ] {
        assert_eq!(refusal(format!("{header}\nx\n")), told);
        let told = told.replace(":1:", ":3:");
        assert_eq!(refusal(format!("\r\n\n{header}\nx\n")), told);
    }
    assert_eq!(refusal(""), "s.csv: the file is empty");
    let no_header = two_rows(",", "\n").split_once('\n').unwrap().1.to_owned();
    assert_eq!(
        refusal(no_header),
        "s.csv:1: the first line is no header: it names none of the columns iccid, imsi, ki and opc"
    );
    let folder = Folder::of::<&str>(&[]);
    let error = Source::csv(&folder.path("s.csv"), ProfileTemplate::built_in(), Options::default()).err();
    assert_eq!(told(&error.unwrap()), "s.csv: No such file or directory (os error 2)");
}

#[test]
fn an_iccid_that_stands_twice_is_told_with_both_lines() {
    let again = format!("8988211000000000102F,001010000000099,{KI},{OPC}\n");
    let text = format!("{}{again}", two_rows(",", "\r\n"));
    assert_eq!(refusal(text), "s.csv:4: iccid: 8988211000000000102 stands in line 2 already");
}

#[test]
fn after_a_mistake_the_next_rows_are_still_read() {
    let text = two_rows(",", "\n").replacen("8988211000000000102", "wrong", 1);
    let folder = Folder::of(&[("s.csv", text)]);
    let path = folder.path("s.csv");
    let source = Source::csv(&path, ProfileTemplate::built_in(), Options::default()).unwrap();
    let read: Vec<_> = source.map(|profile| profile.map(|profile| profile.iccid.to_string()).ok()).collect();
    assert_eq!(read, [None, Some("8988211000000000110".to_owned())]);
}

#[test]
fn what_is_given_twice_has_to_agree() {
    let option =
        |profile_type: &str| Options { profile_type: Some(profile_type.to_owned()), ..Options::default() };
    let folder = Folder::of(&[("s.csv", two_rows(",", "\n"))]);
    let read = |options| {
        let package = default_profile(&subscriber("8988211000000000102", "001010000000010"));
        let template = ProfileTemplate::parse(&package).unwrap();
        Source::csv(&folder.path("s.csv"), template, options)?.collect::<Result<Vec<_>, _>>()
    };
    let error = read(option("gold")).unwrap_err();
    assert_eq!(
        told(&error),
        "s.csv: profile_type: the option says 'gold', the profile header of the template says 'rsplab default profile'"
    );
    assert!(read(option("rsplab default profile")).is_ok());
}

#[test]
fn a_template_without_profile_type_leaves_it_to_the_file_and_the_option() {
    let template =
        ProfileTemplate::parse(&crate::packages::without_profile_type("8988211000000000102")).unwrap();
    let read = |third: &str, header: &str, profile_type: Option<&str>| {
        let text =
            format!("iccid,imsi,ki,opc{header}\n8988211000000000102,001010000000010,{KI},{OPC}{third}\n");
        let folder = Folder::of(&[("s.csv", text)]);
        let options = Options { profile_type: profile_type.map(str::to_owned), ..Options::default() };
        let mut source = Source::csv(&folder.path("s.csv"), template.clone(), options).unwrap();
        source.next().unwrap().map(|profile| profile.profile_type).map_err(|error| told(&error))
    };
    assert_eq!(read("", "", None), Ok("generic".to_owned()));
    assert_eq!(read("", "", Some("gold")), Ok("gold".to_owned()));
    assert_eq!(read(",silver", ",profile_type", None), Ok("silver".to_owned()));
    let both = "s.csv:2: profile_type: the option says 'gold', the row says 'silver'".to_owned();
    assert_eq!(read(",silver", ",profile_type", Some("gold")), Err(both));
}

#[test]
fn the_example_can_be_imported() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/subscribers.csv");
    let source = Source::csv(path.as_ref(), ProfileTemplate::built_in(), Options::default()).unwrap();
    assert_eq!(source.len_hint(), Some(3));
    for profile in source {
        let profile = profile.unwrap();
        assert_eq!(header_of(&profile.package.0).unwrap().iccid, profile.iccid);
    }
}
