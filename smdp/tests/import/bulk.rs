//! Many profiles: one after the other, not all at once.

use std::io::Write as _;

use protocol::profile::ProfileTemplate;
use smdp::import::{Options, Source};

use crate::Folder;

/// Rows by default; RSPLAB_IMPORT_ROWS=100000 is the real thing.
const ROWS: u64 = 3000;

#[test]
fn rows_are_read_one_at_a_time() {
    let rows = std::env::var("RSPLAB_IMPORT_ROWS").map_or(ROWS, |rows| rows.parse().unwrap());
    let folder = Folder::of::<&str>(&[]);
    let path = folder.path("s.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    writeln!(file, "iccid,imsi,ki,opc,profile_name").unwrap();
    for number in 0..rows {
        writeln!(file, "89882110{number:011},00101{number:010},{number:032x},{number:032X},Profile {number}")
            .unwrap();
    }
    file.into_inner().unwrap();

    let before = resident_kilobytes();
    let start = std::time::Instant::now();
    let source = Source::csv(&path, ProfileTemplate::built_in(), Options::default()).unwrap();
    assert_eq!(source.len_hint(), Some(rows));
    let counted = start.elapsed();
    let mut bytes = 0;
    let mut read = 0;
    let mut most = before;
    for profile in source {
        let profile = profile.unwrap();
        bytes += profile.package.0.len() + profile.metadata.len();
        read += 1;
        if read % 1000 == 0 {
            most = most.max(resident_kilobytes());
        }
    }
    let elapsed = start.elapsed();
    assert_eq!(read, rows);
    println!(
        "{rows} rows in {elapsed:?}, {counted:?} of it to count them: {:.0} rows/s; profiles of {bytes} bytes; {} kB more \
         memory at most",
        rows as f64 / elapsed.as_secs_f64(),
        most.saturating_sub(before),
    );
    // The ICCIDs that were seen are kept, the profiles are not.
    let profiles = bytes as u64 / 1024;
    if profiles > 64 * 1024 {
        assert!(most.saturating_sub(before) < profiles / 4);
    }
}

/// Memory of this process; 0 where the system does not tell.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|size| size.parse().ok()).unwrap_or(0)
}
