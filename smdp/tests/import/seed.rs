//! The seed file has its metadata from the same builder.

use asn1::{IconType, Raw, StoreMetadataRequest};

use crate::{Folder, png};

fn order(metadata: &str) -> String {
    format!(
        "[[order]]\niccid = '8988211000000000102'\nmatching_id = 'A'\n\
         subscriber = {{ imsi = '001010000000010', ki = '{0}', opc = '{0}' }}\n[order.metadata]\n{metadata}",
        "0".repeat(32)
    )
}

#[test]
fn an_order_may_have_an_icon() {
    let folder = Folder::of(&[("seed.toml", order("icon = 'icon.png'").into_bytes()), ("icon.png", png())]);
    let orders = smdp::seed::read(&folder.path("seed.toml")).unwrap();
    let metadata = Raw::<StoreMetadataRequest>::from_der(&orders[0].profile.metadata).unwrap();
    assert_eq!(metadata.icon_type, Some(IconType::PNG));
    assert_eq!(metadata.icon.as_ref().unwrap().bytes(), png());
}

#[test]
fn a_mistake_in_metadata_is_told_with_line_and_field() {
    let refusal = |metadata: &str| {
        let load = |_: &str| Ok(b"GIF89a".to_vec());
        smdp::seed::parse("seed.toml".as_ref(), &order(metadata), &load).unwrap_err().to_string()
    };
    for (metadata, expected) in [
        ("\nicon = 'a.gif'", "seed.toml:7: order.metadata.icon: the icon is neither PNG nor JPEG"),
        (
            "policy_rules = ['PPR1']",
            "seed.toml:6: order.metadata.profile_owner: policy_rules need a profile_owner",
        ),
        (
            "\n\nprofile_owner = { mcc_mnc = '1' }",
            "seed.toml:8: order.metadata.profile_owner.mcc_mnc: MCC and MNC are 5 or 6 decimal digits",
        ),
    ] {
        assert_eq!(refusal(metadata), expected);
    }
    let long = format!("service_provider_name = '{}'", "x".repeat(33));
    assert_eq!(
        refusal(&long),
        "seed.toml:6: order.metadata.service_provider_name: 33 characters, more than 32"
    );
}
