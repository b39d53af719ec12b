//! An LPA that stops between two messages: its card waits where the answer of a server has just come, and the next message to
//! that server is made.

use std::process::{Child, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Lab, until};
use crate::common::RSP;

/// The card holds AuthenticateServer and PrepareDownload back (SGP.22 §5.7.13, §5.7.5): the messages that carry a server's answer.
const CARD: &str = r#"
    step=0
    while IFS= read -r line; do
        case $line in
            *[eE]2??????[bB][fF]38* | *[eE]2??????[bB][fF]21*)
                step=$((step + 1))
                : > "$2-step-$step"
                # Not for ever: the folder goes with the test.
                while [ ! -e "$2-go-$step" ] && [ -e card.sh ]; do
                    sleep 0.02
                done
                ;;
        esac
        printf '%s\n' "$line"
    done | "$1" card --stdio --state card
"#;

/// An LPA under way.
pub struct InterruptedLpa<'a> {
    lab: &'a Lab,
    name: String,
    child: Option<Child>,
    step: u32,
}

impl Lab {
    /// Starts an LPA on the card.
    pub fn interrupted_lpa(&self, arguments: &[&str]) -> InterruptedLpa<'_> {
        self.bench.write("card.sh", CARD);
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("lpa-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let card = format!("sh card.sh {RSP} {name}");
        let lpa = ["lpa", "--card-program", &card, "--ci", "pki"];
        let mut command = self.bench.command(&[&lpa[..], arguments].concat());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        InterruptedLpa { lab: self, name, child: Some(child), step: 0 }
    }
}

impl InterruptedLpa<'_> {
    /// Goes on, until a server has answered to the next message that is not the last to it; not where the LPA ends before.
    pub fn reaches_next_step(&mut self) -> bool {
        if self.step > 0 {
            self.lab.bench.write(&format!("{}-go-{}", self.name, self.step), "");
        }
        self.step += 1;
        let step = self.lab.bench.path(&format!("{}-step-{}", self.name, self.step));
        let child = self.child.as_mut().unwrap();
        until("the LPA goes on", || match step.exists() {
            true => Some(true),
            false => child.try_wait().unwrap().map(|_| false),
        })
    }

    /// What it said, in the end.
    pub fn output(mut self) -> Output {
        while self.reaches_next_step() {}
        self.child.take().unwrap().wait_with_output().unwrap()
    }
}

impl Drop for InterruptedLpa<'_> {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
