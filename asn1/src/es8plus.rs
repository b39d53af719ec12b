//! ES8+ (SGP.22 §5.5): what the SM-DP+ says to the eUICC through the LPA, and ES6 `UpdateMetadata`.

use std::fmt;

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::tlv;
use crate::types::{
    DpProprietaryData, HostId, Iccid, Icon, IconType, NotificationConfigurationInformation, Octet1,
    OperatorId, Otpk, PprIds, ProfileClass, ProfileName, RemoteOpId, SecretOctets, ServiceProviderName,
    SignatureTlv, TransactionId, VendorSpecific,
};
use crate::{Raw, Unknown};

/// `BoundProfilePackage` `BF36` (SGP.22 §2.5.4). To forward one, use
/// [`BoundProfilePackageTlv`](crate::BoundProfilePackageTlv).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 54))]
pub struct BoundProfilePackage {
    /// `initialiseSecureChannelRequest`, in clear.
    pub initialise_secure_channel_request: Raw<InitialiseSecureChannelRequest>,
    /// `firstSequenceOf87`: ConfigureISDP, encrypted.
    #[rasn(tag(0))]
    pub first_sequence_of87: Vec<Segment87>,
    /// `sequenceOf88`: StoreMetadata, with a MAC only.
    #[rasn(tag(1))]
    pub sequence_of88: Vec<Segment88>,
    /// `secondSequenceOf87`: ReplaceSessionKeys, encrypted; absent where the profile is under session keys.
    #[rasn(tag(2))]
    pub second_sequence_of87: Option<Vec<Segment87>>,
    /// `sequenceOf86`: the profile package, encrypted.
    #[rasn(tag(3))]
    pub sequence_of86: Vec<Segment86>,
    /// Members of later versions.
    pub unknown: Unknown,
}

octets! {
    /// A protected segment `87`: ciphertext and MAC of a command.
    Segment87, rasn::types::Tag::new_context(7), 0..=usize::MAX
}

octets! {
    /// A protected segment `88`: plaintext and MAC of a command.
    Segment88, rasn::types::Tag::new_context(8), 0..=usize::MAX
}

octets! {
    /// A protected segment `86`: ciphertext and MAC of a piece of the profile package.
    Segment86, rasn::types::Tag::new_context(6), 0..=usize::MAX
}

/// `InitialiseSecureChannelRequest` `BF23` (SGP.22 §5.5.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 35))]
pub struct InitialiseSecureChannelRequest {
    /// `remoteOpId`: [`RemoteOpId::INSTALL_BOUND_PROFILE_PACKAGE`].
    #[rasn(tag(2))]
    pub remote_op_id: RemoteOpId,
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `controlRefTemplate`.
    #[rasn(tag(6))]
    pub control_ref_template: ControlRefTemplate,
    /// `smdpOtpk`: otPK.DP.ECKA.
    pub smdp_otpk: Otpk,
    /// `smdpSign`: over the TLVs before it, followed by the `5F49` of otPK.EUICC.ECKA.
    pub smdp_sign: SignatureTlv,
    /// Members of later versions.
    pub unknown: Unknown,
}

impl Raw<InitialiseSecureChannelRequest> {
    /// The received bytes of what `smdpSign` covers in this message: all members before it (SGP.22 §5.5.1). The `5F49` of
    /// otPK.EUICC.ECKA follows them in the signed data but is not in the message.
    pub fn signed_members(&self) -> Vec<u8> {
        let value = tlv::read(self.bytes()).map_or(&[][..], |(tlv, _)| tlv.value);
        tlv::children(value)
            .map_while(Result::ok)
            .take_while(|member| member.tag.0 != 0x5F37)
            .flat_map(|member| member.raw.iter().copied())
            .collect()
    }
}

/// `ControlRefTemplate` `A6` (SGP.22 §5.5.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct ControlRefTemplate {
    /// `keyType`: `88`, AES.
    #[rasn(tag(0))]
    pub key_type: Octet1,
    /// `keyLen`: `10`, in octets.
    #[rasn(tag(1))]
    pub key_len: Octet1,
    /// `hostId`.
    #[rasn(tag(4))]
    pub host_id: HostId,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `ConfigureISDPRequest` `BF24` (SGP.22 §5.5.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 36))]
pub struct ConfigureIsdpRequest {
    /// `dpProprietaryData`.
    #[rasn(tag(24))]
    pub dp_proprietary_data: Option<DpProprietaryData>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `StoreMetadataRequest` `BF25` (SGP.22 §5.5.3), which is also the `profileMetadata` of ES9+.
///
/// Production servers put members of their own between the known ones (`BF76`, Android's access rules); `unknown` keeps
/// each at its place.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 37))]
pub struct StoreMetadataRequest {
    /// `iccid`.
    pub iccid: Iccid,
    /// `serviceProviderName`.
    #[rasn(tag(17))]
    pub service_provider_name: ServiceProviderName,
    /// `profileName`.
    #[rasn(tag(18))]
    pub profile_name: ProfileName,
    /// `iconType`.
    #[rasn(tag(19))]
    pub icon_type: Option<IconType>,
    /// `icon`: only with `iconType`.
    #[rasn(tag(20))]
    pub icon: Option<Icon>,
    /// `profileClass`: operational where it is absent.
    #[rasn(tag(21))]
    pub profile_class: Option<ProfileClass>,
    /// `notificationConfigurationInfo`.
    #[rasn(tag(22))]
    pub notification_configuration_info: Option<Vec<NotificationConfigurationInformation>>,
    /// `profileOwner`: mandatory with `profilePolicyRules`.
    #[rasn(tag(23))]
    pub profile_owner: Option<OperatorId>,
    /// `profilePolicyRules`.
    #[rasn(tag(25))]
    pub profile_policy_rules: Option<PprIds>,
    /// `serviceSpecificDataStoredInEuicc` `BF22` (since v2.4).
    #[rasn(tag(34))]
    pub service_specific_data_stored_in_euicc: Option<Vec<VendorSpecific>>,
    /// `serviceSpecificDataNotStoredInEuicc` `BF23` (since v2.4).
    #[rasn(tag(35))]
    pub service_specific_data_not_stored_in_euicc: Option<Vec<VendorSpecific>>,
    /// Members of later versions and of other specifications.
    pub unknown: Unknown,
}

impl StoreMetadataRequest {
    /// Metadata with its mandatory members.
    pub fn new(iccid: Iccid, service_provider_name: ServiceProviderName, profile_name: ProfileName) -> Self {
        Self {
            iccid,
            service_provider_name,
            profile_name,
            icon_type: None,
            icon: None,
            profile_class: None,
            notification_configuration_info: None,
            profile_owner: None,
            profile_policy_rules: None,
            service_specific_data_stored_in_euicc: None,
            service_specific_data_not_stored_in_euicc: None,
            unknown: Unknown::none(),
        }
    }

    /// The class with its DEFAULT applied.
    pub fn class(&self) -> ProfileClass {
        self.profile_class.unwrap_or(ProfileClass::OPERATIONAL)
    }
}

/// `ReplaceSessionKeysRequest` `BF26` (SGP.22 §5.5.4): profile protection keys. All three have the length of the session
/// keys they replace. Debug shows no key.
#[derive(AsnType, Decode, Encode, Clone, PartialEq, Eq)]
#[rasn(tag(context, 38))]
pub struct ReplaceSessionKeysRequest {
    /// `initialMacChainingValue`.
    #[rasn(tag(0))]
    pub initial_mac_chaining_value: SecretOctets,
    /// `ppkEnc`.
    #[rasn(tag(1))]
    pub ppk_enc: SecretOctets,
    /// `ppkCmac`.
    #[rasn(tag(2))]
    pub ppk_cmac: SecretOctets,
    /// Members of later versions.
    pub unknown: Unknown,
}

impl fmt::Debug for ReplaceSessionKeysRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplaceSessionKeysRequest").finish_non_exhaustive()
    }
}

/// `UpdateMetadataRequest` `BF2A` (ES6, SGP.22 §5.4.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 42))]
pub struct UpdateMetadataRequest {
    /// `serviceProviderName`.
    #[rasn(tag(17))]
    pub service_provider_name: Option<ServiceProviderName>,
    /// `profileName`.
    #[rasn(tag(18))]
    pub profile_name: Option<ProfileName>,
    /// `iconType`.
    #[rasn(tag(19))]
    pub icon_type: Option<IconType>,
    /// `icon`: empty removes it.
    #[rasn(tag(20))]
    pub icon: Option<Icon>,
    /// `profilePolicyRules`: rules not named are cleared.
    #[rasn(tag(25))]
    pub profile_policy_rules: Option<PprIds>,
    /// `serviceSpecificDataStoredInEuicc` (since v2.4).
    #[rasn(tag(34))]
    pub service_specific_data_stored_in_euicc: Option<Vec<VendorSpecific>>,
    /// Members of later versions.
    pub unknown: Unknown,
}
