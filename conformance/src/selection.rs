//! Which cases run.

use crate::case::{Head, Level};

/// What the user asked for. Empty means all.
#[derive(Clone, Default, Debug)]
pub struct Selection {
    /// Beginnings of names, such as `ES9+.AuthenticateClient` or a whole id.
    pub ids: Vec<String>,
    /// Only this level.
    pub level: Option<Level>,
    /// One of these tags at least. `sgp23` is a tag of all cases that have a number of SGP.23, `sgp23:4.3.14` of those
    /// whose number begins so.
    pub tags: Vec<String>,
}

impl Selection {
    /// Whether a case belongs to it. Case does not matter.
    pub fn takes(&self, head: &Head) -> bool {
        let id = head.id.to_string().to_ascii_lowercase();
        let named = |wanted: &String| begins_with(&id, &wanted.to_ascii_lowercase());
        let tagged = |wanted: &String| {
            head.tags.iter().any(|tag| tag.eq_ignore_ascii_case(wanted))
                || head.sgp23.is_some_and(|number| is_of_sgp23(number, &wanted.to_ascii_lowercase()))
        };
        (self.ids.is_empty() || self.ids.iter().any(named))
            && self.level.is_none_or(|level| head.level == level)
            && (self.tags.is_empty() || self.tags.iter().any(tagged))
    }

    /// Whether each wish is met by one of these cases.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self, heads: &[Head]) -> Result<(), NothingSelected> {
        let none = |selection: Self| !heads.iter().any(|head| selection.takes(head));
        let of_id = |id: &&String| none(Self { ids: vec![(*id).clone()], ..Self::default() });
        let of_tag = |tag: &&String| none(Self { tags: vec![(*tag).clone()], ..Self::default() });
        if let Some(id) = self.ids.iter().find(of_id) {
            return Err(NothingSelected::Id(id.clone()));
        }
        if let Some(tag) = self.tags.iter().find(of_tag) {
            return Err(NothingSelected::Tag(tag.clone()));
        }
        if none(self.clone()) { Err(NothingSelected::Together) } else { Ok(()) }
    }
}

/// A wish that no case meets: most likely a slip of the pen, and nothing may pass by not being run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NothingSelected {
    /// No name begins so.
    #[error("no case has a name that begins with the words {0:?}")]
    Id(String),
    /// No case has this tag.
    #[error("no case has the tag {0:?}")]
    Tag(String),
    /// Each wish is met by some case, but no case meets them all.
    #[error("no case is left of this selection")]
    Together,
}

/// Whole words only: `…-1` is not the beginning of `…-12`.
fn begins_with(id: &str, beginning: &str) -> bool {
    id.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '#']))
}

/// Whether a tag means this number of SGP.23; the space in `4.3.14.2.2 #3` may be left out.
fn is_of_sgp23(number: &str, tag: &str) -> bool {
    let in_one_piece = |text: &str| text.replace(' ', "");
    match tag.strip_prefix("sgp23") {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix(':')
            .is_some_and(|beginning| begins_with(&in_one_piece(number), &in_one_piece(beginning))),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Function;

    const HEAD: Head = Head::must(
        Function { interface: "ES9+", name: "AuthenticateClient", section: "5.6.3" },
        12,
        "does what it should",
    )
    .tagged(&["certificate"]);

    fn ids(ids: &[&str]) -> Selection {
        Selection { ids: ids.iter().map(ToString::to_string).collect(), ..Selection::default() }
    }

    #[test]
    fn a_case_is_selected_by_the_beginning_of_its_name_in_whole_words() {
        for good in ["ES9+", "es9+.authenticateclient", "ES9+.AuthenticateClient.5.6.3-12"] {
            assert!(ids(&[good]).takes(&HEAD), "{good}");
        }
        for bad in ["ES9", "ES9+.Authenticate", "ES9+.AuthenticateClient.5.6.3-1", "ES2+"] {
            assert!(!ids(&[bad]).takes(&HEAD), "{bad}");
        }
        assert!(Selection::default().takes(&HEAD));
    }

    #[test]
    fn level_and_tags_narrow_it_down() {
        let should = Selection { level: Some(Level::Should), ..Selection::default() };
        assert!(!should.takes(&HEAD));
        let tag = |tag: &str| Selection { tags: vec![tag.to_owned()], ..Selection::default() };
        assert!(tag("Certificate").takes(&HEAD));
        assert!(!tag("retry").takes(&HEAD));
    }

    #[test]
    fn a_number_of_sgp23_is_a_tag_as_are_its_beginnings() {
        let tag = |tag: &str| Selection { tags: vec![tag.to_owned()], ..Selection::default() };
        let numbered = HEAD.sgp23("4.3.14.2.2 #3");
        for good in ["sgp23", "SGP23:4.3.14", "sgp23:4.3.14.2.2", "sgp23:4.3.14.2.2#3", "sgp23:4.3.14.2.2 #3"]
        {
            assert!(tag(good).takes(&numbered), "{good}");
            assert!(!tag(good).takes(&HEAD), "{good}");
        }
        for bad in ["sgp23:", "sgp23:4.3.1", "sgp23:4.3.14.2.2#33", "sgp23:#3", "sgp2", "sgp234.3"] {
            assert!(!tag(bad).takes(&numbered), "{bad}");
        }
    }

    #[test]
    fn a_wish_that_no_case_meets_is_refused() {
        let both = Selection { tags: vec!["certificate".to_owned()], ..ids(&["ES9+", "ES9"]) };
        assert_eq!(both.check(&[HEAD]), Err(NothingSelected::Id("ES9".to_owned())));
        let tagged = Selection { tags: vec!["retri".to_owned()], ..ids(&["ES9+"]) };
        assert_eq!(tagged.check(&[HEAD]), Err(NothingSelected::Tag("retri".to_owned())));
        let should = Selection { level: Some(Level::Should), ..ids(&["ES9+"]) };
        assert_eq!(should.check(&[HEAD]), Err(NothingSelected::Together));
        assert_eq!(ids(&["es9+"]).check(&[HEAD]), Ok(()));
        assert_eq!(Selection::default().check(&[]), Err(NothingSelected::Together));
    }
}
