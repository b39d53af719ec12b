//! Finds secrets in bytes, raw or encoded: in hexadecimal of either case, in base64 of either alphabet wherever it begins, as
//! a list of numbers, and in encodings of encodings.

use std::collections::{BTreeSet, HashMap};

use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};

/// So many bytes in a row of a secret are a find.
const WINDOW: usize = 16;

/// What is searched for.
#[derive(Default)]
pub struct Search {
    windows: HashMap<[u8; WINDOW], usize>,
    /// The first two bytes of the windows: most places are passed over by this alone.
    beginnings: Vec<bool>,
    names: Vec<String>,
}

impl Search {
    /// Adds a secret of at least [`WINDOW`] bytes.
    pub fn add(&mut self, name: impl Into<String>, secret: &[u8]) {
        assert!(secret.len() >= WINDOW, "too short to be told from chance");
        self.add_windows(name, secret.windows(WINDOW));
    }

    /// Adds a package: every window of it but those that are no secret, since they are text or filling.
    pub fn add_package(&mut self, name: impl Into<String>, package: &[u8]) {
        let tells = |window: &&[u8]| {
            let values: BTreeSet<&u8> = window.iter().collect();
            values.len() >= WINDOW / 2 && !window.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        };
        self.add_windows(name, package.windows(WINDOW).filter(tells));
    }

    fn add_windows<'s>(&mut self, name: impl Into<String>, windows: impl Iterator<Item = &'s [u8]>) {
        self.beginnings.resize(1 << 16, false);
        self.names.push(name.into());
        for window in windows {
            self.beginnings[beginning(window)] = true;
            // The first name stays: what a package holds of a Ki is told as Ki.
            self.windows.entry(window.try_into().unwrap()).or_insert(self.names.len() - 1);
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The secrets that show in these bytes.
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.find_in(bytes, 2, &mut found);
        found
    }

    fn find_in<'s>(&'s self, bytes: &[u8], depth: u32, found: &mut BTreeSet<&'s str>) {
        for window in bytes.windows(WINDOW) {
            if self.beginnings[beginning(window)]
                && let Some(name) = self.windows.get(window)
            {
                found.insert(&self.names[*name]);
            }
        }
        if depth > 0 {
            decoded(bytes, |inner| self.find_in(inner, depth - 1, found));
        }
    }
}

fn beginning(window: &[u8]) -> usize {
    usize::from(window[0]) << 8 | usize::from(window[1])
}

/// Everything in these bytes that may be an encoding of something, decoded.
fn decoded(bytes: &[u8], mut tell: impl FnMut(&[u8])) {
    for run in runs(bytes, 2 * WINDOW, |byte| byte.is_ascii_hexdigit()) {
        for start in 0..2 {
            let digits = &run[start..];
            let digits = &digits[..digits.len() / 2 * 2];
            tell(&HEXLOWER_PERMISSIVE.decode(digits).unwrap());
        }
    }
    let mut base64 = BASE64_NOPAD.specification();
    base64.check_trailing_bits = false;
    let base64 = base64.encoding().unwrap();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    for run in runs(bytes, WINDOW * 4 / 3, is_base64) {
        let standard: Vec<u8> = run
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .collect();
        for start in 0..4 {
            let characters = &standard[start..];
            // One character alone says nothing.
            let length = characters.len() - usize::from(characters.len() % 4 == 1);
            tell(&base64.decode(&characters[..length]).unwrap());
        }
    }
    for run in runs(bytes, 2 * WINDOW, |byte| byte.is_ascii_digit() || b", \n".contains(&byte)) {
        let numbers = run.split(|byte| *byte == b',').map(|number| str::from_utf8(number).unwrap().trim());
        let numbers: Vec<u8> = numbers.filter_map(|number| number.parse().ok()).collect();
        tell(&numbers);
    }
}

/// The longest rows of such bytes, if they are long enough.
fn runs(bytes: &[u8], least: usize, fits: impl Fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    bytes.split(move |byte| !fits(*byte)).filter(move |run| run.len() >= least)
}

#[test]
fn what_is_planted_is_found_in_every_encoding() {
    use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};
    let secret: Vec<u8> = (0..32u8).map(|byte| byte.wrapping_mul(91).wrapping_add(17)).collect();
    let mut search = Search::default();
    search.add("the secret", &secret);
    let text = |text: String| text.into_bytes();
    let part = &secret[3..20];
    let shifted = |by: usize| [&vec![0xEE; by][..], part].concat();
    let mut plants = vec![
        secret.clone(),
        [b"before ", part, b" after"].concat(),
        text(format!("{secret:?}")),
        text(format!("{secret:#?}")),
        text(HEXLOWER.encode(part)),
        text(format!("a{}", HEXUPPER.encode(part))),
        text(format!("{{\"key\":\"{}\"}}", HEXUPPER.encode(part))),
        text(HEXUPPER.encode(format!("{{\"key\":\"{}\"}}", BASE64.encode(part)).as_bytes())),
        text(BASE64.encode(HEXLOWER.encode(part).as_bytes())),
    ];
    for by in 0..3 {
        plants.push(text(BASE64.encode(&shifted(by))));
        plants.push(text(format!("xy{}", BASE64URL.encode(&shifted(by)))));
    }
    for plant in &plants {
        assert_eq!(search.find(plant).len(), 1, "{}", String::from_utf8_lossy(plant));
    }
    for nothing in [&b""[..], b"nothing at all", &secret[..WINDOW - 1], &[0x42; 4096]] {
        assert!(search.find(nothing).is_empty());
    }
}
