//! The rasn codec that writes DER and puts unknown members back at their places.

use rasn::ber::enc::{Encoder as Primitive, EncoderOptions};
use rasn::error::EncodeError;
use rasn::types::{self, Any, Choice, Class, Constraints, Constructed, Enumerated, Identifier, SetOf};
use rasn::{Codec, Encode, Encoder};

use crate::tlv::{self, Tag};
use crate::unknown::{UNKNOWN_TAG, Unknown};

pub(super) fn write<T: Encode>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer::default();
    value.encode(&mut writer)?;
    Ok(writer.out)
}

/// A tag as it is written.
pub(super) fn identifier(tag: types::Tag, constructed: bool) -> Tag {
    let class = match tag.class {
        Class::Universal => 0x00,
        Class::Application => 0x40,
        Class::Context => 0x80,
        Class::Private => 0xC0,
    };
    let first = class | if constructed { 0x20 } else { 0 };
    match tag.value {
        number @ 0..0x1F => Tag(first | number),
        number @ 0x1F..0x80 => Tag((first | 0x1F) << 8 | number),
        number => Tag((first | 0x1F) << 16 | (0x80 | number >> 7 & 0x7F) << 8 | number & 0x7F),
    }
}

/// Exchanges the identifier octets of a TLV, as implicit tagging does; primitive stays primitive. An untagged CHOICE
/// has no tag of its own and stays as it is.
pub(crate) fn retag(bytes: &[u8], tag: types::Tag) -> Vec<u8> {
    match tlv::read(bytes) {
        Ok((tlv, _)) if tag != types::Tag::EOC => {
            tlv::wrap(identifier(tag, tlv.tag.is_constructed()).0, tlv.value)
        }
        _ => bytes.to_vec(),
    }
}

#[derive(Default)]
struct Writer {
    out: Vec<u8>,
    /// Where each TLV written so far begins.
    starts: Vec<usize>,
}

impl Writer {
    fn put(&mut self, tag: Tag, value: &[u8]) {
        self.starts.push(self.out.len());
        tlv::write_header(&mut self.out, tag, value.len());
        self.out.extend_from_slice(value);
    }

    fn put_raw(&mut self, tlv: &[u8]) {
        self.starts.push(self.out.len());
        self.out.extend_from_slice(tlv);
    }

    fn put_unknown(&mut self, unknown: &Unknown) {
        let known = std::mem::take(&mut self.out);
        let mut written = 0;
        for member in unknown {
            // Members noted as standing behind more than there are go to the end.
            let place = self.starts.get(member.after).copied().unwrap_or(known.len()).max(written);
            self.out.extend_from_slice(known.get(written..place).unwrap_or_default());
            self.out.extend_from_slice(&member.tlv);
            written = place;
        }
        self.out.extend_from_slice(known.get(written..).unwrap_or_default());
    }

    /// Lets rasn encode a primitive.
    fn primitive(
        &mut self,
        encode: impl FnOnce(&mut Primitive) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let mut encoder = Primitive::new(EncoderOptions::der());
        encode(&mut encoder)?;
        self.put_raw(&encoder.output());
        Ok(())
    }

    fn constructed(
        &mut self,
        tag: types::Tag,
        contents: impl FnOnce(&mut Writer) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let mut inner = Writer::default();
        contents(&mut inner)?;
        self.put(identifier(tag, true), &inner.out);
        Ok(())
    }
}

fn unsupported(what: &str) -> EncodeError {
    rasn::enc::Error::custom(format_args!("{what} is not used in RSP"), Codec::Der)
}

/// Methods of [`Encoder`] that differ only in their name and value.
macro_rules! primitives {
    ($($method:ident($($c:ident)?) $type:ty;)+) => {$(
        fn $method(
            &mut self,
            tag: types::Tag,
            $($c: &Constraints,)?
            value: $type,
            id: Identifier,
        ) -> Result<(), EncodeError> {
            self.primitive(|encoder| encoder.$method(tag, $($c,)? value, id))
        }
    )+};
}

impl<'encoder> Encoder<'encoder> for Writer {
    type Ok = ();
    type Error = EncodeError;
    type AnyEncoder<'other, const R: usize, const E: usize> = Writer;

    fn codec(&self) -> Codec {
        Codec::Der
    }

    fn encode_any(&mut self, tag: types::Tag, value: &Any, _: Identifier) -> Result<(), EncodeError> {
        if tag == UNKNOWN_TAG {
            if let Some(unknown) = Unknown::unpack(value.as_bytes()) {
                self.put_unknown(&unknown);
            }
        } else {
            self.put_raw(value.as_bytes());
        }
        Ok(())
    }

    fn encode_octet_string(
        &mut self,
        tag: types::Tag,
        _: &Constraints,
        value: &[u8],
        _: Identifier,
    ) -> Result<(), EncodeError> {
        self.put(identifier(tag, false), value);
        Ok(())
    }

    fn encode_null(&mut self, tag: types::Tag, _: Identifier) -> Result<(), EncodeError> {
        self.put(identifier(tag, false), &[]);
        Ok(())
    }

    fn encode_enumerated<E: Enumerated>(
        &mut self,
        tag: types::Tag,
        value: &E,
        id: Identifier,
    ) -> Result<(), EncodeError> {
        self.primitive(|encoder| encoder.encode_enumerated(tag, value, id))
    }

    fn encode_integer<I: types::IntegerType>(
        &mut self,
        tag: types::Tag,
        c: &Constraints,
        value: &I,
        id: Identifier,
    ) -> Result<(), EncodeError> {
        self.primitive(|encoder| encoder.encode_integer(tag, c, value, id))
    }

    fn encode_real<R: types::RealType>(
        &mut self,
        _: types::Tag,
        _: &Constraints,
        _: &R,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        Err(unsupported("REAL"))
    }

    primitives! {
        encode_bool() bool;
        encode_bit_string(c) &types::BitStr;
        encode_object_identifier() &[u32];
        encode_utf8_string(c) &str;
        encode_general_string(c) &types::GeneralString;
        encode_graphic_string(c) &types::GraphicString;
        encode_visible_string(c) &types::VisibleString;
        encode_ia5_string(c) &types::Ia5String;
        encode_printable_string(c) &types::PrintableString;
        encode_numeric_string(c) &types::NumericString;
        encode_teletex_string(c) &types::TeletexString;
        encode_bmp_string(c) &types::BmpString;
        encode_generalized_time() &types::GeneralizedTime;
        encode_utc_time() &types::UtcTime;
        encode_date() &types::Date;
    }

    fn encode_explicit_prefix<V: Encode>(
        &mut self,
        tag: types::Tag,
        value: &V,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        if value.is_present() { self.constructed(tag, |inner| value.encode(inner)) } else { Ok(()) }
    }

    fn encode_sequence<'b, const RC: usize, const EC: usize, C, F>(
        &'b mut self,
        tag: types::Tag,
        members: F,
        _: Identifier,
    ) -> Result<(), EncodeError>
    where
        C: Constructed<RC, EC>,
        F: FnOnce(&mut Self::AnyEncoder<'b, 0, 0>) -> Result<(), EncodeError>,
    {
        self.constructed(tag, members)
    }

    fn encode_sequence_of<E: Encode>(
        &mut self,
        tag: types::Tag,
        values: &[E],
        _: &Constraints,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        self.constructed(tag, |inner| values.iter().try_for_each(|value| value.encode(inner)))
    }

    fn encode_set<'b, const RC: usize, const EC: usize, C, F>(
        &'b mut self,
        _: types::Tag,
        _: F,
        _: Identifier,
    ) -> Result<(), EncodeError>
    where
        C: Constructed<RC, EC>,
        F: FnOnce(&mut Self::AnyEncoder<'b, 0, 0>) -> Result<(), EncodeError>,
    {
        Err(unsupported("SET"))
    }

    fn encode_set_of<E: Encode + Eq + core::hash::Hash>(
        &mut self,
        tag: types::Tag,
        values: &SetOf<E>,
        _: &Constraints,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        // X.690 §11.6: the elements of a SET OF in the order of their encodings.
        let mut elements = values.to_vec().into_iter().map(write).collect::<Result<Vec<_>, _>>()?;
        elements.sort();
        self.put(identifier(tag, true), &elements.concat());
        Ok(())
    }

    fn encode_some<E: Encode>(&mut self, value: &E, _: Identifier) -> Result<(), EncodeError> {
        value.encode(self)
    }

    fn encode_some_with_tag_and_constraints<E: Encode>(
        &mut self,
        tag: types::Tag,
        c: &Constraints,
        value: &E,
        id: Identifier,
    ) -> Result<(), EncodeError> {
        value.encode_with_tag_and_constraints(self, tag, c, id)
    }

    fn encode_none<E: Encode>(&mut self, _: Identifier) -> Result<(), EncodeError> {
        Ok(())
    }

    fn encode_none_with_tag(&mut self, _: types::Tag, _: Identifier) -> Result<(), EncodeError> {
        Ok(())
    }

    fn encode_choice<E: Encode + Choice>(
        &mut self,
        _: &Constraints,
        _: types::Tag,
        encode_fn: impl FnOnce(&mut Self) -> Result<types::Tag, EncodeError>,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        encode_fn(self).map(drop)
    }

    fn encode_extension_addition<E: Encode>(
        &mut self,
        _: types::Tag,
        _: &Constraints,
        _: E,
        _: Identifier,
    ) -> Result<(), EncodeError> {
        Err(unsupported("extension_addition"))
    }

    fn encode_extension_addition_group<const RC: usize, const EC: usize, E>(
        &mut self,
        _: Option<&E>,
        _: Identifier,
    ) -> Result<(), EncodeError>
    where
        E: Encode + Constructed<RC, EC>,
    {
        Err(unsupported("extension_addition_group"))
    }
}
