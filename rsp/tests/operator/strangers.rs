//! What an operator sees of another one's profiles: nothing (SGP.22 tables 24, 27, 30, 32).

use crate::lab::{ALPHA, BETA, Lab};

#[test]
fn an_operator_sees_no_profile_of_another_whatever_its_state() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let (alpha, beta) = (smdp.alpha(), smdp.beta());
    let (released, activation_code) = alpha.release("travel");
    let matching_id = activation_code.rsplit('$').next().unwrap();
    let untouched = ALPHA.into_iter().find(|iccid| *iccid != released).unwrap();
    for iccid in [released.as_str(), untouched] {
        for call in [
            &["download-order", "--iccid", iccid][..],
            &["confirm-order", "--iccid", iccid],
            &[
                "cancel-order",
                "--iccid",
                iccid,
                "--matching-id",
                matching_id,
                "--final-status",
                "unavailable",
            ],
            &["release", "--iccid", iccid],
            // TLS says who calls, not what the caller says of itself.
            &["release", "--iccid", iccid, "--requester", "2.999.20"],
        ] {
            assert_eq!(beta.refused(call), "8.2.1/1.2", "{call:?}");
        }
    }
    assert_eq!(beta.refused(&["download-order", "--profile-type", "travel"]), "8.2.5/1.2");
    assert_eq!(alpha.refused(&["download-order", "--profile-type", "meter"]), "8.2.5/1.2");
    assert_eq!(lab.state(&released).unwrap(), "Released");
    assert_eq!(lab.state(untouched), None);
}

#[test]
fn what_is_not_there_is_told_apart_from_what_is_another_ones() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let (alpha, beta) = (smdp.alpha(), smdp.beta());
    assert_eq!(alpha.refused(&["download-order", "--iccid", "8988211000000000995"]), "8.2.1/3.9");
    assert_eq!(alpha.refused(&["download-order", "--profile-type", "none"]), "8.2.5/3.9");
    assert_eq!(alpha.refused(&["download-order"]), "1.6/2.3", "which profile?");
    assert_eq!(
        alpha.refused(&["download-order", "--iccid", ALPHA[0], "--profile-type", "meter"]),
        "8.2.5/3.8"
    );
    assert_eq!(beta.order("meter"), BETA);
    assert_eq!(beta.refused(&["download-order", "--iccid", BETA]), "8.2.1/3.3", "it is ordered");
}
