//! What a device does when it is switched on (SGP.22 §3.4.4).

use crate::lab::Lab;

#[test]
fn a_profile_of_the_default_sm_dp_spares_the_sm_ds() {
    let lab = Lab::new(true);
    lab.register(&lab.root, "ONE", &lab.smdp());
    let smdp = lab.smdp();
    lab.card(&["--default-smdp", &smdp]);
    let said = lab.discovers(&["--power-on", "--yes"]);
    assert_eq!(said[0], format!("default SM-DP+ {smdp}: profile 8988211000000000033 is installed, disabled"));
    assert!(said[1].contains("acknowledged"), "{said:?}");
    assert_eq!(said[2..], ["1 profile installed"]);
    assert_eq!(lab.profiles().lines().count(), 1);
    // From now on it is not appropriate.
    let said = lab.discovers(&["--power-on", "--yes"]);
    assert_eq!(said, ["the card has an operational profile: there is nothing to do at power-on"]);
}

#[test]
fn without_a_profile_at_the_default_sm_dp_the_sm_ds_is_asked() {
    for binding in ["json", "asn1"] {
        let lab = Lab::new(false);
        let smdp = lab.smdp();
        lab.register(&lab.root, "ONE", &smdp);
        lab.card(&["--default-smdp", &smdp]);
        let said = lab.discovers(&["--power-on", "--yes", "--binding", binding]);
        assert_eq!(said[0], format!("default SM-DP+ {smdp}: no profile waits there"));
        assert_eq!(said[1], format!("{}: 1 event", lab.root.address));
        assert!(said[2].contains("8988211000000000017"), "{said:?}");
        assert_eq!(said.last().unwrap(), "1 profile installed");
    }
}

#[test]
fn a_default_sm_dp_that_is_gone_is_told_and_the_sm_ds_is_asked_all_the_same() {
    let lab = Lab::new(false);
    lab.register(&lab.root, "ONE", &lab.smdp());
    lab.card(&["--default-smdp", "localhost:1"]);
    let (said, complained) = lab.fails(&["--power-on", "--yes"]);
    assert!(
        said[0].starts_with("default SM-DP+ localhost:1: ") && said[0].contains("cannot connect"),
        "{said:?}"
    );
    assert_eq!(said.last().unwrap(), "1 profile installed");
    assert!(complained.contains("1 failed"), "{complained}");
}

#[test]
fn a_card_that_names_nobody_has_nothing_to_do() {
    let lab = Lab::new(false);
    lab.bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let said = lab.discovers(&["--power-on"]);
    let [no_smdp, no_smds] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!(no_smdp, "the card has no default SM-DP+");
    assert!(no_smds.contains("no root SM-DS"), "{no_smds}");
}
