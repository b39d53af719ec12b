//! An installation that power loss cut short.

use asn1::{BppCommandId, ErrorReason};

use super::Failure;
use super::result::{FinalResult, Subject, keep_result};
use crate::apdu::StatusWord;
use crate::isdr::Isdr;
use crate::state::OpenInstallation;

/// Reports an installation that was open when power went, if there is one (SGP.22 §2.5.6.1,
/// installFailedDueToInterruption). Nothing of it was kept, so there is nothing else to undo.
///
/// # Errors
/// 6581 where the memory fails.
pub(crate) fn report_interruption(isdr: &mut Isdr) -> Result<(), StatusWord> {
    let mut draft = isdr.state().clone();
    let Some(open) = draft.open_installation.take() else { return Ok(()) };
    let failure = Failure::new(
        BppCommandId(i64::from(open.bpp_command_id)),
        ErrorReason::INSTALL_FAILED_DUE_TO_INTERRUPTION,
    );
    keep_result(&mut draft, isdr.keys(), &subject(&open), &FinalResult::Error(&failure))?;
    let tracer = isdr.tracer().with_transaction(&open.transaction_id);
    isdr.commit_within(draft, &tracer)?;
    tracer.state("installation", &"open", &"interrupted");
    Ok(())
}

fn subject(open: &OpenInstallation) -> Subject<'_> {
    Subject {
        transaction_id: &open.transaction_id,
        server_address: &open.server_address,
        smdp_oid: &open.smdp_oid,
        euicc_ci_pk_id: &open.euicc_ci_pk_id,
        iccid: open.iccid.as_ref(),
    }
}
