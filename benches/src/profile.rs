//! Profile packages of a size: the built-in profile, filled up with files that a phone does not read.

use anyhow::Result;
use asn1::profile::{
    Fcp, FileManagementCommand, GenericFileManagement, PeHeader, ProfileElement, ProfilePackage,
};
use asn1::{Iccid, Raw, StoreMetadataRequest};
use protocol::profile::{Subscriber, default_profile};
use zeroize::Zeroizing;

/// The ICCID with this number.
///
/// # Errors
/// Where the number has more than 14 digits.
pub fn iccid(number: u64) -> Result<Iccid> {
    Ok(format!("89010{number:014}").parse()?)
}

/// A profile package of about `size` bytes, at least 1.3 KB, which an eUICC installs.
///
/// # Errors
/// None that an ICCID would raise.
pub fn package(iccid: Iccid, size: usize) -> Result<Vec<u8>> {
    let keys = || Zeroizing::new([0x5A; 16]);
    let usual = default_profile(&Subscriber::new(iccid, "001010123456789".parse()?, keys(), keys()));
    let elements: Vec<Vec<u8>> =
        ProfilePackage::parse(&usual)?.elements().iter().map(|one| one.bytes().to_vec()).collect();
    let Some((end, others)) = elements.split_last() else { return Ok(usual.to_vec()) };
    let mut package = others.concat();
    /// What one profile element holds at most here: an EF has less than 64 KB.
    const FILE: usize = 32 * 1024;
    for number in 0_u8.. {
        let Some(room @ 80..) = size.checked_sub(package.len() + end.len()) else { break };
        package.extend(file(number, room.min(FILE) - 64).to_der());
    }
    package.extend(end);
    Ok(package)
}

/// A transparent EF below the MF.
fn file(number: u8, size: usize) -> ProfileElement {
    let content: Vec<u8> = (0..=255_u8).cycle().skip(usize::from(number)).take(size).collect();
    let length = u16::try_from(size).unwrap_or(u16::MAX);
    let fcp = Fcp {
        file_descriptor: Some(vec![0x41, 0x21]),
        file_id: Some([0x5F, number]),
        security_attributes_referenced: Some(vec![0x0A]),
        ef_file_size: Some(length.to_be_bytes().to_vec()),
        ..Fcp::default()
    };
    let commands = vec![
        FileManagementCommand::FilePath(Vec::new()),
        FileManagementCommand::CreateFcp(Box::new(fcp)),
        FileManagementCommand::FillFileContent(content),
    ];
    let header = PeHeader { mandated: true, identification: 0x60 + u16::from(number) };
    ProfileElement::GenericFileManagement(GenericFileManagement {
        header,
        commands: vec![commands],
        unknown: Vec::new(),
    })
}

/// The Profile Metadata of the profile with this ICCID: a StoreMetadataRequest TLV.
///
/// # Errors
/// None.
pub fn metadata(iccid: Iccid) -> Result<Vec<u8>> {
    let request = StoreMetadataRequest::new(iccid, "Operator".parse()?, "Profile".parse()?);
    Ok(Raw::new(request).into_bytes())
}
