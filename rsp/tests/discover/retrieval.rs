//! What the SM-DS tells is shown, or downloaded (SGP.22 §3.6.2).

use crate::lab::Lab;

#[test]
fn every_event_is_downloaded_and_its_way_is_told() {
    for binding in ["json", "asn1"] {
        let lab = Lab::new(false);
        let alternative = lab.alternative();
        let (root, smdp) = (&lab.root.address, lab.smdp());
        lab.register(&alternative, "TWO", &smdp);
        lab.register(&lab.root, "ONE", &smdp);
        lab.card(&[]);
        let said = lab.discovers(&["--yes", "--binding", binding]);
        let [told, followed, two, heard_two, one, heard_one, all] = said.as_slice() else {
            panic!("{said:?}")
        };
        assert_eq!(told, &format!("{root}: 2 events"));
        let at_alternative = format!("  {root} > {}", alternative.address);
        assert!(followed.ends_with(&format!("{at_alternative}: an SM-DS with 1 event")), "{followed}");
        let installed = "(Test profile) is installed, disabled";
        assert_eq!(
            two,
            &format!("event TWO{at_alternative} > {smdp}: profile 8988211000000000025 {installed}")
        );
        assert_eq!(one, &format!("event ONE  {root} > {smdp}: profile 8988211000000000017 {installed}"));
        for heard in [heard_two, heard_one] {
            assert!(heard.starts_with("notification ") && heard.contains("acknowledged"), "{heard}");
        }
        assert_eq!(all, "2 profiles installed");
        assert_eq!(lab.profiles().lines().count(), 2);
    }
}

#[test]
fn list_shows_what_the_sm_ds_tells_and_downloads_nothing() {
    let lab = Lab::new(false);
    lab.card(&[]);
    let nothing = format!("{}: no event waits for this card", lab.root.address);
    assert_eq!(lab.discovers(&["--list"]), [nothing.as_str()]);
    assert_eq!(lab.discovers(&[]), [nothing.as_str()]);

    lab.register(&lab.root, "ONE", &lab.smdp());
    lab.register(&lab.root, "AN OTHER", "nobody.example");
    let expected = [format!("ONE  {}", lab.smdp()), "AN OTHER  nobody.example".to_owned()];
    assert_eq!(lab.discovers(&["--list"]), expected);
    assert_eq!(lab.profiles(), "");
}

#[test]
fn another_sm_ds_than_that_of_the_card_is_asked_where_it_is_named() {
    let lab = Lab::new(false);
    let alternative = lab.alternative();
    lab.register(&alternative, "ONE", &lab.smdp());
    lab.card(&[]);
    // An Alternative tells its own events to whoever asks for all.
    assert_eq!(lab.discovers(&["--list", "--smds", &alternative.address]), [format!("ONE  {}", lab.smdp())]);
}

#[test]
fn one_event_that_fails_and_one_that_is_declined_cost_the_others_nothing_but_the_exit_code() {
    let lab = Lab::new(false);
    let smdp = lab.smdp();
    lab.register(&lab.root, "NO-ORDER", &smdp);
    lab.register(&lab.root, "GONE", "localhost:1");
    lab.register(&lab.root, "ONE", &smdp);
    lab.card(&[]);
    let (said, complained) = lab.fails(&["--yes", "--no-notifications"]);
    assert!(said[1].starts_with("event NO-ORDER  ") && said[1].contains("8.2.6 3.8"), "{said:?}");
    assert!(said[2].starts_with("event GONE  ") && said[2].contains("cannot connect"), "{said:?}");
    assert!(said[3].starts_with("event ONE  ") && said[3].contains("is installed"), "{said:?}");
    assert_eq!(said[4..], ["1 profile installed"], "the result of the installation stays on the card");
    assert!(complained.contains("2 failed, 0 declined"), "{complained}");

    // Nobody is there to answer; the SM-DP+ has not heard of the installation, and offers the first once more.
    lab.register(&lab.root, "TWO", &smdp);
    let (said, complained) = lab.fails(&[]);
    assert!(said.iter().any(|line| line.starts_with("event TWO  ") && line.ends_with("in time")), "{said:?}");
    assert!(complained.contains("2 failed, 2 declined"), "{complained}");
}

#[test]
fn a_card_without_a_root_sm_ds_is_told_from_one_that_cannot_be_reached() {
    let lab = Lab::new(false);
    lab.bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let (_, complained) = lab.fails(&[]);
    assert!(complained.contains("placeholder testrootsmds.example.com"), "{complained}");
    assert!(complained.contains("--smds") && complained.contains("--root-smds"), "{complained}");
    assert!(lab.discovers(&["--smds", &lab.root.address])[0].ends_with("no event waits for this card"));

    let (_, complained) = lab.fails(&["--smds", "localhost:1"]);
    assert!(complained.contains("cannot connect to localhost:1"), "{complained}");
    // An SM-DP+ is no SM-DS.
    let (_, complained) = lab.fails(&["--smds", &lab.smdp()]);
    assert!(complained.contains("an SM-DS is expected"), "{complained}");
}

#[test]
fn several_hosts_have_a_route() {
    let lab = Lab::new(false);
    let at = |address: &str| address.replace("localhost", "127.0.0.1");
    let (root, smdp) = (at(&lab.root.address), at(&lab.smdp()));
    lab.bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    // Without the first route the placeholder of the card would stand for nobody; the second is for another host.
    let routes = [format!("testrootsmds.example.com={root}"), format!("smdp.example={smdp}")];
    let (_, complained) = lab.fails(&["--route", &routes[0], "--route", &routes[1]]);
    // It is reached, and is not the one whose name is in its certificate.
    assert!(complained.contains("no TLS with testrootsmds.example.com"), "{complained}");
}
