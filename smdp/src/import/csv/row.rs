//! From one row to a profile.

use std::str::FromStr;

use asn1::{Iccid, Raw, StoreMetadataRequest};
use protocol::profile::{Code, CodeName, Personalisation, ProfileTemplate, Subscriber};
use zeroize::Zeroizing;

use super::columns::{Column, Columns};
use super::records::Record;
use crate::domain::{NewProfile, Package};
use crate::import::{Options, agreed, profile_type};

/// A row under its header.
pub(super) struct Row<'a> {
    pub columns: &'a Columns,
    pub record: &'a Record,
}

/// A mistake in a row. The reason never repeats what stands there: in a row that has slipped by a field, a key may stand
/// anywhere.
pub(super) struct RowMistake {
    pub column: Option<&'static str>,
    pub reason: String,
}

impl RowMistake {
    pub(super) fn new(column: Column, reason: impl Into<String>) -> Self {
        Self { column: Some(column.name()), reason: reason.into() }
    }
}

impl<'a> Row<'a> {
    /// The profile of the row.
    pub(super) fn profile(
        &self,
        template: &ProfileTemplate,
        options: &Options,
    ) -> Result<NewProfile, RowMistake> {
        let (wanted, found) = (self.columns.count(), self.record.fields);
        if found != wanted {
            let reason = format!("the row has {found} fields, the header has {wanted}");
            return Err(RowMistake { column: None, reason });
        }
        let iccid = self.iccid()?;
        let data = self.personalisation(iccid)?;
        let package =
            template.fill(&data).map_err(|error| RowMistake { column: None, reason: error.to_string() })?;
        Ok(NewProfile {
            iccid,
            operator: self.operator(options)?,
            profile_type: self.profile_type(template, options)?,
            protection: options.protection,
            metadata: Raw::new(self.metadata(iccid, options)?).into_bytes(),
            package: Package(package),
        })
    }

    /// What stands in a column; nothing where the file does not have it or the field is empty.
    fn text(&self, column: Column) -> Result<Option<&'a str>, RowMistake> {
        let field = self.columns.position(column).and_then(|index| self.record.field(index));
        match field.map(str::from_utf8) {
            None | Some(Ok("")) => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(_)) => Err(RowMistake::new(column, "the field is not UTF-8")),
        }
    }

    fn required(&self, column: Column) -> Result<&'a str, RowMistake> {
        self.text(column)?.ok_or_else(|| RowMistake::new(column, "the field is empty"))
    }

    /// A value whose error does not repeat the text.
    fn parsed<T: FromStr>(&self, column: Column) -> Result<Option<T>, RowMistake>
    where
        T::Err: std::fmt::Display,
    {
        let parse =
            |text: &str| text.parse().map_err(|error: T::Err| RowMistake::new(column, error.to_string()));
        self.text(column)?.map(parse).transpose()
    }

    fn iccid(&self) -> Result<Iccid, RowMistake> {
        let text = self.required(Column::Iccid)?;
        text.parse().map_err(|_| RowMistake::new(Column::Iccid, "an ICCID has 18 to 20 decimal digits"))
    }

    fn personalisation(&self, iccid: Iccid) -> Result<Personalisation, RowMistake> {
        let imsi = self.parsed(Column::Imsi)?;
        let imsi = imsi.ok_or_else(|| RowMistake::new(Column::Imsi, "the field is empty"))?;
        let codes = CodeName::ALL.into_iter().filter_map(|name| self.code(name).transpose());
        Ok(Personalisation {
            subscriber: Subscriber::new(iccid, imsi, self.key(Column::Ki)?, self.key(Column::Opc)?),
            msisdn: self.parsed(Column::Msisdn)?,
            codes: codes.collect::<Result<_, _>>()?,
        })
    }

    fn key(&self, column: Column) -> Result<Zeroizing<[u8; 16]>, RowMistake> {
        let text = self.required(column)?;
        let mut key = Zeroizing::new([0; 16]);
        let is_key = text.len() == 32
            && data_encoding::HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), key.as_mut()).is_ok();
        if is_key { Ok(key) } else { Err(RowMistake::new(column, "32 hexadecimal digits are needed")) }
    }

    fn code(&self, name: CodeName) -> Result<Option<Code>, RowMistake> {
        let column = Column::Code(name);
        let read = |text| Code::new(name, text).map_err(|error| RowMistake::new(column, error.to_string()));
        self.text(column)?.map(read).transpose()
    }

    fn metadata(&self, iccid: Iccid, options: &Options) -> Result<StoreMetadataRequest, RowMistake> {
        let mut metadata = options.metadata.request(&iccid);
        if let Some(name) = self.parsed(Column::ServiceProviderName)? {
            metadata.service_provider_name = name;
        }
        if let Some(name) = self.parsed(Column::ProfileName)? {
            metadata.profile_name = name;
        }
        Ok(metadata)
    }

    fn operator(&self, options: &Options) -> Result<Option<String>, RowMistake> {
        let here = self.text(Column::Operator)?;
        agreed(&[("the option", options.operator.as_deref()), ("the row", here)])
            .map_err(|reason| RowMistake::new(Column::Operator, reason))
    }

    fn profile_type(&self, template: &ProfileTemplate, options: &Options) -> Result<String, RowMistake> {
        profile_type(&[
            ("the option", options.profile_type.as_deref()),
            ("the profile header", template.header().profile_type.as_deref()),
            ("the row", self.text(Column::ProfileType)?),
        ])
        .map_err(|reason| RowMistake::new(Column::ProfileType, reason))
    }
}
