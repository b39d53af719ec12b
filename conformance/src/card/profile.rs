//! The profiles that the judge installs: metadata, and a package that fits.

use std::fmt;

use asn1::profile::{Fcp, FileManagementCommand};
use asn1::{
    Aid, Iccid, Icon, IconType, NotificationConfigurationInformation, NotificationEvent, OctetString,
    OperatorId, PprIds, ProfileClass, StoreMetadataRequest, Unknown, der,
};
use crypto::aka::AkaFunctions;
use protocol::profile::{Imsi, Subscriber, default_profile};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::bench::Stop;
use super::elements::{Change, Elements};
use super::uicc::adjustment::Adjustment;
use super::uicc::laboratory;
use super::uicc::network::{Algorithm, Keys};

/// Which of the profiles of a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Slot {
    /// The first.
    A,
    /// The second.
    B,
    /// The third.
    C,
}

impl Slot {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "profile A",
            Self::B => "profile B",
            Self::C => "profile C",
        })
    }
}

/// What kind of profile it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Operational, and nobody is notified of anything.
    Plain,
    /// Operational, each event notified to an address of its own.
    Notifying,
    /// Operational, with everything that metadata can have and needs nobody's leave: icon, owner, notifications.
    Full,
    /// Operational, with these Profile Policy Rules.
    Ruled(&'static [usize]),
    /// A Test Profile whose key has 32 bits.
    Test,
    /// A Test Profile with the key of an Operational Profile.
    TestWithOtherKey,
    /// Operational, with the files of the [`laboratory`].
    Laboratory,
    /// Operational, with this authentication algorithm.
    Network(Algorithm),
    /// Operational, with something of its authentication otherwise.
    Adjusted(Adjustment),
    /// A Provisioning Profile.
    Provisioning,
    /// Metadata of a class that there is not.
    UnknownClass,
    /// Metadata with a Profile Policy Rule and no owner.
    RuledWithoutOwner,
    /// Metadata with a Profile Policy Rule and an owner with a wildcard digit.
    RuledWithWildcardOwner,
    /// Metadata with an owner of another network than the profile.
    OtherOwner,
    /// Metadata with an owner that has a GID1, which the profile has not.
    OwnerWithGid1,
    /// Metadata with an icon and no type of it.
    IconWithoutType,
    /// Operational, with one change of its profile elements.
    Changed(Change),
    /// With files that take more memory than the card says it has.
    TooBig,
    /// Metadata that lacks the service provider's name.
    WithoutServiceProvider,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "operational",
            Self::Notifying => "operational, each event notified",
            Self::Full => "operational, with icon, owner and notifications",
            Self::Ruled(rules) => {
                return write!(f, "operational, with {}", PprIds::of(rules.iter().copied()));
            }
            Self::Test => "a Test Profile",
            Self::TestWithOtherKey => "a Test Profile with the key of an operational one",
            Self::Laboratory => "operational, with the files of the laboratory",
            Self::Network(algorithm) => return write!(f, "operational, with {algorithm}"),
            Self::Adjusted(adjustment) => return write!(f, "operational, with {adjustment}"),
            Self::Provisioning => "a Provisioning Profile",
            Self::UnknownClass => "of the class 3",
            Self::RuledWithoutOwner => "with PPR2 and no owner",
            Self::RuledWithWildcardOwner => "with PPR2 and an owner with a wildcard digit",
            Self::OtherOwner => "with an owner of another network than EF.IMSI",
            Self::OwnerWithGid1 => "with an owner whose GID1 is not in the profile",
            Self::IconWithoutType => "with an icon and no icon type",
            Self::Changed(change) => return write!(f, "operational, {change}"),
            Self::TooBig => "larger than the free memory",
            Self::WithoutServiceProvider => "without serviceProviderName",
        })
    }
}

/// A profile of a case.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its ICCID.
    pub iccid: Iccid,
    /// What it is, once it was prepared.
    pub form: Form,
    /// The AID of its ISD-P, once it was asked for.
    pub aid: Option<Aid>,
    keys: Keys,
}

/// The name in the metadata of every profile.
pub const SERVICE_PROVIDER: &str = "Conformance";
/// The profile's name in the metadata.
pub const PROFILE_NAME: &str = "Test";
/// An icon; the eUICC does not look into it.
pub const ICON: [u8; 23] = *b"\x89PNG\r\n\x1a\n not 64 by 64 \0";

/// The test network 001 01 (3GPP TS 24.008 §10.5.1.13), and another one.
const OWNER: [u8; 3] = [0x00, 0xF1, 0x10];
const OTHER_OWNER: [u8; 3] = [0x00, 0xF1, 0x20];
/// The same with a wildcard for the last digit of the MNC.
const WILDCARD_OWNER: [u8; 3] = [0x00, 0xF1, 0xE0];
/// An IMSI of that network, and one that is of no test network.
const IMSI: &str = "001010123456789";
const COMMERCIAL_IMSI: &str = "246810123456789";

impl Profile {
    /// A profile with an ICCID by chance: 20 digits that begin with 89001 and end in their check digit.
    pub fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0; 14];
        rng.fill_bytes(&mut random);
        let mut digits = vec![8, 9, 0, 0, 1];
        digits.extend(random.map(|byte| byte % 10));
        digits.push(check_digit(&digits));
        let mut iccid = [0; 10];
        // EF.ICCID and the metadata have the digits of each pair swapped.
        for (byte, pair) in iccid.iter_mut().zip(digits.chunks(2)) {
            *byte = pair.iter().rev().fold(0, |byte, digit| byte << 4 | digit);
        }
        Self { iccid: Iccid::from(iccid), form: Form::Plain, aid: None, keys: Keys::new(rng) }
    }

    /// The address that is notified of an event.
    pub fn address(event: usize) -> String {
        let name = NotificationEvent::bit_name(event).unwrap_or("notification").to_ascii_lowercase();
        format!("{name}.conformance.example.com")
    }

    /// The events that it wants notified, in the order of its metadata.
    pub fn events(&self) -> &'static [usize] {
        const ALL: &[usize] = &[
            NotificationEvent::ENABLE,
            NotificationEvent::DISABLE,
            NotificationEvent::DELETE,
            NotificationEvent::INSTALL,
        ];
        match self.form {
            Form::Notifying | Form::Full => ALL,
            _ => &[],
        }
    }

    /// The class that its metadata says.
    pub fn class(&self) -> ProfileClass {
        match self.form {
            Form::Test | Form::TestWithOtherKey => ProfileClass::TEST,
            Form::Provisioning => ProfileClass::PROVISIONING,
            Form::UnknownClass => ProfileClass(3),
            _ => ProfileClass::OPERATIONAL,
        }
    }

    /// The Profile Policy Rules that its metadata sets.
    pub fn rules(&self) -> &'static [usize] {
        match self.form {
            Form::Ruled(rules) => rules,
            Form::RuledWithoutOwner | Form::RuledWithWildcardOwner => &[PprIds::PPR2],
            _ => &[],
        }
    }

    /// The owner that its metadata names.
    pub fn owner(&self) -> Option<OperatorId> {
        let (mcc_mnc, gid1) = match self.form {
            Form::Full | Form::Ruled(_) => (OWNER, None),
            Form::RuledWithWildcardOwner => (WILDCARD_OWNER, None),
            Form::OtherOwner => (OTHER_OWNER, None),
            Form::OwnerWithGid1 => (OWNER, Some(OctetString::from(vec![0x01]))),
            _ => return None,
        };
        let mcc_mnc = asn1::MccMnc::new(mcc_mnc).ok()?;
        Some(OperatorId { mcc_mnc, gid1, gid2: None, unknown: Unknown::none() })
    }

    /// The Profile Metadata.
    ///
    /// # Errors
    /// None that is known: names and addresses are short enough.
    pub fn metadata(&self) -> Result<StoreMetadataRequest, Stop> {
        let text = |_| Stop::impossible("the metadata cannot be made");
        let entry = |event: &usize| NotificationConfigurationInformation {
            profile_management_operation: NotificationEvent::of([*event]),
            notification_address: Self::address(*event),
            unknown: Unknown::none(),
        };
        let (service_provider, name) = (SERVICE_PROVIDER.try_into(), PROFILE_NAME.try_into());
        let mut metadata = StoreMetadataRequest::new(
            self.iccid,
            service_provider.map_err(text)?,
            name.map_err(|_| Stop::impossible("the metadata cannot be made"))?,
        );
        let icon = matches!(self.form, Form::Full | Form::IconWithoutType);
        metadata.icon = icon.then(|| Icon::new(ICON)).and_then(Result::ok);
        metadata.icon_type = (self.form == Form::Full).then_some(IconType::PNG);
        let class = Some(self.class()).filter(|class| *class != ProfileClass::OPERATIONAL);
        // SGP.22 §5.5.3: the default is not encoded in DER; servers write it all the same, so one form does.
        metadata.profile_class =
            if self.form == Form::Full { Some(ProfileClass::OPERATIONAL) } else { class };
        let entries: Vec<_> = self.events().iter().map(entry).collect();
        metadata.notification_configuration_info = Some(entries).filter(|entries| !entries.is_empty());
        metadata.profile_owner = self.owner();
        let rules = PprIds::of(self.rules().iter().copied());
        metadata.profile_policy_rules = Some(rules).filter(|rules| !rules.is_empty());
        Ok(metadata)
    }

    /// The metadata as a StoreMetadataRequest TLV.
    ///
    /// # Errors
    /// As [`Self::metadata`].
    pub fn store_metadata(&self) -> Result<Vec<u8>, Stop> {
        let whole = der::encode(&self.metadata()?);
        if self.form != Form::WithoutServiceProvider {
            return Ok(whole);
        }
        let members = asn1::tlv::read(&whole).map_or(&[][..], |(tlv, _)| tlv.value);
        let kept = asn1::tlv::children(members).map_while(Result::ok).filter(|member| member.tag.0 != 0x91);
        Ok(asn1::tlv::wrap(0xBF25, &kept.flat_map(|member| member.raw.iter().copied()).collect::<Vec<u8>>()))
    }

    /// How its network authenticates.
    ///
    /// # Errors
    /// None that is known: the lengths are those of the algorithms.
    pub fn functions(&self) -> Result<Box<dyn AkaFunctions>, Stop> {
        match self.form {
            Form::Network(algorithm) => algorithm.functions(&self.keys),
            _ => Algorithm::Milenage.functions(&self.keys),
        }
    }

    /// The Unprotected Profile Package, for a card with so much free memory.
    ///
    /// # Errors
    /// None that is known: the IMSI is one.
    pub fn package(&self, free_memory: u64) -> Result<Zeroizing<Vec<u8>>, Stop> {
        // SGP.22 §2.4.5.3: with an IMSI for tests any key would do.
        let imsi = if self.form == Form::TestWithOtherKey { COMMERCIAL_IMSI } else { IMSI };
        let imsi: Imsi = imsi.parse().map_err(|_| Stop::impossible("the package cannot be made"))?;
        let Keys { mut ki, opc } = self.keys.clone();
        if self.form == Form::Test {
            // SGP.22 §2.4.5.3: such a key every eUICC with Test Profiles has to take.
            ki.iter_mut().take(12).for_each(|byte| *byte = 0);
        }
        let subscriber = Subscriber::new(self.iccid, imsi, ki, opc);
        let package = default_profile(&subscriber);
        let mut elements = Elements::parse(&package)?;
        match self.form {
            Form::TooBig => elements.manage(files_of(free_memory))?,
            Form::Changed(change) => change.make(&mut elements)?,
            Form::Laboratory => laboratory::put_into(&mut elements)?,
            Form::Network(algorithm) => algorithm.put_into(&mut elements, &self.keys)?,
            Form::Adjusted(adjustment) => adjustment.put_into(&mut elements)?,
            _ => return Ok(package),
        }
        Ok(elements.encoded())
    }
}

/// Empty files below the MF that together are larger than this.
fn files_of(memory: u64) -> Vec<FileManagementCommand> {
    const SIZE: u16 = 0xF000;
    let file = |number: u16| {
        FileManagementCommand::CreateFcp(Box::new(Fcp {
            // A transparent EF.
            file_descriptor: Some(vec![0x41, 0x21]),
            file_id: Some((0x2F80 + number).to_be_bytes()),
            security_attributes_referenced: Some(vec![3]),
            ef_file_size: Some(SIZE.to_be_bytes().to_vec()),
            ..Fcp::default()
        }))
    };
    let count = u16::try_from(memory / u64::from(SIZE) + 2).unwrap_or(1000).min(1000);
    (0..count).map(file).collect()
}

/// The Luhn digit (ITU-T E.118 annex B).
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            match (place % 2, digit) {
                (0, digit) if digit > 4 => digit * 2 - 9,
                (0, digit) => digit * 2,
                (_, digit) => digit,
            }
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or_default()
}
