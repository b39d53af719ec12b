//! Executed calls of ES2+.

use service::database::one;

use crate::domain::{CallKey, EarlierCall, ExecutedCall};
use crate::store::StoreError;
use crate::store::seal::SealingTransaction;

pub async fn earlier_call<T: SealingTransaction>(
    tx: &T,
    key: CallKey,
) -> Result<Option<EarlierCall>, StoreError> {
    let found = one(
        tx,
        "SELECT fingerprint, answer FROM function_call WHERE requester = $1 AND identifier = $2",
        &[key.requester.into(), key.identifier.into()],
    )
    .await?;
    let Some(mut row) = found else { return Ok(None) };
    let same = row.bytes("fingerprint")? == tx.sealer().fingerprint(&key.digest);
    Ok(Some(if same { EarlierCall::Same(row.text("answer")?) } else { EarlierCall::Other }))
}

/// Remembers a call. Where another node has executed it meanwhile, the caller finds its answer when it begins again.
pub(super) async fn remember<T: SealingTransaction>(tx: &T, call: &ExecutedCall) -> Result<(), StoreError> {
    let added = tx
        .execute(
            "INSERT INTO function_call (requester, identifier, fingerprint, answer, executed)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (requester, identifier) DO NOTHING",
            &[
                call.key.requester.as_str().into(),
                call.key.identifier.as_str().into(),
                tx.sealer().fingerprint(&call.key.digest).into(),
                call.answer.as_str().into(),
                call.at.into(),
            ],
        )
        .await?;
    if added == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Forgets a call that was taken back: it is a new one when it comes again.
pub(super) async fn forget<T: SealingTransaction>(tx: &T, call: &CallKey) -> Result<(), StoreError> {
    let sql = "DELETE FROM function_call WHERE requester = $1 AND identifier = $2";
    tx.execute(sql, &[call.requester.as_str().into(), call.identifier.as_str().into()]).await.map(drop)
}
