//! The quirks by their names, for people.

use thiserror::Error;

use super::Quirks;

/// A quirk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quirk {
    /// The name of its member in [`Quirks`].
    pub name: &'static str,
    /// What it does, in one line.
    pub description: &'static str,
}

/// All quirks, in the order of [`Quirks`].
pub const KNOWN: [Quirk; 19] = [
    quirk("max_command_data", "N: a data field of more than N bytes is answered with 6700"),
    quirk("max_response_data", "N: response data comes in parts of N bytes at most, each announced by 61xx"),
    quirk("exact_length", "a missing or different Le is answered with 6Cxx, Le=00 included"),
    quirk("direct_answers", "response data comes at once and whole, without 61xx, however long it is"),
    quirk("not_ready", "N: the first N commands after a reset are answered with 6985"),
    quirk("checksum_errors", "N: the first N selections by AID after a reset are answered with 6601"),
    quirk("logical_channels", "N: there are N channels beside the basic one, then MANAGE CHANNEL gives 6A81"),
    quirk("no_logical_channels", "MANAGE CHANNEL is answered with 6881"),
    quirk("terminal_capability_required", "ES10 is answered with 6985 until TERMINAL CAPABILITY opens it"),
    quirk(
        "delays",
        "{command, authenticate_server, … in ms, percent}: answers take time, where a port waits",
    ),
    quirk("refresh", "cat_busy, technical_problem, always or mute: what a change with the refreshFlag gets"),
    quirk("eid_tag_80", "GetEID gives the EID under tag 80 instead of 5A"),
    quirk("challenge_tag_04", "GetEUICCChallenge gives the challenge under tag 04 instead of 80"),
    quirk("empty_notifications_error", "N: with no notification to tell, error N instead of an empty list"),
    quirk("nested_profiles_info", "the list of profiles stands in one SEQUENCE 30 too many"),
    quirk("bare_search_criterion", "GetProfilesInfo takes 5A, 4F or 95 without the A0 around it"),
    quirk("power_loss", "{segment, times}: power is lost when segment number N of a package is complete"),
    quirk("install_failure", "{segment, reason, command, times}: segment number N ends in this error result"),
    quirk("results", "[{function, code, times}]: functions that give this result and do nothing"),
];

const fn quirk(name: &'static str, description: &'static str) -> Quirk {
    Quirk { name, description }
}

/// Our input: why a quirk cannot be set.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum QuirkError {
    /// Nothing has this name.
    #[error("there is no quirk {name:?}; known are {}", names())]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The value is none of this quirk.
    #[error("quirk {name}: {}", source.message())]
    Value {
        /// The quirk.
        name: &'static str,
        /// Why.
        source: toml::de::Error,
    },
}

fn names() -> String {
    KNOWN.map(|quirk| quirk.name).join(", ")
}

impl Quirks {
    /// Sets one quirk: `name`, or `name=value` with a value as in TOML. A dash in a name is as good as a low line.
    ///
    /// # Errors
    /// [`QuirkError`]; the quirks are as they were.
    pub fn set(&mut self, text: &str) -> Result<(), QuirkError> {
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        let name = name.trim().replace('-', "_");
        let known = KNOWN.into_iter().find(|quirk| quirk.name == name);
        let name = known.ok_or(QuirkError::Unknown { name })?.name;

        // A word needs no quotes: `refresh=mute`.
        let parsed = match toml::from_str::<toml::Table>(&format!("value = {value}")) {
            Ok(table) if table.len() == 1 => table.into_iter().next().map(|(_, value)| value),
            _ => None,
        };
        let value = parsed.unwrap_or_else(|| toml::Value::String(value.trim().to_owned()));
        let mut members = self.members();
        members.insert(name.to_owned(), value);
        *self = members.try_into().map_err(|source| QuirkError::Value { name, source })?;
        Ok(())
    }

    /// The quirks that are on, each with its value as in TOML.
    pub fn on(&self) -> Vec<(Quirk, String)> {
        let members = self.members();
        let value = |quirk: &Quirk| members.get(quirk.name).map(ToString::to_string);
        KNOWN.into_iter().filter_map(|quirk| Some((quirk, value(&quirk)?))).collect()
    }

    fn members(&self) -> toml::Table {
        // All members have a form in TOML, as the tests show.
        toml::Table::try_from(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One value for each quirk that is not its default.
    const ALL_ON: [&str; 19] = [
        "max_command_data=64",
        "max-response-data = 64",
        "exact_length",
        "direct_answers=true",
        "not_ready=3",
        "checksum_errors=1",
        "logical_channels=0",
        "no_logical_channels",
        "terminal-capability-required",
        "delays={command=20, percent=50}",
        "refresh=mute",
        "eid_tag_80",
        "challenge_tag_04",
        "empty_notifications_error=127",
        "nested_profiles_info",
        "bare_search_criterion",
        "power_loss={segment=5, times=1}",
        "install_failure={segment=2, reason=10}",
        r#"results=[{function="EnableProfile", code=5, times=1}]"#,
    ];

    #[test]
    fn each_member_has_a_name_and_a_description_and_survives_storage() {
        let mut quirks = Quirks::default();
        for text in ALL_ON {
            quirks.set(text).unwrap();
        }
        assert_eq!(quirks.on().len(), KNOWN.len());
        let stored = serde_json::to_value(&quirks).unwrap();
        let mut names: Vec<_> = stored.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = KNOWN.map(|quirk| quirk.name);
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
        assert_eq!(serde_json::from_value::<Quirks>(stored).unwrap(), quirks);
    }

    #[test]
    fn a_strict_card_stores_and_shows_none() {
        assert_eq!(serde_json::to_string(&Quirks::default()).unwrap(), "{}");
        assert!(Quirks::default().on().is_empty());
        assert!(Quirks::default().are_none());
    }

    #[test]
    fn a_name_or_value_that_is_none_changes_nothing() {
        let mut quirks = Quirks::default();
        for text in [
            "speed",
            "",
            "exact_length=3",
            "not_ready=300",
            "not_ready=-1",
            "max_command_data=0",
            "refresh=often",
            "power_loss={segment=0}",
            "power_loss={segment=1, times=0}",
            r#"results=[{function="GetEID", code=1}]"#,
            "delays={commands=1}",
            "exact_length=true\nnot_ready=1",
        ] {
            assert!(quirks.set(text).is_err(), "{text}");
            assert!(quirks.are_none());
        }
    }
}
