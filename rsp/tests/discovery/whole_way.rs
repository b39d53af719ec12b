//! From the order to the enabled profile, and no activation code.

use serde_json::Value;

use crate::lab::{EID, Lab, Node, SMDP_OID, SMDS_OID};

#[test]
fn a_profile_goes_from_the_order_to_a_card_on_nist_p256_without_an_activation_code() {
    from_order_to_enabled("nist");
}

#[test]
fn a_profile_goes_from_the_order_to_a_card_on_brainpool_p256r1_without_an_activation_code() {
    from_order_to_enabled("brainpool");
}

fn from_order_to_enabled(curve: &str) {
    let lab = Lab::new();
    let [root, alternative, _smdp] = lab.start_all();
    lab.card(&["--curve", curve]);
    for (number, binding) in [(0, "json"), (1, "asn1")] {
        let order = lab.alpha().release();
        assert_eq!(lab.state(&order.iccid).unwrap(), "Released");
        lab.until_registered(&[&order.matching_id]);

        // The same over the management API.
        let [at_alternative, at_root] = [&alternative, &root].map(|node| only_open_event(node));
        let [alternative_address, root_address, smdp_address] =
            [&lab.alternative, &lab.root, &lab.smdp].map(|site| site.lpas.address());
        assert_eq!(at_alternative["event_id"], *order.matching_id);
        assert_eq!(at_alternative["caller"], SMDP_OID);
        assert_eq!(at_alternative["rsp_server_address"], *smdp_address);
        assert_eq!(at_root["event_id"], at_alternative["forwarded_as"], "EventID2");
        assert_ne!(at_root["event_id"], at_alternative["event_id"]);
        assert_eq!(at_root["caller"], SMDS_OID);
        assert_eq!(at_root["rsp_server_address"], *alternative_address);
        assert_eq!((&at_root["eid"], &at_root["forwarded_as"]), (&Value::from(EID), &Value::Null));

        let said = lab.lpa_ok(&["--binding", binding, "discover", "--yes"]);
        let way = format!("{root_address} > {alternative_address} > {smdp_address}: profile {}", order.iccid);
        assert!(said.contains(&way), "{said}");
        lab.lpa_ok(&["enable", &order.iccid]);
        let listed = lab.lpa_ok(&["list"]);
        let own = listed.lines().find(|line| line.contains(&order.iccid)).unwrap();
        assert!(own.contains("enabled"), "{listed}");
        assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");

        lab.until_deleted();
        let ended = [&lab.alternative, &lab.root].map(|site| lab.events(site).len());
        assert_eq!(ended, [number + 1; 2], "one record for each event");
        let said = lab.lpa_ok(&["--binding", binding, "discover", "--yes"]);
        assert!(said.contains("no event waits"), "{said}");
        lab.lpa_ok(&["disable", &order.iccid]);
    }
}

/// By the management API.
fn only_open_event(node: &Node<'_>) -> Value {
    let path = format!("/api/v1/events?eid={EID}&state=Registered");
    let answer = node.manage(&path);
    let [event] = &answer["events"].as_array().unwrap()[..] else { panic!("{answer}") };
    event.clone()
}

#[test]
fn an_smds_is_ready_describes_its_api_and_counts_what_it_is_told() {
    let lab = Lab::new();
    let [root, alternative, _smdp] = lab.start_all();
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    for node in [&root, &alternative] {
        assert!(node.ask("/ready").starts_with("HTTP/1.1 200 "));
        assert_eq!(node.manage("/openapi.json")["info"]["title"], "SM-DS management");
        let metrics = node.ask("/metrics");
        let counted = |line: &str| line.contains("\"registerEvent\"") && line.ends_with(" 1");
        assert!(metrics.lines().any(counted), "{metrics}");
    }
}
