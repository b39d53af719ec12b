//! A store that cannot be written: what is refused is refused with the specified code, nothing is lost, and it works again
//! without a restart when there is room.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::channel;

use lpa::download::Step;
use protocol::es2plus::{CallHeader, DownloadOrder};

use crate::common::Bench;
use crate::euicc::{Euicc, Meddling, Task, Willing, is_storage_failure};
use crate::lab::http;
use crate::run::{Field, Size};
use crate::{check, killer, operator};

/// A few profiles, and nobody who strikes.
const SIZE: Size = Size { downloads: 10, points: 0 };

/// How a store runs out of room, and gets it back.
#[derive(Clone, Debug)]
enum Disk {
    /// The process may not write files any more.
    Forbidden { process: u32 },
    /// The file system that the store is on has no room left: this file takes it.
    Full { ballast: PathBuf },
}

impl Disk {
    fn fill(&self) {
        match self {
            Self::Forbidden { process } => limit_files(*process, "0"),
            Self::Full { ballast } => {
                let mut file = fs::File::create(ballast).unwrap();
                while file.write_all(&[0; 512]).is_ok() {}
            }
        }
    }

    fn make_room(&self) {
        match self {
            Self::Forbidden { process } => limit_files(*process, "unlimited"),
            Self::Full { ballast } => fs::remove_file(ballast).unwrap(),
        }
    }
}

/// Only the soft limit, which may be raised again.
fn limit_files(process: u32, limit: &str) {
    let limit = [format!("--pid={process}"), format!("--fsize={limit}:unlimited")];
    assert!(Command::new("prlimit").args(limit).status().unwrap().success());
}

#[test]
fn a_store_that_may_not_grow_loses_nothing_and_recovers() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        println!("skipped: there is no prlimit");
        return;
    }
    let bench = Bench::new();
    // A process that writes beyond its limit is killed by a signal unless it ignores that.
    let through = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""];
    let mut field = Field::new(&bench, SIZE, killer::seed(), "store", &through);
    fill_at_each_step(&mut field, |server| Disk::Forbidden { process: server });
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
    check::sqlite(&field, &bench.path("store"));
}

#[test]
fn a_full_disk_loses_nothing_and_recovers() {
    let bench = Bench::new();
    fs::create_dir(bench.path("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=16m tmpfs disk";
    let mut try_it = Command::new("unshare");
    let may_mount = try_it.args(["-rm", "sh", "-c", mount]).current_dir(bench.path("")).output();
    if !may_mount.as_ref().is_ok_and(|output| output.status.success()) {
        println!("skipped: no file system can be mounted here: {may_mount:?}");
        return;
    }
    // A file system that nobody but this server has; the profiles were imported outside.
    let script = format!("cp disk/store kept && {mount} && cp kept disk/store && exec \"$0\" \"$@\"");
    let through = ["unshare", "-rm", "sh", "-c", &script];
    let mut field = Field::new(&bench, SIZE, killer::seed(), "disk/store", &through);
    let inside = |process: u32| {
        PathBuf::from(format!("/proc/{process}/root")).join(bench.path("disk").strip_prefix("/").unwrap())
    };
    fill_at_each_step(&mut field, |server| Disk::Full { ballast: inside(server).join("ballast") });
    // It goes with the server; SQLite would not open it by its name in here.
    let process = field.server.id();
    signal(process, "-STOP");
    for suffix in ["", "-wal"] {
        let (from, to) = (format!("store{suffix}"), format!("copy{suffix}"));
        fs::copy(inside(process).join(from), bench.path(&to)).unwrap();
    }
    signal(process, "-CONT");
    check::sqlite(&field, &bench.path("copy"));
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
}

fn signal(process: u32, signal: &str) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

/// Downloads profiles; the disk is full from the beginning of a step until its answer.
fn fill_at_each_step(field: &mut Field<'_>, disk: impl FnOnce(u32) -> Disk) {
    let disk = disk(field.server.id());
    let process = field.server.id();
    let (steps, _answered) = channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    field.storage_may_fail = true;
    let mut euicc = field.euicc(0, steps.clone());
    // Every other order is placed over ES2+.
    let operator = field.operator(steps);
    let mut tasks = field.size.seeded().map(|matching_id| Task { matching_id, contested: false });
    assert_eq!(ready(field), 200);

    for step in [Step::InitiateAuthentication, Step::AuthenticateClient, Step::GetBoundProfilePackage] {
        let task = tasks.next().unwrap();
        let failures = field.journal.heard().storage_failures;
        let mut user = Meddling { at: step, act: || disk.fill() };
        let outcome = runtime.block_on(euicc.attempt(&task, &mut user));
        assert!(outcome.is_continue(), "{step}: {:?}", field.journal.heard().complaints);
        assert_eq!(
            field.journal.heard().storage_failures,
            failures + 1,
            "{step} was not refused with 1.2/4.2"
        );
        // On a full disk there may be room for as little as a probe writes.
        assert!(ready(field) == 503 || matches!(disk, Disk::Full { .. }), "{step}");
        order_is_refused(field, &runtime);
        disk.make_room();
        assert_eq!(ready(field), 200, "{step}");
        download(&runtime, &mut euicc, &task);
        runtime.block_on(euicc.deliver_notifications());
    }

    // A notification that cannot be kept is not acknowledged, and stays in the card until it can.
    let task = tasks.next().unwrap();
    download(&runtime, &mut euicc, &task);
    let acknowledged = field.journal.heard().notifications.len();
    disk.fill();
    runtime.block_on(euicc.try_to_deliver_notifications()).unwrap_err();
    assert_eq!(field.journal.heard().notifications.len(), acknowledged);
    disk.make_room();
    runtime.block_on(euicc.deliver_notifications());
    assert!(field.journal.heard().notifications.len() > acknowledged);

    for (number, task) in tasks.enumerate() {
        // The operator's calls are repeated until there is room.
        let filler = disk.clone();
        filler.fill();
        let room = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            filler.make_room();
        });
        let ordered = if number < field.size.ordered() { operator.order(number) } else { None };
        room.join().unwrap();
        let ordered = ordered.map(|matching_id| Task { matching_id, contested: false });
        for task in [Some(task), ordered].into_iter().flatten() {
            download(&runtime, &mut euicc, &task);
            runtime.block_on(euicc.deliver_notifications());
        }
    }
    assert!(field.server.is_running(), "{}", field.server.log());
    assert_eq!(field.server.id(), process);
}

fn download(runtime: &tokio::runtime::Runtime, euicc: &mut Euicc, task: &Task) {
    let outcome = runtime.block_on(euicc.attempt(task, &mut Willing));
    assert_eq!(outcome, ControlFlow::Break(()), "{}", task.matching_id);
}

/// A call of ES2+ while nothing can be kept; it leaves nothing behind, which the final check sees.
fn order_is_refused(field: &Field<'_>, runtime: &tokio::runtime::Runtime) {
    let client = operator::client(field.bench, field.ports);
    let header = CallHeader {
        function_requester_identifier: "2.999.20".to_owned(),
        function_call_identifier: "in vain".to_owned(),
    };
    let order =
        DownloadOrder { eid: None, iccid: None, profile_type: Some(operator::PROFILE_TYPE.to_owned()) };
    let error = runtime.block_on(client.download_order(&header, &order)).unwrap_err();
    assert!(is_storage_failure(&error), "{error}");
}

fn ready(field: &Field<'_>) -> u16 {
    http::get(field.ports.management, "/ready", None).unwrap().status
}
