//! Results as a tree: interface, function, cases.

use super::CaseReport;

/// What was run of one interface.
pub struct Interface<'a> {
    pub name: &'a str,
    pub functions: Vec<Function<'a>>,
}

/// What was run of one function.
pub struct Function<'a> {
    pub interface: &'a str,
    pub name: &'a str,
    pub section: &'a str,
    pub cases: Vec<&'a CaseReport>,
}

/// The interfaces and functions of these results, each where it comes first.
pub fn by_interface(results: &[CaseReport]) -> Vec<Interface<'_>> {
    let mut interfaces: Vec<Interface<'_>> = Vec::new();
    for case in results {
        let interface = found(
            &mut interfaces,
            |known| known.name == case.interface,
            || Interface { name: case.interface, functions: Vec::new() },
        );
        let is_same = |known: &Function<'_>| known.name == case.function && known.section == case.section;
        let function = found(&mut interface.functions, is_same, || Function {
            interface: case.interface,
            name: case.function,
            section: &case.section,
            cases: Vec::new(),
        });
        function.cases.push(case);
    }
    interfaces
}

/// The one that is meant; a new one at the end where there is none.
fn found<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let place = list.iter().position(is_it).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "the place was found, or made, just above")]
    &mut list[place]
}
