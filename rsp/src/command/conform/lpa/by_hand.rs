//! An LPA that a human operates.

use std::io::BufRead;

use conformance::lpa::driver::{Ability, Asked, Driver, Ended};
use conformance::lpa::situation::{Act, User};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::io::qr;

/// Tells a human what to do, and waits for Enter.
pub struct ByHand {
    entered: mpsc::UnboundedReceiver<()>,
}

impl ByHand {
    pub fn new() -> Self {
        let (told, entered) = mpsc::unbounded_channel();
        // Never joined: nothing but the end of the process wakes it where nobody types.
        std::thread::spawn(move || {
            let lines = std::io::stdin().lock().lines();
            lines.map_while(Result::ok).try_for_each(|_| told.send(()))
        });
        Self { entered }
    }

    /// A line on standard input. Where there is none, only time counts.
    async fn enter(&mut self) {
        if self.entered.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

impl Driver for ByHand {
    fn offers(&self, _: Ability) -> Result<(), String> {
        Ok(())
    }

    async fn act(&mut self, asked: &Asked) -> Ended {
        eprintln!("\n{}\n{}", asked.case, instruction(asked));
        if let Some(code) = &asked.activation_code {
            eprintln!("\n{code}\n\n{}", qr::for_terminal(code).unwrap_or_default());
        }
        eprintln!("Enter when it is done (or after {} seconds)", asked.patience.as_secs());
        // What was typed before is no answer to this.
        while self.entered.try_recv().is_ok() {}
        let _ = timeout(asked.patience, self.enter()).await;
        Ended::Unknown
    }
}

fn instruction(asked: &Asked) -> String {
    let code = &asked.confirmation_code;
    match asked.act {
        Act::Download(_, user) => {
            let answer = match user {
                User::Agrees => "agree to the profile",
                User::Rejects => "reject the profile",
                User::Postpones => "say \"later\"",
                User::DoesNotAnswer => "say nothing when you are asked",
            };
            format!("Scan the code and {answer}. If you are asked for a confirmation code, it is {code}.")
        }
        Act::DownloadFromDefault => {
            format!("Ask the default SM-DP+ of the card, which has to be {}, and agree.", asked.default_smdp)
        }
        Act::Discover => format!("Ask the SM-DS, which has to be {}, and agree to all.", asked.smds),
        Act::Deliver => "Wait until the LPA has delivered its notifications, or have it do so.".to_owned(),
        Act::DeliverAgain => "Have the LPA deliver its notifications once more.".to_owned(),
    }
}
