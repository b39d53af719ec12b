//! The header of a file with subscriber data.

use protocol::profile::{CodeName, ProfileTemplate};

use super::records::Record;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Iccid,
    Imsi,
    Ki,
    Opc,
    Msisdn,
    Code(CodeName),
    ProfileType,
    ProfileName,
    ServiceProviderName,
    Operator,
}

const CODES: [Column; 5] = {
    let [a, b, c, d, e] = CodeName::ALL;
    [Column::Code(a), Column::Code(b), Column::Code(c), Column::Code(d), Column::Code(e)]
};

/// Columns that every file has.
const REQUIRED: [Column; 4] = [Column::Iccid, Column::Imsi, Column::Ki, Column::Opc];

impl Column {
    fn all() -> impl Iterator<Item = Self> {
        let others = [Self::ProfileType, Self::ProfileName, Self::ServiceProviderName, Self::Operator];
        REQUIRED.into_iter().chain([Self::Msisdn]).chain(CODES).chain(others)
    }

    /// The name in the header.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Iccid => "iccid",
            Self::Imsi => "imsi",
            Self::Ki => "ki",
            Self::Opc => "opc",
            Self::Msisdn => "msisdn",
            Self::Code(code) => code.name(),
            Self::ProfileType => "profile_type",
            Self::ProfileName => "profile_name",
            Self::ServiceProviderName => "service_provider_name",
            Self::Operator => "operator",
        }
    }

    fn of_name(name: &[u8]) -> Option<Self> {
        Self::all().find(|column| column.name().as_bytes() == name)
    }

    /// Whether the template can take what it holds.
    fn fits(self, template: &ProfileTemplate) -> bool {
        match self {
            Self::Msisdn => template.holds_msisdn(),
            Self::Code(code) => template.holds_code(code),
            _ => true,
        }
    }
}

/// The columns in their order.
pub(super) struct Columns(Vec<Column>);

/// A mistake in the header: the column, where it is one, and what is wrong.
pub(super) struct HeaderMistake {
    pub column: Option<String>,
    pub reason: String,
}

impl Columns {
    pub(super) fn read(header: &Record, template: &ProfileTemplate) -> Result<Self, HeaderMistake> {
        let mistake = |column: Option<&str>, reason: String| HeaderMistake {
            column: column.map(str::to_owned),
            reason,
        };
        let names: Vec<&[u8]> = (0..header.fields).filter_map(|index| header.field(index)).collect();
        // Without a header the first line is data, of which nothing may be shown.
        if names.iter().all(|name| Column::of_name(name).is_none()) {
            let reason = "the first line is no header: it names none of the columns iccid, imsi, ki and opc";
            return Err(mistake(None, reason.to_owned()));
        }
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let Some(column) = Column::of_name(name) else {
                let known: Vec<_> = Column::all().map(Column::name).collect();
                let reason = format!("there is no such column, only {}", known.join(", "));
                return Err(mistake(Some(&String::from_utf8_lossy(name)), reason));
            };
            if columns.contains(&column) {
                return Err(mistake(Some(column.name()), "the column stands there twice".to_owned()));
            }
            if !column.fits(template) {
                return Err(mistake(Some(column.name()), "the template has no place for it".to_owned()));
            }
            columns.push(column);
        }
        match REQUIRED.into_iter().find(|column| !columns.contains(column)) {
            None => Ok(Self(columns)),
            Some(missing) => Err(mistake(Some(missing.name()), "the column is missing".to_owned())),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.0.iter().position(|candidate| *candidate == column)
    }
}
