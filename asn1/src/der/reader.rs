//! The second step of decoding: a rasn codec that reads TLVs strictly and knows which members a type names.
//!
//! It takes the structure into its own hands (SEQUENCE, CHOICE, explicit tags, optional members) and leaves the contents
//! of primitives to rasn's DER decoder.

use std::cell::RefCell;

use rasn::ber::de::{Decoder as Primitive, DecoderOptions};
use rasn::error::{DecodeError, DecodeErrorKind};
use rasn::types::fields::{Field, Fields};
use rasn::types::{self, Any, Class, Constraints, Constructed, DecodeChoice, Enumerated, SetOf, TagTree};
use rasn::{Codec, Decode, Decoder};

use super::DerError;
use super::writer::identifier;
use crate::raw::PEEK_TAG;
use crate::tlv::{self, Tag, Tlv};
use crate::unknown::{UNKNOWN_TAG, Unknown, UnknownMember};

/// Decodes one value from bytes that [`super::walk`] has accepted.
pub(super) fn read<T: Decode>(bytes: &[u8]) -> Result<T, DerError> {
    let shared = Shared::default();
    let inside = type_name::<T>();
    let value = T::decode(&mut Reader { rest: bytes, inside, schema: None, shared: &shared });
    // What is wrong with the structure was kept in its own form; what is wrong with contents is rasn's or the member
    // type's text.
    match (shared.first.into_inner(), value) {
        (None, Ok(value)) => Ok(value),
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(contents(inside, &error)),
    }
}

/// The innermost member that an error names, and what it says of it.
fn contents(inside: &'static str, error: &DecodeError) -> DerError {
    match &*error.kind {
        DecodeErrorKind::FieldError { name, nested } => contents(name, nested),
        DecodeErrorKind::Custom { msg } => DerError::Value { inside, reason: msg.clone() },
        kind => DerError::Value { inside, reason: kind.to_string() },
    }
}

/// The name of a type without its path, for errors.
fn type_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let name = name.rsplit("::").next().unwrap_or(name).trim_end_matches('>');
    // What the derive calls the alternatives of a tagged CHOICE.
    name.strip_prefix("Inner").unwrap_or(name)
}

/// Class and number of a tag that was read.
fn rasn_tag(tag: Tag) -> types::Tag {
    let mut octets = tag.octets();
    let first = octets.next().unwrap_or(0);
    let class = match first >> 6 {
        0 => Class::Universal,
        1 => Class::Application,
        2 => Class::Context,
        _ => Class::Private,
    };
    let number = match first & 0x1F {
        0x1F => octets.fold(0, |number, octet| number << 7 | u32::from(octet & 0x7F)),
        short => u32::from(short),
    };
    types::Tag::new(class, number)
}

/// Methods of [`Decoder`] that differ only in their name and result.
macro_rules! primitives {
    ($($method:ident($($c:ident)?) -> $type:ty;)+) => {$(
        fn $method(&mut self, tag: types::Tag $(, $c: &Constraints)?) -> Result<$type, DecodeError> {
            self.primitive(tag, |decoder| decoder.$method(tag $(, $c)?))
        }
    )+};
}

#[derive(Default)]
struct Shared {
    first: RefCell<Option<DerError>>,
}

/// The members of the SEQUENCE being read.
struct Schema {
    fields: &'static [Field],
    /// Whether unknown members are kept.
    extensible: bool,
    /// How many named members were taken.
    taken: usize,
    /// Which fields were taken, one bit each.
    seen: u64,
    unknown: Vec<UnknownMember>,
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The type whose contents are read, for errors.
    inside: &'static str,
    /// `None` where any TLV may come: at the top, in SEQUENCE OF, behind an explicit tag.
    schema: Option<Schema>,
    shared: &'a Shared,
}

impl<'a> Reader<'a> {
    fn fail(&self, error: DerError) -> DecodeError {
        let text = error.to_string();
        self.shared.first.borrow_mut().get_or_insert(error);
        rasn::de::Error::custom(text, Codec::Der)
    }

    fn unsupported(&self, what: &str) -> DecodeError {
        self.fail(DerError::Value { inside: self.inside, reason: format!("{what} is not used in RSP") })
    }

    fn nested(&self, value: &'a [u8], inside: &'static str, schema: Option<Schema>) -> Self {
        Reader { rest: value, inside, schema, shared: self.shared }
    }

    /// The next TLV that the schema names; unknown ones before it are set aside.
    fn peek(&mut self) -> Result<Option<Tlv<'a>>, DecodeError> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let (tlv, rest) = tlv::read(self.rest).map_err(|error| {
                self.fail(DerError::Value { inside: self.inside, reason: error.to_string() })
            })?;
            match &mut self.schema {
                Some(schema) if schema.extensible && schema.field(tlv.tag).is_none() => {
                    schema.unknown.push(UnknownMember { after: schema.taken, tlv: tlv.raw.to_vec() });
                    self.rest = rest;
                }
                _ => return Ok(Some(tlv)),
            }
        }
    }

    fn next_is(&mut self, wanted: &TagTree) -> Result<bool, DecodeError> {
        let next = self.peek()?;
        Ok(next.is_some_and(|tlv| TagTree::tag_contains(&rasn_tag(tlv.tag), std::slice::from_ref(wanted))))
    }

    fn missing(&self, tag: types::Tag) -> DecodeError {
        let wanted = self.schema.as_ref().and_then(|schema| schema.wanted(tag));
        let member = wanted.map_or("a value", |(_, field)| field.name);
        self.fail(DerError::MissingMember { inside: self.inside, member })
    }

    fn required(&mut self, tag: types::Tag) -> Result<Tlv<'a>, DecodeError> {
        match self.peek()? {
            Some(tlv) => Ok(tlv),
            None => Err(self.missing(tag)),
        }
    }

    /// Takes the next TLV, which must have this tag.
    fn take(&mut self, tag: types::Tag, constructed: bool) -> Result<Tlv<'a>, DecodeError> {
        let tlv = self.required(tag)?;
        if tlv.tag != identifier(tag, constructed) {
            return Err(self.unexpected(tag, tlv.tag));
        }
        self.advance(tlv);
        Ok(tlv)
    }

    /// Why the next TLV is not the one that the schema asks for.
    fn unexpected(&self, expected: types::Tag, found: Tag) -> DecodeError {
        let inside = self.inside;
        let error = match &self.schema {
            // Primitive instead of constructed, or the other way round, is left to the last arm.
            Some(schema) if rasn_tag(found) != expected => {
                match (schema.field(found), schema.wanted(expected)) {
                    (None, _) => DerError::UnknownMember { inside, tag: found },
                    (Some((index, field)), _) if schema.has_seen(index) => {
                        DerError::DuplicateMember { inside, member: field.name }
                    }
                    (Some((index, _)), Some((wanted, _))) if wanted < index => return self.missing(expected),
                    (Some((_, field)), _) => DerError::MisplacedMember { inside, member: field.name },
                }
            }
            _ => DerError::UnexpectedTag { inside, expected: expected.to_string(), found },
        };
        self.fail(error)
    }

    fn advance(&mut self, tlv: Tlv<'a>) {
        self.rest = self.rest.get(tlv.raw.len()..).unwrap_or_default();
        if let Some(schema) = &mut self.schema
            && let Some((index, _)) = schema.field(tlv.tag)
        {
            schema.taken += 1;
            schema.seen |= 1_u64.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0);
        }
    }

    /// Everything must be used up.
    fn finish(&mut self) -> Result<(), DecodeError> {
        let Some(tlv) = self.peek()? else { return Ok(()) };
        let inside = self.inside;
        let error = match self.schema.as_ref().and_then(|schema| Some((schema, schema.field(tlv.tag)?))) {
            Some((schema, (index, field))) if schema.has_seen(index) => {
                DerError::DuplicateMember { inside, member: field.name }
            }
            Some((_, (_, field))) => DerError::MisplacedMember { inside, member: field.name },
            None => DerError::UnknownMember { inside, tag: tlv.tag },
        };
        Err(self.fail(error))
    }

    /// Takes a primitive TLV and lets rasn decode its contents.
    fn primitive<T>(
        &mut self,
        tag: types::Tag,
        decode: impl FnOnce(&mut Primitive<'a>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let tlv = self.take(tag, false)?;
        let mut decoder = Primitive::new(tlv.raw, DecoderOptions::der());
        decode(&mut decoder)
    }
}

impl Schema {
    fn of(fields: &'static [Field]) -> Self {
        let extensible = fields.iter().any(|field| field.tag == UNKNOWN_TAG);
        Self { fields, extensible, taken: 0, seen: 0, unknown: Vec::new() }
    }

    /// The member that a TLV with this tag is: several may have the same tag (two certificates, say), then the first
    /// that was not taken yet.
    fn field(&self, tag: Tag) -> Option<(usize, &'static Field)> {
        let tag = rasn_tag(tag);
        let mut same = self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| TagTree::tag_contains(&tag, &[field.tag_tree]));
        let first = same.clone().next();
        same.find(|(index, _)| !self.has_seen(*index)).or(first)
    }

    /// The member that the schema wants when it asks for this tag.
    fn wanted(&self, tag: types::Tag) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(index, field)| field.tag == tag && !self.has_seen(*index))
    }

    fn has_seen(&self, index: usize) -> bool {
        u32::try_from(index).is_ok_and(|index| self.seen.checked_shr(index).unwrap_or(0) & 1 == 1)
    }
}

impl<'a> Decoder for Reader<'a> {
    type Ok = ();
    type Error = DecodeError;
    type AnyDecoder<const R: usize, const E: usize> = Reader<'a>;

    fn codec(&self) -> Codec {
        Codec::Der
    }

    fn decode_any(&mut self, tag: types::Tag) -> Result<Any, DecodeError> {
        if tag == UNKNOWN_TAG {
            // The field stands last: set aside what is left, then hand it over.
            self.finish()?;
            let unknown = self.schema.as_mut().map(|schema| std::mem::take(&mut schema.unknown));
            return Ok(Any::new(unknown.into_iter().flatten().collect::<Unknown>().pack()));
        }
        let tlv = self.required(tag)?;
        if tag == PEEK_TAG {
            return Ok(Any::new(tlv.raw.to_vec()));
        }
        if tag != types::Tag::EOC && rasn_tag(tlv.tag) != tag {
            return Err(self.unexpected(tag, tlv.tag));
        }
        self.advance(tlv);
        Ok(Any::new(tlv.raw.to_vec()))
    }

    fn decode_octet_string<'buf, T>(
        &'buf mut self,
        tag: types::Tag,
        c: &Constraints,
    ) -> Result<T, DecodeError>
    where
        T: From<&'buf [u8]> + From<Vec<u8>>,
    {
        self.primitive(tag, |decoder| decoder.decode_octet_string::<Vec<u8>>(tag, c)).map(T::from)
    }

    fn decode_sequence<const RC: usize, const EC: usize, D, DF, F>(
        &mut self,
        tag: types::Tag,
        _: Option<DF>,
        decode_fn: F,
    ) -> Result<D, DecodeError>
    where
        D: Constructed<RC, EC>,
        DF: FnOnce() -> D,
        F: FnOnce(&mut Self) -> Result<D, DecodeError>,
    {
        let tlv = self.take(tag, true)?;
        let fields: &'static Fields<RC> = const { &D::FIELDS };
        let inside = type_name::<D>();
        let mut members = self.nested(tlv.value, inside, Some(Schema::of(fields)));
        let value = decode_fn(&mut members)?;
        members.finish()?;
        Ok(value)
    }

    fn decode_sequence_of<D: Decode>(
        &mut self,
        tag: types::Tag,
        _: &Constraints,
    ) -> Result<Vec<D>, DecodeError> {
        let tlv = self.take(tag, true)?;
        let mut elements = self.nested(tlv.value, type_name::<D>(), None);
        // One allocation of the exact size: the elements are there, the first step has counted them.
        let mut values = Vec::with_capacity(tlv::children(tlv.value).count());
        while !elements.rest.is_empty() {
            values.push(D::decode(&mut elements)?);
        }
        Ok(values)
    }

    fn decode_set_of<D: Decode + Eq + core::hash::Hash>(
        &mut self,
        tag: types::Tag,
        c: &Constraints,
    ) -> Result<SetOf<D>, DecodeError> {
        self.decode_sequence_of(tag, c).map(SetOf::from_vec)
    }

    fn decode_explicit_prefix<D: Decode>(&mut self, tag: types::Tag) -> Result<D, DecodeError> {
        let tlv = self.take(tag, true)?;
        let mut contents = self.nested(tlv.value, type_name::<D>(), None);
        let value = D::decode(&mut contents)?;
        contents.finish()?;
        Ok(value)
    }

    fn decode_optional_with_explicit_prefix<D: Decode>(
        &mut self,
        tag: types::Tag,
    ) -> Result<Option<D>, DecodeError> {
        if self.next_is(&TagTree::Leaf(tag))? { self.decode_explicit_prefix(tag).map(Some) } else { Ok(None) }
    }

    fn decode_choice<D: DecodeChoice>(&mut self, _: &Constraints) -> Result<D, DecodeError> {
        let tlv = self.required(types::Tag::EOC)?;
        let tag = rasn_tag(tlv.tag);
        if !TagTree::tag_contains(&tag, D::VARIANTS) {
            return Err(self.fail(DerError::UnknownAlternative { choice: type_name::<D>(), tag: tlv.tag }));
        }
        D::from_tag(self, tag)
    }

    fn decode_optional<D: Decode>(&mut self) -> Result<Option<D>, DecodeError> {
        if self.next_is(&D::TAG_TREE)? { D::decode(self).map(Some) } else { Ok(None) }
    }

    fn decode_optional_with_tag<D: Decode>(&mut self, tag: types::Tag) -> Result<Option<D>, DecodeError> {
        if self.next_is(&TagTree::Leaf(tag))? { D::decode_with_tag(self, tag).map(Some) } else { Ok(None) }
    }

    fn decode_optional_with_constraints<D: Decode>(
        &mut self,
        c: &Constraints,
    ) -> Result<Option<D>, DecodeError> {
        if self.next_is(&D::TAG_TREE)? { D::decode_with_constraints(self, c).map(Some) } else { Ok(None) }
    }

    fn decode_optional_with_tag_and_constraints<D: Decode>(
        &mut self,
        tag: types::Tag,
        c: &Constraints,
    ) -> Result<Option<D>, DecodeError> {
        if self.next_is(&TagTree::Leaf(tag))? {
            D::decode_with_tag_and_constraints(self, tag, c).map(Some)
        } else {
            Ok(None)
        }
    }

    fn decode_enumerated<E: Enumerated>(&mut self, tag: types::Tag) -> Result<E, DecodeError> {
        self.primitive(tag, |decoder| decoder.decode_enumerated(tag))
    }

    fn decode_integer<I: types::IntegerType>(
        &mut self,
        tag: types::Tag,
        c: &Constraints,
    ) -> Result<I, DecodeError> {
        self.primitive(tag, |decoder| decoder.decode_integer(tag, c))
    }

    fn decode_real<R: types::RealType>(&mut self, _: types::Tag, _: &Constraints) -> Result<R, DecodeError> {
        Err(self.unsupported("REAL"))
    }

    primitives! {
        decode_bool() -> bool;
        decode_null() -> ();
        decode_object_identifier() -> types::ObjectIdentifier;
        decode_bit_string(c) -> types::BitString;
        decode_utf8_string(c) -> types::Utf8String;
        decode_visible_string(c) -> types::VisibleString;
        decode_general_string(c) -> types::GeneralString;
        decode_graphic_string(c) -> types::GraphicString;
        decode_ia5_string(c) -> types::Ia5String;
        decode_printable_string(c) -> types::PrintableString;
        decode_numeric_string(c) -> types::NumericString;
        decode_teletex_string(c) -> types::TeletexString;
        decode_bmp_string(c) -> types::BmpString;
        decode_utc_time() -> types::UtcTime;
        decode_generalized_time() -> types::GeneralizedTime;
        decode_date() -> types::Date;
    }

    fn decode_set<const RC: usize, const EC: usize, FIELDS, SET, D, F>(
        &mut self,
        _: types::Tag,
        _: D,
        _: F,
    ) -> Result<SET, DecodeError>
    where
        SET: Decode + Constructed<RC, EC>,
        FIELDS: Decode,
        D: Fn(&mut Self, usize, types::Tag) -> Result<FIELDS, DecodeError>,
        F: FnOnce(Vec<FIELDS>) -> Result<SET, DecodeError>,
    {
        Err(self.unsupported("SET"))
    }

    fn decode_extension_addition_with_explicit_tag_and_constraints<D: Decode>(
        &mut self,
        _: types::Tag,
        _: &Constraints,
    ) -> Result<Option<D>, DecodeError> {
        Err(self.unsupported("extension_addition"))
    }

    fn decode_extension_addition_with_tag_and_constraints<D: Decode>(
        &mut self,
        _: types::Tag,
        _: &Constraints,
    ) -> Result<Option<D>, DecodeError> {
        Err(self.unsupported("extension_addition"))
    }

    fn decode_extension_addition_group<const RC: usize, const EC: usize, D: Decode + Constructed<RC, EC>>(
        &mut self,
    ) -> Result<Option<D>, DecodeError> {
        Err(self.unsupported("extension_addition"))
    }
}
