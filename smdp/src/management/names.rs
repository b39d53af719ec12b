//! Names of the specification, in bodies and parameters.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::ProfileState;

/// The state of a profile and its order (SGP.22 §3.1.6), by its name.
#[derive(Clone, Copy)]
pub(super) struct StateName(pub ProfileState);

impl Serialize for StateName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for StateName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|()| {
            let names = ProfileState::ALL.map(ProfileState::name).join(", ");
            de::Error::custom(format!("{text:?} is no state; the states are {names}"))
        })
    }
}

impl PartialSchema for StateName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The state of a profile and its order (SGP.22 §3.1.6)."))
            .enum_values(Some(ProfileState::ALL.map(ProfileState::name)))
            .into()
    }
}

impl ToSchema for StateName {
    fn name() -> std::borrow::Cow<'static, str> {
        "State".into()
    }
}
