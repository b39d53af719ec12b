//! Metadata as large as it may be (SGP.22 §4.4, §5.5.3).

use asn1::{Icon, IconType, ProfileName, Raw, ServiceProviderName, StoreMetadataRequest};

/// 64 by 64 pixels in 1024 bytes, both the most there may be.
const ICON: &[u8; 1024] = include_bytes!("icon.png");
const PROVIDER_NAME: &str = "A provider whose name is so long";
const PROFILE_NAME: &str = "A profile whose name takes all of the 64 bytes that a name takes";

/// The same metadata with the longest names and the largest icon, so that two segments are needed for it.
pub(crate) fn enlarged(metadata: &Raw<StoreMetadataRequest>) -> Raw<StoreMetadataRequest> {
    let mut large = metadata.value().clone();
    large.service_provider_name =
        ServiceProviderName::new(PROVIDER_NAME).unwrap_or(large.service_provider_name);
    large.profile_name = ProfileName::new(PROFILE_NAME).unwrap_or(large.profile_name);
    if let Ok(icon) = Icon::new(ICON.as_slice()) {
        large.icon_type = Some(IconType::PNG);
        large.icon = Some(icon);
    }
    Raw::new(large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_metadata_is_as_large_as_it_may_be_and_needs_two_segments() {
        let iccid = "8988211000000000017".parse().unwrap();
        let name = |text| ProfileName::new(text).unwrap();
        let small =
            StoreMetadataRequest::new(iccid, ServiceProviderName::new("rsplab").unwrap(), name("Test"));
        let large = enlarged(&Raw::new(small));
        assert_eq!((PROVIDER_NAME.len(), PROFILE_NAME.len()), (32, 64));
        assert_eq!((large.iccid, &large.profile_name), (iccid, &name(PROFILE_NAME)));
        assert!(large.bytes().len() > crypto::scp03t::MAX_PLAINTEXT, "{}", large.bytes().len());
        assert!(large.bytes().len() <= 2 * crypto::scp03t::MAX_PLAINTEXT);
    }
}
