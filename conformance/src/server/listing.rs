//! What a case tells of itself before it is run.

use super::Case;
use super::call::Caller;
use super::step::Step;
use super::target::Kind;
use crate::report::list::Listing;

impl Case {
    /// The case as `--list` shows it.
    pub fn listing(&self) -> Listing {
        Listing {
            head: self.head,
            variants: self.variants,
            needs: self.needs(),
            steps: self.steps.iter().map(ToString::to_string).collect(),
            expected: self.expected.to_string(),
        }
    }

    /// What the server or the set-up has to offer.
    pub fn needs(&self) -> Vec<String> {
        let kind = match self.of {
            Kind::Smdp => "an SM-DP+",
            Kind::Smds => "an SM-DS",
        };
        let mut needs = vec![kind.to_owned()];
        self.steps.iter().for_each(|step| need(step, &mut needs));
        needs
    }
}

fn need(step: &Step, needs: &mut Vec<String>) {
    let mut add = |what: String| {
        if !needs.contains(&what) {
            needs.push(what);
        }
    };
    match step {
        Step::Order(kind) => match kind.is_made_by_es2plus() {
            true => add(format!("{kind}, or ES2+")),
            false => add(kind.to_string()),
        },
        Step::DownloadOrder(_) | Step::ConfirmOrder(_) | Step::CancelOrder(_) | Step::ReleaseProfile(_) => {
            add("ES2+".to_owned());
        }
        Step::RegisterEvent(_) | Step::DeleteEvent(_) => add("ES12".to_owned()),
        Step::TakesReports => add("reports that are sent to the judge".to_owned()),
        Step::AnotherEuicc => add("the key of the EUM".to_owned()),
        Step::By(caller, inner) => {
            let is_order = matches!(
                inner,
                Step::DownloadOrder(_)
                    | Step::ConfirmOrder(_)
                    | Step::CancelOrder(_)
                    | Step::ReleaseProfile(_)
            );
            match caller {
                Caller::Smds => add("a Root SM-DS".to_owned()),
                Caller::Other if is_order => add("a second operator".to_owned()),
                Caller::Other | Caller::Stranger | Caller::Wrong(_) => add("the key of the CI".to_owned()),
                Caller::Usual | Caller::Nobody => {}
            }
            need(inner, needs);
        }
        Step::As(_, inner) | Step::Whatever(inner) => need(inner, needs),
        Step::AsOftenAsItGoes(steps) => steps.iter().for_each(|step| need(step, needs)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::cases;
    use super::*;

    #[test]
    fn no_two_cases_have_one_name() {
        let mut names = BTreeSet::new();
        for case in cases::all() {
            assert!(names.insert(case.head.id.to_string()), "{}", case.head.id);
        }
    }

    #[test]
    fn every_case_does_something_and_says_what_it_needs() {
        for case in cases::all() {
            let listing = case.listing();
            assert!(!listing.steps.is_empty() && !listing.needs.is_empty(), "{}", case.head.id);
        }
    }

    #[test]
    fn what_is_needed_is_found_inside_other_steps() {
        let needs = |id: &str| {
            let case = cases::all().find(|case| case.head.id.to_string() == id);
            case.map(Case::needs).unwrap_or_default()
        };
        assert_eq!(needs("ES2+.CancelOrder.5.3.3-20"), ["an SM-DP+", "ES2+", "a second operator"]);
        assert_eq!(needs("ES12.TLS.6.1.1-101"), ["an SM-DS", "ES12", "the key of the CI"]);
    }

    #[test]
    fn there_are_enough_cases_of_the_interfaces_between_servers() {
        let count = |interfaces: &[&str]| {
            cases::all().filter(|case| interfaces.contains(&case.head.id.function.interface)).count()
        };
        assert!(count(&["ES2+"]) >= 30);
        assert!(count(&["ES11", "ES12", "ES15"]) >= 30);
    }
}
