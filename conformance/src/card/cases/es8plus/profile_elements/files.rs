//! The files of templates.

use super::prelude::*;
use crate::card::elements::{Files, Templates};

pub(super) const CASES: &[Case] = &[
    refuses!(123, must, Files::MfWithoutItself, "with a PE-MF without mf"),
    refuses!(
        124,
        must,
        Files::MfWithoutEfIccid,
        "with a PE-MF without ef-iccid",
        INSTALL_FAILED_DUE_TO_DATA_MISMATCH
    ),
    refuses!(125, must, Files::MfWithoutEfDir, "with a PE-MF without ef-dir"),
    refuses!(126, must, Files::MfWithoutEfArr, "with a PE-MF without ef-arr"),
    refuses!(127, must, Files::UsimWithoutAdf, "with a PE-USIM without adf-usim"),
    refuses!(128, must, Files::UsimWithoutEfImsi, "with a PE-USIM without ef-imsi"),
    refuses!(129, must, Files::UsimWithoutEfArr, "with a PE-USIM without ef-arr"),
    refuses!(130, must, Files::UsimWithoutEfUst, "with a PE-USIM without ef-ust"),
    refuses!(131, must, Files::UsimWithoutEfSpn, "with a PE-USIM without ef-spn"),
    refuses!(132, must, Files::UsimWithoutEfEst, "with a PE-USIM without ef-est"),
    refuses!(133, must, Files::UsimWithoutEfAcc, "with a PE-USIM without ef-acc"),
    refuses!(134, must, Files::UsimWithoutEfEcc, "with a PE-USIM without ef-ecc"),
    refuses!(135, must, Files::AdfWithoutAid, "with an ADF that has no AID"),
    refuses!(136, should, Files::AdfWithoutNumber, "with an ADF that has no temporary file identifier"),
    refuses!(137, should, Files::AdfIsAFile, "with an ADF that is described as a transparent EF"),
    refuses!(138, should, Files::FileIsADirectory, "with an EF.SPN that is described as a DF"),
    refuses!(139, must, Files::ContentTooLong, "with an IMSI of one byte more than the file has"),
    refuses!(140, must, Files::ContentBeyondTheEnd, "with content that begins in EF.SPN and ends behind it"),
    installs!(141, must, Files::ContentToTheEnd, "with content in two pieces that ends where EF.SPN does"),
    refuses!(142, should, Files::ContentBeforeParameters, "with content of EF.SPN before its parameters"),
    refuses!(143, should, Files::ParametersTwice, "with two sets of parameters of EF.SPN"),
    refuses!(144, should, Files::CreatedAndNot, "with an EF.SPN that is not to be created and has content"),
    installs!(
        145,
        must,
        Files::NotCreated,
        "with an EF.LOCI that is not to be created, and is created by file management"
    ),
    refuses!(
        146,
        should,
        Files::CreatedAgain,
        "with an EF.LOCI that the template creates, and file management again"
    ),
    installs!(
        147,
        should,
        Files::AlwaysCreated,
        "with an EF.PL that is not to be created, but belongs to every MF"
    ),
    installs!(148, should, Files::OfService, "with content in the files of the services that EF.UST has"),
    refuses!(149, should, Files::NotOfService, "with content in a file of a service that EF.UST has not"),
    installs!(
        150,
        should,
        Files::OfAddedService,
        "with content in the file of a service that EF.UST was given"
    ),
    installs!(
        151,
        should,
        Files::RecordsOfAnotherLength,
        "with an EF.SMSP whose record is longer than that of the template"
    ),
    installs!(152, should, Files::SizeOfContent, "with an EF.ARR that is as large as its content makes it"),
    refuses!(
        153,
        should,
        Files::SizeOfContentExceeded,
        "with an EF.ARR that is as large as its content makes it, and content behind that"
    ),
    refuses!(154, must, Files::SizeIsNoMultiple, "with an EF.ECC whose size is no multiple of its records"),
    installs!(155, must, Templates::OptUsim, "with many files of PE-OPT-USIM"),
    installs!(156, should, Templates::Telecom, "with PE-TELECOM, and DF.GRAPHICS and DF.PHONEBOOK in it"),
    installs!(
        157,
        should,
        Templates::Multimedia,
        "with PE-TELECOM and the BER-TLV files of DF.MULTIMEDIA",
        BER_TLV
    ),
    refuses!(158, should, Templates::TelecomTwice, "with PE-TELECOM twice"),
    refuses!(
        159,
        should,
        Templates::FileWithoutItsDirectory,
        "with a file of DF.GRAPHICS in a PE-TELECOM that does not create DF.GRAPHICS"
    ),
    installs!(160, should, Templates::Phonebook, "with every file of PE-PHONEBOOK"),
    installs!(161, should, Templates::SeveralOfAKind, "with three EF.IAP in one member of PE-PHONEBOOK"),
    refuses!(162, should, Templates::PhonebookBeforeUsim, "with PE-PHONEBOOK before PE-USIM"),
    installs!(163, must, Templates::GsmAccess, "with every file of PE-GSM-ACCESS"),
    installs!(164, should, Templates::Df5gs, "with files of PE-DF-5GS"),
    installs!(165, should, Templates::Cd, "with PE-CD"),
    installs!(166, must, Templates::Isim, "with an ISIM and optional files of it", ISIM),
    refuses!(167, must, Templates::OptIsimWithoutIsim, "with PE-OPT-ISIM and no ISIM"),
    installs!(168, should, Templates::Csim, "with a CSIM and optional files of it", CSIM),
    installs!(169, should, Templates::Eap, "with PE-EAP twice, not mandated"),
    refuses!(
        170,
        should,
        Templates::WithoutSize,
        "with a file of PE-OPT-USIM that has neither a size nor content"
    ),
    refuses!(
        171,
        should,
        Templates::WithoutStructure,
        "with a file of PE-OPT-USIM whose structure nothing says"
    ),
    installs!(
        172,
        must,
        Templates::LargerThanTemplate,
        "with a file of PE-OPT-USIM that is larger than the template has it"
    ),
    installs!(
        173,
        should,
        Templates::OfAnotherNumber,
        "with a file of PE-OPT-USIM under another file identifier"
    ),
];
