//! The profiles of the SM-DP+, and the orders that ES2+ cannot make.

use std::fmt::Write;
use std::path::Path;

use conformance::server::orders::OrdersFile;
use protocol::clock::Timestamp;
use protocol::profile::{Subscriber, default_profile};
use smdp::domain::{NewProfile, Package, PackageProtection};
use smdp::store::{SqliteStore, Store};
use zeroize::Zeroizing;

use super::smdp::{ALPHA, BETA};

/// Of the profiles of the first operator.
pub const PROFILE_TYPE: &str = "basic";
/// Each serves one run of a case.
const SPECIAL_ORDERS: u32 = 12;

/// More profiles than there are runs that use one up.
pub async fn stock(store: &SqliteStore, now: Timestamp) {
    let good = (0..1200).map(|number| profile(number, number, (ALPHA.0, PROFILE_TYPE)));
    // Of which the package is that of another profile.
    let mixed_up = (2000..2010).map(|number| profile(number, number + 100, (ALPHA.0, "mixed-up")));
    let of_another = (3000..3003).map(|number| profile(number, number, (BETA.0, "meter")));
    let profiles: Vec<NewProfile> = good.chain(mixed_up).chain(of_another).collect();
    let import = store.begin_import(now, now).await.unwrap();
    store.import_profiles(import, now, profiles).await.unwrap();
    store.finish_import(import).await.unwrap();
    let seed = smdp::seed::parse(Path::new("seed.toml"), &seed(), &|name| Err(format!("no {name}")));
    store.add_orders(now, seed.unwrap()).await.unwrap();
}

fn profile(number: u32, in_package: u32, (operator, profile_type): (&str, &str)) -> NewProfile {
    let iccid = |number: u32| -> asn1::Iccid { format!("89010{number:014}").parse().unwrap() };
    let imsi = format!("00101{number:010}").parse().unwrap();
    let keys = || Zeroizing::new([number.to_le_bytes()[0]; 16]);
    let subscriber = Subscriber::new(iccid(in_package), imsi, keys(), keys());
    let metadata = asn1::StoreMetadataRequest::new(
        iccid(number),
        "Operator".parse().unwrap(),
        "Profile".parse().unwrap(),
    );
    NewProfile {
        iccid: iccid(number),
        operator: Some(operator.to_owned()),
        profile_type: profile_type.to_owned(),
        protection: PackageProtection::SessionKeys,
        metadata: asn1::Raw::new(metadata).into_bytes(),
        package: Package(default_profile(&subscriber)),
    }
}

/// Orders that have expired, and orders of profiles with PPR1.
fn seed() -> String {
    let mut toml = String::new();
    for number in 0..SPECIAL_ORDERS {
        for (kind, at, more, metadata) in [
            ("EXPIRED", 900_000, "expires = 2020-01-31T12:00:00Z\n", ""),
            (
                "PPR1",
                910_000,
                "",
                "[order.metadata]\npolicy_rules = [\"PPR1\"]\nprofile_owner = { mcc_mnc = \"00101\" }\n",
            ),
        ] {
            let iccid = at + number;
            write!(
                toml,
                "[[order]]\niccid = \"8988211{iccid:012}\"\nmatching_id = \"{kind}-{number}\"\n{more}\
                 [order.subscriber]\nimsi = \"001010000000017\"\nki = \"000102030405060708090A0B0C0D0E0F\"\n\
                 opc = \"101112131415161718191A1B1C1D1E1F\"\n{metadata}"
            )
            .unwrap();
        }
    }
    toml
}

/// The same orders as the judge is told of them.
pub fn orders() -> OrdersFile {
    let mut toml = String::new();
    for number in 0..SPECIAL_ORDERS {
        for (kind, name) in [("expired", "EXPIRED"), ("ppr1", "PPR1")] {
            write!(toml, "[[order]]\nmatching-id = \"{name}-{number}\"\nis = \"{kind}\"\nuses = 1\n")
                .unwrap();
        }
    }
    OrdersFile::parse(&toml).unwrap()
}
