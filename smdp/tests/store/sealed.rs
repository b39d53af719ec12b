//! Secrets at rest: sealed under the key of the store, each for its own record.

use protocol::confirmation_code::ConfirmationCodeHash;
use smdp::domain::{Kept, Order, PackageProtection, StoredPackage};
use smdp::store::{Store, StoreError};

use crate::common::orders::{iccid, order_with_code, package, protected};
use crate::kinds::{self, Place, key, wrong_key};
use crate::promises::{NOW, add, bound, open};

/// Makes each test of this file for both kinds.
macro_rules! on_both {
    ($($test:ident),*) => {
        mod in_sqlite {
            $(
                #[tokio::test]
                async fn $test() {
                    let (store, place) = super::kinds::sqlite();
                    super::$test(store, place).await;
                }
            )*
        }
        mod in_postgresql {
            $(
                #[tokio::test]
                async fn $test() {
                    let Some((store, place)) = super::kinds::postgres().await else { return };
                    super::$test(store, place).await;
                }
            )*
        }
    };
}

on_both!(
    packages_and_codes_are_nowhere_to_be_read,
    a_package_protected_ahead_is_nowhere_to_be_read_nor_its_keys,
    protected_elements_open_only_under_the_keys_of_their_own_profile,
    session_keys_are_nowhere_to_be_read,
    session_keys_open_only_for_their_own_order_and_one_time_key,
    another_key_is_refused,
    a_record_in_the_place_of_another_does_not_open
);

/// Whether these bytes stand in it, as they are or in hexadecimal digits.
pub fn holds(content: &[u8], secret: &[u8]) -> bool {
    let digits = data_encoding::HEXLOWER.encode(secret);
    let found = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
    found(secret) || found(digits.as_bytes())
}

/// Adds an order with a confirmation code and gives what has to stay secret.
pub async fn with_secrets<S: Store>(store: &S, number: u32, code: &str) -> (Order, Vec<Vec<u8>>) {
    store.add_orders(NOW, vec![order_with_code(number, code)]).await.unwrap();
    let order = store.order_of_iccid(iccid(number)).await.unwrap().unwrap();
    let package = package(number);
    let secrets = vec![
        package[..24].to_vec(),
        package[1000..1024].to_vec(),
        ConfirmationCodeHash::of(code).as_bytes().to_vec(),
    ];
    (order, secrets)
}

async fn packages_and_codes_are_nowhere_to_be_read<P: Place>(store: P::Kind, place: P) {
    let (order, secrets) = with_secrets(&store, 1, "1234").await;
    // Sealed once more.
    store.change_order(order, None).await.unwrap();
    let content = place.content();
    assert!(holds(&content, iccid(1).bytes()), "the search finds what is there");
    for secret in &secrets {
        assert!(!holds(&content, secret));
    }
    // Nor once the store is closed.
    drop(store);
    let content = place.content();
    assert!(holds(&content, iccid(1).bytes()));
    for secret in secrets {
        assert!(!holds(&content, &secret));
    }
}

/// Two orders whose packages are protected as they come in.
async fn with_protected_packages<S: Store>(store: &S) -> [Order; 2] {
    let orders = [1, 2].map(|number| protected(number, PackageProtection::ProfileProtectionKeys));
    store.add_orders(NOW, orders.to_vec()).await.unwrap();
    let [one, two] = [1, 2].map(|number| store.order_of_iccid(iccid(number)));
    [one.await.unwrap().unwrap(), two.await.unwrap().unwrap()]
}

async fn a_package_protected_ahead_is_nowhere_to_be_read_nor_its_keys<P: Place>(store: P::Kind, place: P) {
    let [order, _] = with_protected_packages(&store).await;
    let StoredPackage::Protected(kept) = store.stored_package(order.profile).await.unwrap() else {
        panic!("it is not protected")
    };
    let keys = kept.keys().clone();
    assert_eq!(**kept.open().unwrap(), package(1));
    let content = place.content();
    assert!(holds(&content, &kept.into_elements()[..64]), "the search finds what is there");
    for secret in [&keys.s_enc[..], &keys.s_mac, &keys.mac_chaining_value, &package(1)[..24]] {
        assert!(!holds(&content, secret));
    }
}

async fn protected_elements_open_only_under_the_keys_of_their_own_profile<P: Place>(
    store: P::Kind,
    place: P,
) {
    let [one, two] = with_protected_packages(&store).await;
    let (one, two) = (one.profile, two.profile);
    let columns = |columns: &str| {
        let of_two = |column: &str| {
            format!("{column} = (SELECT k.{column} FROM profile_package k WHERE k.profile = {two})")
        };
        let set: Vec<String> = columns.split(' ').map(of_two).collect();
        format!("UPDATE profile_package SET {} WHERE profile = {one}", set.join(", "))
    };
    let keep = "CREATE TABLE kept AS SELECT * FROM profile_package";
    let back = format!(
        "UPDATE profile_package SET content = (SELECT content FROM kept WHERE profile = {one}),
         protection_keys = (SELECT protection_keys FROM kept WHERE profile = {one}) WHERE profile = {one}"
    );
    place.change(keep);
    for change in [
        columns("content"),
        columns("protection_keys"),
        columns("content protection_keys"),
        // All but the last of its TLVs '86', each of which is whole: three of them are 1020, 1020 and 500 bytes long or so.
        format!("UPDATE profile_package SET content = substr(content, 1, 2 * 1020) WHERE profile = {one}"),
        format!("UPDATE profile_package SET content = substr(content, 1, 1020) WHERE profile = {one}"),
    ] {
        assert!(store.package(one).await.is_ok());
        place.change(&change);
        assert!(matches!(store.package(one).await, Err(StoreError::Storage(_))), "{change}");
        assert!(store.package(two).await.is_ok());
        place.change(&back);
    }
}

/// Two orders whose packages were handed out under session keys.
async fn with_handed_out<S: Store>(store: &S) -> [Order; 2] {
    let orders = [add(store, 1).await, add(store, 2).await];
    for (number, order) in (1_u8..).zip(&orders) {
        let (session, kept) = (open(store, number).await, bound(3 * number - 2));
        assert!(matches!(kept.kept, Kept::Channel(..)));
        store.hand_out(order.clone(), session, kept).await.unwrap();
    }
    orders
}

async fn session_keys_are_nowhere_to_be_read<P: Place>(store: P::Kind, place: P) {
    let [order, _] = with_handed_out(&store).await;
    let Kept::Channel(channel, keys) = store.bound(order.id).await.unwrap().unwrap().kept else {
        panic!("its session keys are not kept")
    };
    let content = place.content();
    assert!(holds(&content, &channel), "the search finds what is there");
    for secret in [&keys.s_enc[..], &keys.s_mac, &keys.mac_chaining_value] {
        assert!(!holds(&content, secret));
    }
}

async fn session_keys_open_only_for_their_own_order_and_one_time_key<P: Place>(store: P::Kind, place: P) {
    let [one, two] = with_handed_out(&store).await.map(|order| order.id);
    let of_two = |column: &str| {
        format!("{column} = (SELECT b.{column} FROM bound_package b WHERE b.download_order = {two})")
    };
    for column in ["session_keys", "euicc_otpk"] {
        place.change("CREATE TABLE kept AS SELECT * FROM bound_package");
        assert!(store.bound(one).await.is_ok());
        place.change(&format!("UPDATE bound_package SET {} WHERE download_order = {one}", of_two(column)));
        assert!(matches!(store.bound(one).await, Err(StoreError::Storage(_))), "{column}");
        assert!(store.bound(two).await.is_ok());
        let (columns, back) = ("session_keys, euicc_otpk", "SELECT session_keys, euicc_otpk FROM kept");
        place.change(&format!(
            "UPDATE bound_package SET ({columns}) = ({back} WHERE download_order = {one}) WHERE download_order = {one}"
        ));
        place.change("DROP TABLE kept");
    }
    // Both of another's: the keys are still those of another profile.
    let both = [of_two("session_keys"), of_two("euicc_otpk")].join(", ");
    place.change(&format!("UPDATE bound_package SET {both} WHERE download_order = {one}"));
    assert!(matches!(store.bound(one).await, Err(StoreError::Storage(_))));
}

async fn another_key_is_refused<P: Place>(store: P::Kind, place: P) {
    add(&store, 1).await;
    drop(store);
    let message = place.open(&wrong_key()).await.err().unwrap().to_string();
    assert!(message.contains("another key"), "{message}");
    assert!(place.backup(&wrong_key()).await.unwrap_err().to_string().contains("another key"));
    assert!(place.open(&key()).await.unwrap().order_of_iccid(iccid(1)).await.unwrap().is_some());
}

async fn a_record_in_the_place_of_another_does_not_open<P: Place>(store: P::Kind, place: P) {
    let ((one, _), (two, _)) = (with_secrets(&store, 1, "1").await, with_secrets(&store, 2, "2").await);
    place.change(&format!(
        "UPDATE profile_package SET content =
             (SELECT other.content FROM profile_package other WHERE other.profile = {})
         WHERE profile = {}",
        two.profile, one.profile
    ));
    place.change(&format!(
        "UPDATE download_order SET confirmation_code =
             (SELECT other.confirmation_code FROM download_order other WHERE other.id = {})
         WHERE id = {}",
        one.id, two.id
    ));
    let package = store.package(one.profile).await.err();
    let order = store.order(two.id).await.err();
    for error in [package, order] {
        let Some(StoreError::Storage(message)) = error else { panic!("{error:?}") };
        assert!(message.contains("does not open"), "{message}");
    }
    assert!(store.package(two.profile).await.is_ok() && store.order(one.id).await.is_ok());
}
