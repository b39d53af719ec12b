//! Imports: all of it or nothing, and nothing before its end.

use std::sync::Arc;

use smdp::domain::{NewProfile, PackageProtection, ProfileState};
use smdp::store::{ProfileFilter, Store, StoreError, TypeInventory, Wanted};

use super::{NOW, any_of_the_type, at, everything, profile_of, reservation};
use crate::common::orders::{OPERATOR, PROFILE_TYPE, iccid, order, package, profile};

pub async fn a_profile_comes_back_as_it_was_imported<S: Store>(store: Arc<S>) {
    let import = store.begin_import(NOW, at(0)).await.unwrap();
    let other = NewProfile {
        operator: None,
        protection: PackageProtection::ProfileProtectionKeys,
        profile_type: "großer Tarif".to_owned(),
        ..profile(2)
    };
    store.import_profiles(import, NOW, vec![profile(1), other]).await.unwrap();
    assert_eq!(store.finish_import(import).await, Ok(2));
    let (one, two) = (profile_of(&*store, 1).await, profile_of(&*store, 2).await);
    assert_eq!((one.iccid, one.operator.as_deref()), (iccid(1), Some(OPERATOR)));
    assert_eq!((one.profile_type.as_str(), one.protection), (PROFILE_TYPE, PackageProtection::SessionKeys));
    assert_eq!((one.metadata, one.package_size), (profile(1).metadata, package(1).len()));
    assert_eq!((one.state, one.order), (ProfileState::Available, None));
    assert_eq!((two.operator, two.profile_type.as_str()), (None, "großer Tarif"));
    assert_eq!(two.protection, PackageProtection::ProfileProtectionKeys);
    assert_eq!(*store.package(two.id).await.unwrap().0, package(2));
}

pub async fn an_import_is_seen_by_nobody_before_its_end<S: Store>(store: Arc<S>) {
    let before = everything(&*store).await;
    let import = store.begin_import(NOW, at(0)).await.unwrap();
    store.import_profiles(import, NOW, vec![profile(1)]).await.unwrap();
    store.import_profiles(import, NOW, vec![profile(2), profile(3)]).await.unwrap();
    assert_eq!(everything(&*store).await, before);
    assert!(store.profile(iccid(1)).await.unwrap().is_none());
    let (operator, profile_type) = (OPERATOR.to_owned(), PROFILE_TYPE.to_owned());
    assert_eq!(store.type_inventory(operator, profile_type).await, Ok(TypeInventory::Unknown));
    for wanted in [Wanted::Iccid(iccid(1)), any_of_the_type()] {
        assert!(store.reserve_profile(reservation(wanted)).await.unwrap().is_none());
    }
    // Nobody sees it, and nobody takes its ICCID.
    assert!(matches!(store.add_orders(NOW, vec![order(1)]).await, Err(StoreError::Taken(_))));
    assert_eq!(store.finish_import(import).await, Ok(3));
    assert_eq!(store.profiles(ProfileFilter::default()).await.unwrap().len(), 3);
    assert!(store.reserve_profile(reservation(any_of_the_type())).await.unwrap().is_some());
}

pub async fn a_taken_iccid_undoes_its_batch_and_no_other<S: Store>(store: Arc<S>) {
    store.add_orders(NOW, vec![order(9)]).await.unwrap();
    let import = store.begin_import(NOW, at(0)).await.unwrap();
    store.import_profiles(import, NOW, vec![profile(1)]).await.unwrap();
    for taken in [1, 9, 3] {
        let batch = vec![profile(2), profile(3), profile(taken)];
        let outcome = store.import_profiles(import, NOW, batch).await;
        assert_eq!(outcome, Err(StoreError::Taken(format!("ICCID {}", iccid(taken)))));
    }
    store.import_profiles(import, NOW, vec![profile(3)]).await.unwrap();
    assert_eq!(store.finish_import(import).await, Ok(2));
    assert!(store.profile(iccid(2)).await.unwrap().is_none());
}

pub async fn an_abandoned_import_leaves_nothing<S: Store>(store: Arc<S>) {
    let before = everything(&*store).await;
    let import = store.begin_import(NOW, at(0)).await.unwrap();
    store.import_profiles(import, NOW, vec![profile(1)]).await.unwrap();
    store.abandon_import(import).await.unwrap();
    assert_eq!(everything(&*store).await, before);
    let late = store.import_profiles(import, NOW, vec![profile(2)]).await;
    assert_eq!(
        (late, store.finish_import(import).await),
        (Err(StoreError::Conflict), Err(StoreError::Conflict))
    );
    store.add_orders(NOW, vec![order(1), order(2)]).await.unwrap();
}

pub async fn an_import_that_died_is_removed_by_the_next<S: Store>(store: Arc<S>) {
    let dead = store.begin_import(at(100), at(0)).await.unwrap();
    store.import_profiles(dead, at(200), vec![profile(1)]).await.unwrap();
    // Not dead: it was at work when the next one's patience ends.
    let alive = store.begin_import(at(100), at(0)).await.unwrap();
    store.import_profiles(alive, at(300), vec![profile(2)]).await.unwrap();
    let next = store.begin_import(at(400), at(300)).await.unwrap();
    assert!(next != dead && next != alive);
    assert_eq!(store.finish_import(dead).await, Err(StoreError::Conflict));
    store.import_profiles(next, at(400), vec![profile(1)]).await.unwrap();
    assert_eq!((store.finish_import(alive).await, store.finish_import(next).await), (Ok(1), Ok(1)));
}
