//! The personalities that come with the crate.

use super::Personality;

/// A personality with the document it is made from.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    /// What the document says.
    pub personality: Personality,
    /// The document, as a pattern for one's own.
    pub document: &'static str,
}

const DOCUMENTS: [&str; 12] = [
    include_str!("../../personalities/consumer.toml"),
    include_str!("../../personalities/sgp26-test.toml"),
    include_str!("../../personalities/plain-uicc.toml"),
    include_str!("../../personalities/small-apdu.toml"),
    include_str!("../../personalities/exact-length.toml"),
    include_str!("../../personalities/vendor-aid.toml"),
    include_str!("../../personalities/vendor-and-standard-aid.toml"),
    include_str!("../../personalities/slow.toml"),
    include_str!("../../personalities/power-loss.toml"),
    include_str!("../../personalities/full-memory.toml"),
    include_str!("../../personalities/modem.toml"),
    include_str!("../../personalities/locked.toml"),
];

/// All of them, the default first.
pub fn built_in() -> Vec<BuiltIn> {
    #[expect(clippy::expect_used, reason = "they are part of the program, and the tests read each of them")]
    let read = |document| BuiltIn {
        personality: Personality::parse(document).expect("a built-in personality can be read"),
        document,
    };
    DOCUMENTS.into_iter().map(read).collect()
}

/// The one with this name.
pub fn named(name: &str) -> Option<BuiltIn> {
    built_in().into_iter().find(|built_in| built_in.personality.name == name)
}
