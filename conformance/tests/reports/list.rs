use conformance::case::Variants;
use conformance::report::list::{List, Listing};
use crypto::Curve;
use serde_json::{Value, json};
use wire::es9plus::Binding;

use crate::sample;

const CURVES: [Curve; 2] = [Curve::P256, Curve::BrainpoolP256r1];
const BINDINGS: [Binding; 2] = [Binding::Json, Binding::Asn1];

fn cases() -> [Listing; 2] {
    let tagged = sample::head(sample::AUTHENTICATE, 1).tagged(&["certificate"]).sgp23("4.3.2");
    [
        sample::listing(tagged, Variants::ALL),
        sample::listing(sample::should(sample::DOWNLOAD, 12), Variants::ONCE),
    ]
}

#[test]
fn a_list_has_a_line_for_each_case_and_counts_their_runs() {
    assert_eq!(
        List::new(&cases(), &CURVES, &BINDINGS, false).to_string(),
        "ES9+.AuthenticateClient.5.6.3-01  MUST   ×4  refuses what is wrong (SGP.23 4.3.2)\n\
         ES2+.DownloadOrder.5.3.1-12       SHOULD     says why\n\
         2 cases, 5 runs\n"
    );
    let on_one_curve = List::new(&cases(), &CURVES[..1], &BINDINGS, false).to_string();
    assert!(on_one_curve.ends_with("2 cases, 3 runs\n"));
}

#[test]
fn a_verbose_list_tells_what_is_done() {
    let told = List::new(&cases()[..1], &CURVES, &BINDINGS, true).to_string();
    let expected =
        "    needs     the target offers ES2+\n    step 1    InitiateAuthentication\n    expected  8.1/6.1\n";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn a_list_is_json_too() {
    let told: Value =
        serde_json::from_str(&List::new(&cases(), &CURVES, &BINDINGS, false).to_json().unwrap()).unwrap();
    assert_eq!(told[0]["id"], "ES9+.AuthenticateClient.5.6.3-01");
    assert_eq!(told[0]["variants"], json!(["nist/json", "nist/asn1", "brainpool/json", "brainpool/asn1"]));
    assert_eq!(told[0]["tags"], json!(["certificate"]));
    assert_eq!(told[0]["sgp23"], "4.3.2");
    assert_eq!(told[1]["variants"], json!([""]));
    assert_eq!(told[1]["level"], "SHOULD");
}
