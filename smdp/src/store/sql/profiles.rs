//! The inventory.

use asn1::Iccid;
use protocol::bpp::ProtectedPackage;
use service::database::{Conditions, Row, Transaction, Value, change_one, damage, one};

use super::smds_events::{OF_PROFILE, end_events};
use crate::domain::{NewProfile, Package, PackageProtection, Profile, ProfileId, StoredPackage};
use crate::store::seal::SealingTransaction;
use crate::store::{ImportId, ProfileFilter, StoreError, TypeInventory};

/// A profile has the state of its order; where it has none, it is available or retired.
pub(super) const STATE: &str =
    "COALESCE(o.state, CASE WHEN p.retired = 1 THEN 'Unavailable' ELSE 'Available' END)";

fn select(condition: &str) -> String {
    format!(
        "SELECT p.id, p.iccid, p.operator, p.profile_type, p.protection, p.metadata, p.package_size, {STATE},
                p.download_order
         FROM profile p LEFT JOIN download_order o ON o.id = p.download_order
         WHERE p.import IS NULL AND {condition}"
    )
}

fn read(mut row: Row) -> Result<Profile, StoreError> {
    Ok(Profile {
        id: ProfileId(row.integer("profile")?),
        iccid: iccid(&mut row)?,
        operator: row.maybe_text("operator")?,
        profile_type: row.text("profile_type")?,
        protection: protection(&mut row)?,
        metadata: row.bytes("metadata")?,
        package_size: row.count("package_size")?,
        state: row.text("state")?.parse().map_err(|()| damage("state"))?,
        order: row.maybe_integer("download_order")?.map(crate::domain::OrderId),
    })
}

pub(super) fn iccid(row: &mut Row) -> Result<Iccid, StoreError> {
    Iccid::try_from(row.bytes("iccid")?.as_slice()).map_err(|_| damage("iccid"))
}

pub(super) fn protection(row: &mut Row) -> Result<PackageProtection, StoreError> {
    PackageProtection::of_name(&row.text("protection")?).ok_or_else(|| damage("protection"))
}

pub async fn profile<T: Transaction>(tx: &T, iccid: Iccid) -> Result<Option<Profile>, StoreError> {
    one(tx, &select("p.iccid = $1"), &[iccid.bytes().into()]).await?.map(read).transpose()
}

pub async fn profiles<T: Transaction>(tx: &T, filter: ProfileFilter) -> Result<Vec<Profile>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("p.id > ", filter.after.map(|id| id.0.into()));
    conditions.and("p.operator = ", filter.operator.map(Value::from));
    conditions.and("p.profile_type = ", filter.profile_type.map(Value::from));
    conditions.and(&format!("{STATE} = "), filter.state.map(|state| state.name().into()));
    let (condition, parameters) = conditions.ordered_by("p.id", filter.limit);
    let sql = select(&condition);
    tx.rows(&sql, &parameters).await?.into_iter().map(read).collect()
}

pub async fn type_inventory<T: Transaction>(
    tx: &T,
    operator: String,
    profile_type: String,
) -> Result<TypeInventory, StoreError> {
    let of_operator = "SELECT 1 FROM profile
        WHERE import IS NULL AND profile_type = $1 AND operator = $2 LIMIT 1";
    let of_anybody = "SELECT 1 FROM profile WHERE import IS NULL AND profile_type = $1 LIMIT 1";
    let profile_type = Value::from(profile_type);
    if one(tx, of_operator, &[profile_type.clone(), operator.into()]).await?.is_some() {
        return Ok(TypeInventory::Owned);
    }
    let known = one(tx, of_anybody, &[profile_type]).await?.is_some();
    Ok(if known { TypeInventory::NotOwned } else { TypeInventory::Unknown })
}

/// Writes a profile with its package. The ICCID of one that exists is taken.
pub(super) async fn insert_profile<T: SealingTransaction>(
    tx: &T,
    profile: &NewProfile,
    created: i64,
    import: Option<ImportId>,
) -> Result<ProfileId, StoreError> {
    let inserted = one(
        tx,
        "INSERT INTO profile (iccid, operator, profile_type, protection, metadata, package_size, retired, created,
                              import)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT (iccid) DO NOTHING RETURNING id",
        &[
            profile.iccid.bytes().into(),
            profile.operator.clone().into(),
            profile.profile_type.as_str().into(),
            profile.protection.name().into(),
            profile.metadata.as_slice().into(),
            (profile.package.0.len() as i64).into(),
            created.into(),
            import.map(|import| import.0).into(),
        ],
    )
    .await?;
    let mut row = inserted.ok_or_else(|| StoreError::Taken(format!("ICCID {}", profile.iccid)))?;
    let id = row.integer("id")?;
    let (content, keys) = match profile.protection {
        PackageProtection::SessionKeys => (tx.sealer().seal_package(&profile.iccid, &profile.package)?, None),
        PackageProtection::ProfileProtectionKeys => {
            let protected = tx.sealer().protect_package(&profile.iccid, &profile.package);
            let keys = protected.keys().clone();
            let elements = protected.into_elements();
            let keys = tx.sealer().seal_keys(&profile.iccid, &keys, elements.len())?;
            (elements, Some(keys))
        }
    };
    tx.execute(
        "INSERT INTO profile_package (profile, content, protection_keys) VALUES ($1, $2, $3)",
        &[id.into(), content.into(), keys.into()],
    )
    .await?;
    Ok(ProfileId(id))
}

pub async fn package<T: SealingTransaction>(tx: &T, id: ProfileId) -> Result<Package, StoreError> {
    match stored_package(tx, id).await? {
        StoredPackage::Unprotected(package) => Ok(package),
        StoredPackage::Protected(package) => package.open().map(Package).map_err(|_| damage("package")),
    }
}

pub async fn stored_package<T: SealingTransaction>(
    tx: &T,
    id: ProfileId,
) -> Result<StoredPackage, StoreError> {
    let sql = "SELECT p.iccid, k.content, k.protection_keys FROM profile p
         LEFT JOIN profile_package k ON k.profile = p.id WHERE p.id = $1";
    // Who asks has read of this profile: it was deleted since.
    let mut row = one(tx, sql, &[id.0.into()]).await?.ok_or(StoreError::Conflict)?;
    let iccid = iccid(&mut row)?;
    let content = row.maybe_bytes("package")?.ok_or_else(|| damage("package"))?;
    Ok(match row.maybe_bytes("protection_keys")? {
        None => StoredPackage::Unprotected(tx.sealer().open_package(&iccid, &content)?),
        Some(keys) => {
            let keys = tx.sealer().open_keys(&iccid, &keys, content.len())?;
            StoredPackage::Protected(ProtectedPackage::from_parts(keys, content))
        }
    })
}

pub async fn delete_profile<T: Transaction>(tx: &T, id: ProfileId) -> Result<(), StoreError> {
    let id = [Value::from(id.0)];
    // Whoever is about to change an order of it waits, and then finds it gone.
    tx.execute("UPDATE download_order SET version = version + 1 WHERE profile = $1", &id).await?;
    end_events(tx, OF_PROFILE, id[0].clone(), None).await?;
    // The profile names its order, and the orders name the profile.
    tx.execute("UPDATE profile SET download_order = NULL WHERE id = $1", &id).await?;
    for table in ["bound_package", "happening"] {
        let sql = format!(
            "DELETE FROM {table} WHERE download_order IN (SELECT id FROM download_order WHERE profile = $1)"
        );
        tx.execute(&sql, &id).await?;
    }
    tx.execute(
        "UPDATE rsp_session SET download_order = NULL, version = version + 1
         WHERE download_order IN (SELECT id FROM download_order WHERE profile = $1)",
        &id,
    )
    .await?;
    for sql in [
        "DELETE FROM download_order WHERE profile = $1",
        "DELETE FROM profile_package WHERE profile = $1",
        "DELETE FROM profile WHERE id = $1",
    ] {
        tx.execute(sql, &id).await?;
    }
    Ok(())
}

pub async fn retire_profile<T: Transaction>(tx: &T, id: ProfileId, retired: bool) -> Result<(), StoreError> {
    change_one(
        tx,
        "UPDATE profile SET retired = $2 WHERE id = $1 AND download_order IS NULL",
        &[id.0.into(), retired.into()],
    )
    .await
}
