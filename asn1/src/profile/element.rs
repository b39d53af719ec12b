//! ProfileElement: the CHOICE over all profile elements.

use super::aka::AkaParameter;
use super::codes::{PinCodes, PukCodes};
use super::file_management::GenericFileManagement;
use super::header::{PeHeader, ProfileHeader};
use super::members::{ElementError, ElementFault, Member, put_with};
use super::other::OtherElement;
use super::template::TemplateElement;
use crate::tlv::{self, Tag};

macro_rules! element_kinds {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        /// The alternatives of the CHOICE ProfileElement, by their context tag numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ElementKind {
            $(#[doc = concat!("`", $text, " [", stringify!($number), "]`.")] $name = $number,)*
        }

        impl ElementKind {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name of the alternative in the PE definitions.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

element_kinds! {
    Header = 0, "header";
    GenericFileManagement = 1, "genericFileManagement";
    PinCodes = 2, "pinCodes";
    PukCodes = 3, "pukCodes";
    AkaParameter = 4, "akaParameter";
    CdmaParameter = 5, "cdmaParameter";
    SecurityDomain = 6, "securityDomain";
    Rfm = 7, "rfm";
    Application = 8, "application";
    NonStandard = 9, "nonStandard";
    End = 10, "end";
    Mf = 16, "mf";
    Cd = 17, "cd";
    Telecom = 18, "telecom";
    Usim = 19, "usim";
    OptUsim = 20, "opt-usim";
    Isim = 21, "isim";
    OptIsim = 22, "opt-isim";
    Phonebook = 23, "phonebook";
    GsmAccess = 24, "gsm-access";
    Csim = 25, "csim";
    OptCsim = 26, "opt-csim";
    Eap = 27, "eap";
    Df5gs = 28, "df-5gs";
    DfSaip = 29, "df-saip";
    DfSnpn = 30, "df-snpn";
    Df5gprose = 31, "df-5gprose";
    Iot = 32, "iot";
    OptIot = 33, "opt-iot";
}

impl ElementKind {
    /// The context tag number.
    pub fn number(self) -> u32 {
        self as u32
    }

    /// The tag as written.
    pub fn tag(self) -> u32 {
        context_tag(self.number())
    }

    /// The kind with this tag.
    pub fn from_tag(tag: Tag) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| Tag(kind.tag()) == tag)
    }

    /// Whether the element creates files from a template (tags B0 and above).
    pub fn is_template(self) -> bool {
        self >= Self::Mf
    }
}

/// The written form of a constructed context tag.
pub(super) fn context_tag(number: u32) -> u32 {
    if number < 31 { 0xA0 | number } else { 0xBF00 | number }
}

/// One profile element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileElement {
    /// `header`: what the package is and what it demands of the eUICC.
    Header(ProfileHeader),
    /// `genericFileManagement`: files created one by one.
    GenericFileManagement(GenericFileManagement),
    /// `pinCodes` of the file-system element before it.
    PinCodes(PinCodes),
    /// `pukCodes` of the profile.
    PukCodes(PukCodes),
    /// `akaParameter`: network authentication of the NAA before it.
    AkaParameter(AkaParameter),
    /// `mf`, `usim` and all other elements that create files from a template.
    Template(TemplateElement),
    /// Elements of which only the header is decoded.
    Other(OtherElement),
    /// `end`.
    End(End),
}

impl ProfileElement {
    /// Decodes one complete TLV.
    ///
    /// # Errors
    /// [`ElementError`] with the position of the mistake.
    pub fn from_der(bytes: &[u8]) -> Result<Self, ElementError> {
        let (tlv, rest) =
            tlv::read(bytes).map_err(|error| ElementError { offset: 0, fault: ElementFault::Der(error) })?;
        let element = Self::read(&Member { tlv, offset: 0 })?;
        if rest.is_empty() {
            Ok(element)
        } else {
            Err(ElementError {
                offset: tlv.raw.len(),
                fault: ElementFault::Value("bytes follow the element"),
            })
        }
    }

    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let Some(kind) = ElementKind::from_tag(member.tlv.tag) else {
            return Err(member.error(ElementFault::UnknownElement(member.tlv.tag)));
        };
        match kind {
            ElementKind::Header => ProfileHeader::read(member).map(Self::Header),
            ElementKind::GenericFileManagement => {
                GenericFileManagement::read(member).map(Self::GenericFileManagement)
            }
            ElementKind::PinCodes => PinCodes::read(member).map(Self::PinCodes),
            ElementKind::PukCodes => PukCodes::read(member).map(Self::PukCodes),
            ElementKind::AkaParameter => AkaParameter::read(member).map(Self::AkaParameter),
            ElementKind::End => End::read(member).map(Self::End),
            kind if kind.is_template() => TemplateElement::read(kind, member).map(Self::Template),
            kind => OtherElement::read(kind, member).map(Self::Other),
        }
    }

    /// The complete TLV.
    pub fn to_der(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_with(&mut out, self.kind().tag(), |out| match self {
            Self::Header(element) => element.write(out),
            Self::GenericFileManagement(element) => element.write(out),
            Self::PinCodes(element) => element.write(out),
            Self::PukCodes(element) => element.write(out),
            Self::AkaParameter(element) => element.write(out),
            Self::Template(element) => element.write(out),
            Self::Other(element) => element.write(out),
            Self::End(element) => element.write(out),
        });
        out
    }

    /// Which alternative of the CHOICE it is.
    pub fn kind(&self) -> ElementKind {
        match self {
            Self::Header(_) => ElementKind::Header,
            Self::GenericFileManagement(_) => ElementKind::GenericFileManagement,
            Self::PinCodes(_) => ElementKind::PinCodes,
            Self::PukCodes(_) => ElementKind::PukCodes,
            Self::AkaParameter(_) => ElementKind::AkaParameter,
            Self::Template(element) => element.kind,
            Self::Other(element) => element.kind,
            Self::End(_) => ElementKind::End,
        }
    }

    /// The element's header; the profile header element has none.
    pub fn header(&self) -> Option<PeHeader> {
        match self {
            Self::Header(_) => None,
            Self::GenericFileManagement(element) => Some(element.header),
            Self::PinCodes(element) => Some(element.header),
            Self::PukCodes(element) => Some(element.header),
            Self::AkaParameter(element) => Some(element.header),
            Self::Template(element) => Some(element.header),
            Self::Other(element) => Some(element.header),
            Self::End(element) => Some(element.header),
        }
    }
}

/// PE-End: the last element of every package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// `end-header`.
    pub header: PeHeader,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

impl End {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "end-header")?)?;
        Ok(Self { header, unknown: members.unknown(&[0xA0])? })
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        out.extend_from_slice(&self.unknown);
    }
}
