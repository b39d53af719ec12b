//! SELECT (ETSI TS 102 221 §8.4, §11.1.1).

use euicc_sim::profile_package::InstalledFile;

use crate::laboratory::{Laboratory, READ_UPDATE_PIN1, USIM, directory, linear, transparent, tree};

#[test]
fn after_reset_and_after_an_application_the_mf_can_be_selected_in_every_way() {
    let mut card = Laboratory::new(tree());
    assert_eq!(card.here(), "3F00");
    for select in ["00A4000C023F00", "00A4000C", "00A4000C023F0000"] {
        card.select_usim();
        assert_eq!(card.here(), USIM);
        card.expect(select, "9000");
        assert_eq!(card.here(), "3F00");
    }
    // ETSI TS 102 221 §11.1.1.2: without a file identifier there is no response data to be had.
    card.expect("00A40004", "6A86");
}

#[test]
fn a_file_id_means_children_then_the_parent_then_dfs_beside() {
    let mut card = Laboratory::new(tree());
    card.walk(&[
        // A grandchild is out of reach, and so are EFs of the parent.
        ("5F3A", "6A82", "3F00"),
        ("7F10", "9000", "7F10"),
        ("2FE2", "6A82", "7F10"),
        ("5F3A", "9000", "5F3A"),
        ("4F01", "9000", "5F3A"),
        // An EF of the parent, the parent, itself, a DF beside.
        ("6F3A", "6A82", "5F3A"),
        ("7F10", "9000", "7F10"),
        ("7F10", "9000", "7F10"),
        ("7F20", "9000", "7F20"),
        ("7F10", "9000", "7F10"),
        ("3F00", "9000", "3F00"),
    ]);
    card.select_usim();
    card.walk(&[
        ("5F3B", "9000", "5F3B"),
        ("5F01", "6A82", "5F3B"),
        ("5F3C", "9000", "5F3C"),
        ("5F01", "9000", "5F01"),
        ("5F3C", "9000", "5F3C"),
        ("7FFF", "9000", USIM),
        ("7F10", "9000", "7F10"),
        // The application stays what it is.
        ("7FFF", "9000", USIM),
    ]);
}

#[test]
fn an_adf_has_no_file_id_but_7fff() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[
        ("00A4000C027FD0", "6A82"),
        ("00A4080C027FD0", "6A82"),
        ("00A4080C047FD06F07", "6A82"),
        ("00A4010C027FD0", "6A82"),
        // No application is selected.
        ("00A4000C027FFF", "6A82"),
        ("00A4080C047FFF6F07", "6A82"),
    ]);
    card.select_usim();
    card.expect_all(&[("00A4000C027FD0", "6A82"), ("00A4000C025F3B", "9000"), ("00A4000C027FD0", "6A82")]);
}

#[test]
fn a_child_df_and_the_parent_can_be_asked_for() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[("00A4010C022FE2", "6A82"), ("00A4010C027F10", "9000"), ("00A4010C025F3A", "9000")]);
    card.expect("00A4010C027F10", "6A82");
    for here in ["7F10", "3F00"] {
        card.expect("00A4030C", "9000");
        assert_eq!(card.here(), here);
    }
    card.expect("00A4030C", "6A82");
    card.select_usim();
    card.expect("00A4030C", "9000");
    assert_eq!(card.here(), "3F00");
}

#[test]
fn a_path_begins_at_the_mf_at_the_application_or_at_the_current_directory() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[
        ("00A4080C067F105F3A4F01", "9000"),
        ("00B0000000", "019000"),
        ("00A4080C047F106F3A", "9000"),
        ("00B0000000", "029000"),
        ("00A4090C045F3A4F01", "9000"),
        ("00B0000000", "019000"),
        // The path does not name where it begins.
        ("00A4080C043F007F10", "6A82"),
        ("00A4090C025F3A", "6A82"),
        // An EF has nothing in it.
        ("00A4080C067F106F3A4F01", "6A82"),
    ]);
    card.select_usim();
    card.expect_all(&[
        ("00A4080C067FFF5F3B4F20", "9000"),
        ("00B0000000", "039000"),
        ("00A4080C047F106F3A", "9000"),
        ("00A4080C027FFF", "9000"),
        ("00A4090C045F3B4F20", "9000"),
        ("00A4090C047FFF5F3B", "6A82"),
    ]);
}

#[test]
fn an_application_is_selected_by_its_whole_or_truncated_name() {
    for aid in [USIM, "A0000000871002FFFFFFFF", "A0000000871002", "A000000087"] {
        let mut card = Laboratory::new(tree());
        card.expect(&format!("00A4040C{:02X}{aid}", aid.len() / 2), "9000");
        assert_eq!(card.here(), USIM);
    }
    let mut card = Laboratory::new(tree());
    for aid in ["A0000000", "A0000000871002FFFFFFFF8902", "A0000000871003", "A000000559", "D276000118"] {
        card.expect(&format!("00A4040C{:02X}{aid}", aid.len() / 2), "6A82");
    }
    card.expect("00A4040C", "6A87");
    assert_eq!(card.here(), "3F00");
}

#[test]
fn p2_goes_through_all_applications_that_a_truncated_name_fits() {
    let (first, second, third) = (USIM, "A0000000871002FFFFFFFF8901", "A0000000871004FFFFFFFF89");
    let mut card = Laboratory::new(tree());
    for (p2, aid, selected) in [
        ("0C", "A000000087", Some(first)),
        ("0E", "A000000087", Some(second)),
        ("0E", "A000000087", Some(third)),
        ("0E", "A000000087", None),
        ("0F", "A000000087", Some(second)),
        ("0F", "A000000087", Some(first)),
        ("0F", "A000000087", None),
        ("0D", "A000000087", Some(third)),
        ("0D", "A0000000871002", Some(second)),
        // The current application is not one of these: the first and the last of them.
        ("0E", "A0000000871004", Some(third)),
        ("0F", "A0000000871002", Some(second)),
        ("0E", "A0000000871004", Some(third)),
        ("0E", "A0000000871002", Some(first)),
    ] {
        let before = card.here();
        let status = if selected.is_some() { "9000" } else { "6A82" };
        card.expect(&format!("00A404{p2}{:02X}{aid}", aid.len() / 2), status);
        assert_eq!(card.here(), selected.unwrap_or(&before), "{p2} {aid}");
    }
}

#[test]
fn the_session_of_an_application_can_be_ended_where_it_was_begun() {
    let mut card = Laboratory::new(tree());
    card.expect(&format!("00A4044C0C{USIM}"), "6985");
    card.select_usim();
    card.expect_all(&[
        ("00A4044C0CA0000000871004FFFFFFFF89", "6985"),
        (&format!("00A4044C0C{USIM}"), "9000"),
        ("00A4000C027FFF", "6A82"),
    ]);
    assert_eq!(card.here(), "3F00");
}

#[test]
fn parameters_of_select_that_mean_nothing_are_refused() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[
        ("00A4020C022FE2", "6A86"),
        ("00A4050C022FE2", "6A86"),
        ("00A40008022FE2", "6A86"),
        ("00A40010022FE2", "6A86"),
        ("00A4008C022FE2", "6A86"),
        // Occurrence and session control are for names.
        ("00A4000D022FE2", "6A86"),
        ("00A4004C022FE2", "6A86"),
        ("00A4042C05A000000087", "6A86"),
        ("00A4000C012F", "6A87"),
        ("00A4000C032FE200", "6A87"),
        ("00A4010C", "6A87"),
        ("00A4030C023F00", "6A87"),
        ("00A4080C037F105F", "6A87"),
        ("00A4080C", "6A87"),
        ("00A4090C", "6A87"),
        ("80A4000C022FE2", "6D00"),
    ]);
}

#[test]
fn a_selection_that_fails_leaves_everything_as_it_was() {
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202"])]);
    card.expect_all(&[
        ("00A4000C026F3C", "9000"),
        ("00B2000202", "01019000"),
        ("00A4000C026F99", "6A82"),
        ("00A4040C05A000000599", "6A82"),
        ("00B2000202", "02029000"),
        // A selection that succeeds resets the record pointer, even one of the same file.
        ("00A4000C026F3C", "9000"),
        ("00B2000402", "6A83"),
        ("00B2000202", "01019000"),
    ]);
}

#[test]
fn selecting_a_directory_leaves_no_current_ef() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[
        ("00B0000000", "6986"),
        ("00A4000C022FE2", "9000"),
        ("00A4000C023F00", "9000"),
        ("00B0000000", "6986"),
        ("00B2010400", "6986"),
        ("00D6000001FF", "6986"),
        ("00DC010401FF", "6986"),
        ("00A2010401FF", "6986"),
        ("8032000001FF", "6986"),
        ("80CB008001 80", "6986"),
        ("80DB008002 8000", "6986"),
        ("00040000", "6986"),
        ("00440000", "6986"),
    ]);
}

/// TCA profile package, linkPath: a DF may be a link, to one that a USIM of another release looks for elsewhere.
#[test]
fn a_directory_that_is_a_link_is_the_one_that_it_leads_to() {
    let shown = InstalledFile { link: Some("7F10".to_owned().try_into().unwrap()), ..directory("7F67") };
    let mut card =
        Laboratory::new([directory("7F10"), transparent("7F106F01", READ_UPDATE_PIN1, "CAFE"), shown]);
    card.expect_all(&[
        ("00A4000C027F67", "9000"),
        ("00A4000C026F01", "9000"),
        ("00B0000002", "CAFE9000"),
        ("00A4080C047F676F01", "9000"),
        ("00D6000002BEEF", "9000"),
        ("00A4080C047F106F01", "9000"),
        ("00B0000002", "BEEF9000"),
    ]);
}
