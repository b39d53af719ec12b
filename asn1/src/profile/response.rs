//! EUICCResponse: what the eUICC says about the profile elements, carried in the profile installation result as
//! `simaResponse` (SGP.22 §2.5.6).

use super::members::{ElementError, Member, put, put_optional, put_uint, put_with};
use crate::tlv::{self, TlvError};

/// EUICCResponse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EuiccResponse {
    /// `peStatus`.
    pub pe_status: Vec<PeStatus>,
    /// `profileInstallationAborted`.
    pub profile_installation_aborted: bool,
    /// `statusMessage`: 2 to 64 characters.
    pub status_message: Option<String>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// PEStatus: the outcome of one profile element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeStatus {
    /// `status`.
    pub status: Status,
    /// `identification` of the element.
    pub identification: Option<u16>,
    /// `additional-information`.
    pub additional_information: Option<u8>,
    /// `offset`: bytes from the start of the element.
    pub offset: Option<u32>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// The status of a PEStatus. ISO 7816 status words (6xxx, 9xxx) and proprietary values (A000 and above) are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub u16);

macro_rules! statuses {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        impl Status {
            $(#[doc = concat!("`", $text, "(", stringify!($number), ")`.")] pub const $name: Self = Self($number);)*

            /// The name in the PE definitions.
            pub fn name(self) -> Option<&'static str> {
                match self.0 { $($number => Some($text),)* _ => None }
            }
        }
    };
}

statuses! {
    OK = 0, "ok";
    PE_NOT_SUPPORTED = 1, "pe-not-supported";
    MEMORY_FAILURE = 2, "memory-failure";
    BAD_VALUES = 3, "bad-values";
    NOT_ENOUGH_MEMORY = 4, "not-enough-memory";
    INVALID_REQUEST_FORMAT = 5, "invalid-request-format";
    INVALID_PARAMETER = 6, "invalid-parameter";
    RUNTIME_NOT_SUPPORTED = 7, "runtime-not-supported";
    LIB_NOT_SUPPORTED = 8, "lib-not-supported";
    TEMPLATE_NOT_SUPPORTED = 9, "template-not-supported";
    FEATURE_NOT_SUPPORTED = 10, "feature-not-supported";
    PIN_CODE_MISSING = 11, "pin-code-missing";
    UNSUPPORTED_PROFILE_VERSION = 31, "unsupported-profile-version";
}

impl PeStatus {
    /// A status that names no element.
    pub fn new(status: Status) -> Self {
        Self { status, identification: None, additional_information: None, offset: None, unknown: Vec::new() }
    }
}

impl EuiccResponse {
    /// Everything installed.
    pub fn ok() -> Self {
        Self::of(vec![PeStatus::new(Status::OK)], false)
    }

    /// These statuses, and whether the installation was given up.
    pub fn of(pe_status: Vec<PeStatus>, aborted: bool) -> Self {
        Self { pe_status, profile_installation_aborted: aborted, status_message: None, unknown: Vec::new() }
    }

    /// Decodes one complete EUICCResponse.
    ///
    /// # Errors
    /// [`ElementError`], its offset counted from the start of the response.
    pub fn from_der(bytes: &[u8]) -> Result<Self, ElementError> {
        let at_start = |error: TlvError| ElementError { offset: 0, fault: error.into() };
        let (tlv, rest) = tlv::read(bytes).map_err(at_start)?;
        let member = Member { tlv, offset: 0 };
        member.expect(0x30)?;
        if !rest.is_empty() {
            return member.value_error("bytes follow the EUICCResponse");
        }
        let mut members = member.members();
        Ok(Self {
            pe_status: members.required(0xA0, "peStatus")?.each(PeStatus::read)?,
            profile_installation_aborted: members.optional_as(0x81, Member::null)?.is_some(),
            status_message: members.optional_as(0x82, |m| m.text(2..=64))?,
            unknown: members.unknown(&[0xA0, 0x81, 0x82])?,
        })
    }

    /// The complete TLV.
    pub fn to_der(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_with(&mut out, 0x30, |out| {
            put_with(out, 0xA0, |out| self.pe_status.iter().for_each(|status| status.write(out)));
            if self.profile_installation_aborted {
                put(out, 0x81, &[]);
            }
            put_optional(out, 0x82, self.status_message.as_deref().map(str::as_bytes));
            out.extend_from_slice(&self.unknown);
        });
        out
    }
}

impl PeStatus {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.expect(0x30)?;
        let mut members = member.members();
        Ok(Self {
            status: Status(members.required(0x80, "status")?.uint16()?),
            identification: members.optional_as(0x81, Member::uint16)?,
            additional_information: members.optional_as(0x82, Member::uint8)?,
            offset: members.optional_as(0x83, |m| m.uint(0x7FFF_FFFF))?,
            unknown: members.unknown(&[0x80, 0x81, 0x82, 0x83])?,
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_with(out, 0x30, |out| {
            put_uint(out, 0x80, self.status.0);
            if let Some(identification) = self.identification {
                put_uint(out, 0x81, identification);
            }
            if let Some(information) = self.additional_information {
                put_uint(out, 0x82, information);
            }
            if let Some(offset) = self.offset {
                put_uint(out, 0x83, offset);
            }
            out.extend_from_slice(&self.unknown);
        });
    }
}
