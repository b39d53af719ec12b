//! Memory.

use super::support::*;

#[test]
fn a_profile_that_does_not_fit_is_refused_for_want_of_memory() {
    let package = generated();
    let metadata = metadata(ICCID);
    let used = install(&package, &metadata).unwrap().memory_used;
    assert!(interpret(&package, &Context { metadata: &metadata, free_memory: used }).is_ok());
    let failure = interpret(&package, &Context { metadata: &metadata, free_memory: used - 1 }).unwrap_err();
    let (reason, status, _) = told(&failure);
    assert_eq!((reason, status), (MEMORY, Status::NOT_ENOUGH_MEMORY));
}

#[test]
fn a_file_that_claims_gigabytes_is_refused_before_anything_is_allocated() {
    let huge = FileManagementCommand::CreateFcp(Box::new(Fcp {
        ef_file_size: Some(vec![0xFF; 4]),
        ..transparent_fcp([0x2F, 0x77], 0)
    }));
    let package = changed(|elements| elements.insert(END, file_management(vec![huge])));
    assert_eq!(refused(&package), (MEMORY, Status::NOT_ENOUGH_MEMORY, Some(40)));
}
