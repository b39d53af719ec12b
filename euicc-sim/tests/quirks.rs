//! Each quirk of ES10 beside the strict card: the same commands, and what they get. Those of the APDU layer are in
//! `quirks_apdu`.
#![cfg(test)]

mod common;

use asn1::tlv;
use common::quirky::{ENABLED, OPENING, terminal, with};
use common::smdp::{self, Download, Segments};
use common::{ICCID, OPERATIONAL, delete, disable, enable, hex, new_state, state_with};
use crypto::Curve;
use euicc_sim::quirks::Quirks;
use euicc_sim::state::CardState;

#[test]
fn a_change_that_refreshes_may_find_the_toolkit_busy() {
    let [disabled, enabled] = [state_with(&[OPERATIONAL]), state_with(&[ENABLED])];
    let busy = |state: &CardState| terminal(with(state.clone(), &["refresh=cat_busy"]), &OPENING);
    assert_eq!(terminal(disabled.clone(), &OPENING).result(&enable(ICCID, true)), 0);
    assert_eq!(busy(&disabled).result(&enable(ICCID, true)), 5);
    assert_eq!(busy(&disabled).result(&enable(ICCID, false)), 0);
    assert_eq!(busy(&enabled).result(&disable(ICCID, true)), 5);
    assert_eq!(busy(&enabled).case_3(&disable(ICCID, true)), 0x9300);
    // eUICCMemoryReset has no flag; it refreshes where a profile is enabled.
    assert_eq!(busy(&enabled).result(&hex("BF3404820206C0")), 5);
    assert_eq!(busy(&disabled).result(&hex("BF3404820206C0")), 0);
}

#[test]
fn the_answer_of_a_change_that_refreshes_may_be_lost() {
    let state = state_with(&[OPERATIONAL]);
    // 6F00, and it is done all the same.
    let mut quirky = terminal(with(state.clone(), &["refresh=technical_problem"]), &OPENING);
    assert_eq!(quirky.es10(&enable("89000123456789012358", true)).1, 0x9000, "a failure is told");
    assert_eq!(quirky.es10(&enable(ICCID, true)), (Vec::new(), 0x6F00));
    assert_eq!(quirky.profiles(), [(ICCID.to_owned(), true)]);
    assert_eq!(quirky.result(&disable(ICCID, false)), 0);

    // Silence until the reset.
    let mut quirky = terminal(with(state, &["refresh=mute"]), &OPENING);
    let command = enable(ICCID, true);
    let header = [0x81, 0xE2, 0x91, 0, u8::try_from(command.len()).unwrap()];
    assert!(quirky.send(&[&header, &command[..]].concat()).is_empty());
    assert!(quirky.send(&hex("80F2000C00")).is_empty());
    quirky.reset();
    assert_eq!(quirky.profiles(), [(ICCID.to_owned(), true)]);
}

#[test]
fn a_refresh_may_be_asked_for_whether_the_terminal_fetches_or_not() {
    let state = state_with(&[OPERATIONAL]);
    let mut strict = terminal(state.clone(), &OPENING);
    assert_eq!(strict.es10(&enable(ICCID, true)).1, 0x9000);
    let mut quirky = terminal(with(state, &["refresh=always"]), &OPENING);
    for _ in 0..2 {
        quirky.reset();
        quirky.es10(&disable(ICCID, false));
        assert_eq!(quirky.es10(&enable(ICCID, true)).1, 0x910B);
    }
    quirky.card.reset();
    assert!(quirky.card.state().enabled_profile().is_some());
}

#[test]
fn responses_may_have_tags_of_their_own() {
    let quirks = ["eid_tag_80", "challenge_tag_04"];
    let mut strict = terminal(new_state(Curve::P256), &OPENING);
    let mut quirky = terminal(with(new_state(Curve::P256), &quirks), &OPENING);
    let get_eid = hex("BF3E035C015A");
    assert_eq!(strict.ok(&get_eid), hex("BF3E125A1089049032123451234512345678901235"));
    assert_eq!(quirky.ok(&get_eid), hex("BF3E12801089049032123451234512345678901235"));
    assert_eq!(strict.ok(&hex("BF2E00"))[..5], hex("BF2E128010"));
    assert_eq!(quirky.ok(&hex("BF2E00"))[..5], hex("BF2E120410"));
}

#[test]
fn no_notification_may_be_told_as_an_error() {
    for code in [1, 127] {
        let quirk = format!("empty_notifications_error={code}");
        let mut strict = terminal(state_with(&[OPERATIONAL]), &OPENING);
        let mut quirky = terminal(with(state_with(&[OPERATIONAL]), &[&quirk]), &OPENING);
        for tag in ["BF28", "BF2B"] {
            let command = hex(&format!("{tag}00"));
            assert_eq!(strict.ok(&command), hex(&format!("{tag}02A000")));
            assert_eq!(quirky.ok(&command), hex(&format!("{tag}038101{code:02X}")));
        }
        // With one to tell, the list is as ever.
        quirky.ok(&enable(ICCID, false));
        assert_eq!(quirky.notifications().len(), 1);
    }
}

#[test]
fn the_list_of_profiles_may_be_nested_once_too_often() {
    let mut strict = terminal(state_with(&[OPERATIONAL]), &OPENING);
    let mut quirky = terminal(with(state_with(&[OPERATIONAL]), &["nested_profiles_info"]), &OPENING);
    let command = hex("BF2D045C025A95");
    let list = tlv::wrap(0xE3, &[common::iccid_tlv(ICCID), hex("950102")].concat());
    assert_eq!(strict.ok(&command), tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &list)));
    assert_eq!(quirky.ok(&command), tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &tlv::wrap(0x30, &list))));
}

#[test]
fn a_criterion_may_come_without_its_tag() {
    let mut strict = terminal(state_with(&[OPERATIONAL]), &OPENING);
    let mut quirky = terminal(with(state_with(&[OPERATIONAL]), &["bare_search_criterion"]), &OPENING);
    let found = tlv::wrap(0xE3, &common::iccid_tlv(ICCID));
    for (iccid, list) in [(ICCID, &found[..]), ("89000123456789012358", &[])] {
        let members = [common::iccid_tlv(iccid), hex("5C015A")].concat();
        let command = tlv::wrap(0xBF2D, &members);
        assert_eq!(strict.ok(&command), hex("BF2D03810101"));
        assert_eq!(quirky.ok(&command), tlv::wrap(0xBF2D, &tlv::wrap(0xA0, list)));
    }
}

/// A download on a card with these quirks, right before its package.
fn download(quirks: &[&str]) -> Download {
    Download::prepare(terminal(with(new_state(Curve::P256), quirks), &OPENING), Curve::P256)
}

/// Loads segments until one is not answered; gives the number of that one.
fn load_until_silence(download: &mut Download, segments: &Segments) -> Option<usize> {
    for (number, segment) in (1..).zip(segments) {
        let blocks = segment.len().div_ceil(255);
        for (index, block) in segment.chunks(255).enumerate() {
            let p1 = if index + 1 == blocks { 0x91 } else { 0x11 };
            let header = [0x81, 0xE2, p1, u8::try_from(index).unwrap(), u8::try_from(block.len()).unwrap()];
            if download.terminal.send(&[&header, block].concat()).is_empty() {
                return Some(number);
            }
        }
    }
    None
}

#[test]
fn power_that_is_lost_at_any_segment_is_reported_and_the_retry_succeeds() {
    let mut strict = download(&[]);
    let count = strict.binding().segments().len();
    let segments = strict.binding().segments();
    assert_eq!(load_until_silence(&mut strict, &segments), None);

    for lost_at in 1..=count {
        let mut download = download(&[&format!("power_loss={{segment={lost_at}, times=1}}")]);
        let segments = download.binding().segments();
        assert_eq!(load_until_silence(&mut download, &segments), Some(lost_at));
        assert!(download.terminal.send(&hex("80F2000C00")).is_empty(), "no power, no answer");

        download.terminal.reset();
        let results = download.terminal.notifications();
        let result = smdp::installation_result(results[0].bytes(), Curve::P256);
        if lost_at == count {
            // All of it was there and kept; only the answer is lost.
            assert!(matches!(result.final_result, asn1::FinalResult::SuccessResult(_)));
            assert_eq!(download.terminal.profiles().len(), 1);
            continue;
        }
        let (command, reason) = smdp::error(results[0].bytes(), Curve::P256);
        assert_eq!(reason, 11, "installFailedDueToInterruption");
        let expected = [1, 2, 2, 5].get(lost_at - 1).copied().unwrap_or(5);
        assert_eq!(command, expected, "after segment {lost_at}");
        assert!(download.terminal.profiles().is_empty());
        // The loss is used up, and the memory knows it.
        assert!(download.terminal.memory.kept().unwrap().quirks.are_none());
        download.again();
        let binding = download.binding();
        download.install(&binding);
    }
}

#[test]
fn power_may_be_lost_again_and_again() {
    let mut download = download(&["power_loss={segment=3, times=2}"]);
    for left in [Some("{ segment = 3, times = 1 }"), None] {
        let segments = download.binding().segments();
        assert_eq!(load_until_silence(&mut download, &segments), Some(3));
        download.terminal.reset();
        let value = download.terminal.card.state().quirks.on().pop().map(|(_, value)| value);
        assert_eq!(value.as_deref(), left);
        download.again();
    }
    let binding = download.binding();
    download.install(&binding);

    let mut for_ever = self::download(&["power_loss={segment=1}"]);
    for _ in 0..3 {
        let segments = for_ever.binding().segments();
        assert_eq!(load_until_silence(&mut for_ever, &segments), Some(1));
        for_ever.terminal.reset();
        for_ever.again();
    }
}

#[test]
fn an_installation_may_fail_at_any_segment_for_any_reason() {
    let count = download(&[]).binding().segments().len();
    // Without a command it is the one under way.
    for (segment, command) in (1..=count).zip([0, 1, 2, 2].into_iter().chain([5; 99])) {
        let mut download =
            download(&[&format!("install_failure={{segment={segment}, reason=127, times=1}}")]);
        let segments = download.binding().segments();
        let (command_told, reason) = download.fail(&segments);
        assert_eq!(reason, 127, "at segment {segment}");
        assert_eq!(command_told, command, "at segment {segment}");
        assert!(download.terminal.profiles().is_empty());
        assert_eq!(download.terminal.notifications().len(), 1);
        // Once: the session is over, and the next one is as it should be.
        assert_eq!(download.terminal.es10(&segments[segment - 1]).1, 0x6A88);
        download.again();
        let binding = download.binding();
        download.install(&binding);
    }
    let mut download = download(&["install_failure={segment=5, reason=8, command=1}"]);
    let segments = download.binding().segments();
    assert_eq!(download.fail(&segments), (1, 8));
}

#[test]
fn each_function_with_a_result_may_be_told_which_one_to_give() {
    let transaction = "3012 8010 000102030405060708090A0B0C0D0E0F";
    for (function, command, response) in [
        ("SetDefaultDpAddress", "BF3F00", "BF3F038001"),
        ("AuthenticateServer", &format!("BF3814{transaction}")[..], "ErrorOf"),
        ("PrepareDownload", &format!("BF2114{transaction}"), "ErrorOf"),
        ("CancelSession", "BF4100", "BF41038101"),
        ("ListNotification", "BF2800", "BF28038101"),
        ("RetrieveNotificationsList", "BF2B00", "BF2B038101"),
        ("RemoveNotificationFromList", "BF3003800100", "BF30038001"),
        ("LoadCRL", "BF3500", "BF35038101"),
        ("GetProfilesInfo", "BF2D00", "BF2D038101"),
        ("EnableProfile", "BF3100", "BF31038001"),
        ("DisableProfile", "BF3200", "BF32038001"),
        ("DeleteProfile", "BF3300", "BF33038001"),
        ("eUICCMemoryReset", "BF34048202 06C0", "BF34038001"),
        ("SetNickname", "BF2900", "BF29038001"),
    ] {
        let mut strict = terminal(new_state(Curve::P256), &OPENING);
        let before = strict.es10(&hex(command));
        let quirk = format!(r#"results=[{{function="{function}", code=99, times=1}}]"#);
        let mut quirky = terminal(with(new_state(Curve::P256), &[&quirk]), &OPENING);
        let forced = match response {
            "ErrorOf" => {
                let tag = &command[..4];
                hex(&format!("{tag}17A1158010000102030405060708090A0B0C0D0E0F020163"))
            }
            plain => hex(&format!("{plain}63")),
        };
        assert_ne!(before.0, forced);
        assert_eq!(quirky.ok(&hex(command)), forced, "{function}");
        // Used up, and kept so.
        assert!(quirky.memory.kept().unwrap().quirks.are_none());
        assert_eq!(quirky.es10(&hex(command)), before, "{function}");
    }
}

#[test]
fn a_forced_result_does_nothing_to_the_profile() {
    let quirk =
        r#"results=[{function="EnableProfile", code=5, times=2}, {function="DeleteProfile", code=0}]"#;
    let mut quirky = terminal(with(state_with(&[OPERATIONAL]), &[quirk]), &OPENING);
    assert_eq!(quirky.result(&enable(ICCID, false)), 5);
    assert_eq!(quirky.case_3(&enable(ICCID, false)), 0x9300);
    assert_eq!(quirky.result(&delete(ICCID)), 0);
    assert_eq!(quirky.profiles(), [(ICCID.to_owned(), false)], "neither enabled nor deleted");
    assert_eq!(quirky.result(&enable(ICCID, false)), 0);
    assert_eq!(quirky.profiles(), [(ICCID.to_owned(), true)]);
}

#[test]
fn a_state_of_before_is_a_strict_card() {
    let mut state = serde_json::to_value(new_state(Curve::P256)).unwrap();
    assert!(state.get("quirks").is_none(), "a strict card keeps none");
    state.as_object_mut().unwrap().remove("platform");
    let state: CardState = serde_json::from_value(state).unwrap();
    assert_eq!(state.quirks, Quirks::default());
}
