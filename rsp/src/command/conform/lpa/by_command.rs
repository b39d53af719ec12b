//! An LPA that is brought to act by commands.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use conformance::lpa::driver::{Ability, Asked, Driver, Ended};
use conformance::lpa::situation::{Act, User};

/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Exit codes of the shell that are its own: not found, not executable.
const NOT_STARTED: [i32; 2] = [126, 127];

/// The commands, for the shell. Those that are not given bring no case about that needs them.
#[derive(Args, Clone, Default)]
pub struct Commands {
    /// Has the LPA download by activation code, with a user who agrees; without it a human does all
    #[arg(long, value_name = "COMMAND")]
    pub run: Option<String>,
    /// The same with a user who rejects what is offered
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_reject: Option<String>,
    /// The same with a user who postpones the download
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_postpone: Option<String>,
    /// The same with a user who does not answer
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_unanswered: Option<String>,
    /// Has the LPA download from the default SM-DP+ of the card
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_default: Option<String>,
    /// Has the LPA deliver what waits on the card; without it the LPA is taken to do so by itself
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_notifications: Option<String>,
    /// Has the LPA download what waits at the SM-DS
    #[arg(long, value_name = "COMMAND", requires = "run")]
    run_discover: Option<String>,
    /// Show what the commands print, on standard error
    #[arg(long, requires = "run")]
    show_output: bool,
}

const CONFIRMATION_CODE: &str = "{confirmation-code}";

impl Commands {
    fn of(&self, ability: Ability) -> (Option<&String>, &'static str) {
        match ability {
            Ability::Download | Ability::ConfirmationCode => (self.run.as_ref(), "--run"),
            Ability::Reject => (self.run_reject.as_ref(), "--run-reject"),
            Ability::Postpone => (self.run_postpone.as_ref(), "--run-postpone"),
            Ability::DoNotAnswer => (self.run_unanswered.as_ref(), "--run-unanswered"),
            Ability::Default => (self.run_default.as_ref(), "--run-default"),
            Ability::Discover => (self.run_discover.as_ref(), "--run-discover"),
            Ability::Deliver => (self.run_notifications.as_ref(), "--run-notifications"),
        }
    }
}

/// Runs the commands.
pub struct ByCommand(Commands);

impl ByCommand {
    pub fn new(commands: Commands) -> Self {
        Self(commands)
    }
}

impl Driver for ByCommand {
    fn offers(&self, ability: Ability) -> Result<(), String> {
        match self.0.of(ability) {
            (Some(command), _) if ability == Ability::ConfirmationCode => {
                match command.contains(CONFIRMATION_CODE) {
                    true => Ok(()),
                    false => Err(format!("--run has no {CONFIRMATION_CODE}")),
                }
            }
            (Some(_), _) => Ok(()),
            (None, name) => Err(format!("{name} was not given, to {ability}")),
        }
    }

    async fn act(&mut self, asked: &Asked) -> Ended {
        let ability = match asked.act {
            Act::Download(_, User::Agrees) => Ability::Download,
            Act::Download(_, User::Rejects) => Ability::Reject,
            Act::Download(_, User::Postpones) => Ability::Postpone,
            Act::Download(_, User::DoesNotAnswer) => Ability::DoNotAnswer,
            Act::DownloadFromDefault => Ability::Default,
            Act::Discover => Ability::Discover,
            Act::Deliver | Act::DeliverAgain => Ability::Deliver,
        };
        let Some(command) = self.0.of(ability).0 else { return Ended::ByItself };
        run(&filled(command, asked), self.0.show_output, asked.patience).await
    }
}

/// The command with its placeholders replaced.
fn filled(command: &str, asked: &Asked) -> String {
    let code = asked.activation_code.clone().unwrap_or_default();
    let values = [
        ("{ac}", code),
        (CONFIRMATION_CODE, asked.confirmation_code.clone()),
        ("{smdp}", asked.default_smdp.to_string()),
        ("{smds}", asked.smds.to_string()),
        ("{case}", asked.case.clone()),
    ];
    values
        .into_iter()
        .fold(command.to_owned(), |command, (name, value)| command.replace(name, &quoted(&value)))
}

/// As one word of the shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

async fn run(command: &str, show_output: bool, patience: Duration) -> Ended {
    let mut child = match start(command, show_output) {
        Ok(child) => child,
        Err(error) => return Ended::NotStarted(format!("cannot start the shell: {error}")),
    };
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return ended(status),
            Ok(None) if begun.elapsed() < patience => tokio::time::sleep(LOOK).await,
            Ok(None) => {
                kill(&mut child);
                return Ended::TimedOut;
            }
            Err(error) => return Ended::NotStarted(format!("cannot wait for the command: {error}")),
        }
    }
}

fn start(command: &str, show_output: bool) -> std::io::Result<Child> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).stdin(Stdio::null());
    if show_output {
        shell.stdout(std::io::stderr()).stderr(Stdio::inherit());
    } else {
        shell.stdout(Stdio::null()).stderr(Stdio::null());
    }
    // A group of its own, so that what the shell has started ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    shell.spawn()
}

/// The shell and all that it has started.
fn kill(child: &mut Child) {
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// An LPA that says by its exit code that it failed did its work; one that a signal has ended did not.
fn ended(status: ExitStatus) -> Ended {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ended::Crashed(format!("it was ended by signal {signal}"));
    }
    match status.code() {
        Some(code) if NOT_STARTED.contains(&code) => {
            Ended::NotStarted(format!("the shell cannot start the command: exit code {code}"))
        }
        // How the shell says that a signal has ended what it ran.
        Some(code @ 129..=192) => Ended::Crashed(format!("it was ended by signal {}", code - 128)),
        _ => Ended::InOrder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            case: "LPA.Http.6.2-01".to_owned(),
            act: Act::Discover,
            activation_code: Some("LPA:1$localhost:8443$A-1".to_owned()),
            confirmation_code: "4711".to_owned(),
            default_smdp: "localhost:8443".parse().unwrap(),
            smds: "localhost:8453".parse().unwrap(),
            patience: Duration::from_secs(5),
        }
    }

    #[test]
    fn placeholders_are_words_of_the_shell() {
        let filled = filled("lpa --ac {ac} -c {confirmation-code} {smds} {case}", &asked());
        assert_eq!(
            filled,
            "lpa --ac 'LPA:1$localhost:8443$A-1' -c '4711' 'localhost:8453' 'LPA.Http.6.2-01'"
        );
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }

    #[test]
    fn a_command_that_is_not_given_is_named() {
        let by_command = ByCommand::new(Commands { run: Some("lpa {ac}".to_owned()), ..Commands::default() });
        assert!(by_command.offers(Ability::Download).is_ok());
        assert!(by_command.offers(Ability::Reject).unwrap_err().contains("--run-reject"));
        assert!(by_command.offers(Ability::ConfirmationCode).unwrap_err().contains("{confirmation-code}"));
    }

    #[test]
    fn an_end_in_order_is_told_from_a_crash_and_from_no_beginning() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ended =
            |command: &str, patience| runtime.block_on(run(command, false, Duration::from_secs(patience)));
        assert_eq!(ended("exit 0", 10), Ended::InOrder);
        assert_eq!(ended("exit 255", 10), Ended::InOrder);
        assert!(matches!(ended("kill -ABRT $$", 10), Ended::Crashed(_)));
        assert!(matches!(ended("sh -c 'kill -SEGV $$'; exit $?", 10), Ended::Crashed(_)));
        assert!(matches!(ended("there-is-no-such-lpa", 10), Ended::NotStarted(_)));
        assert_eq!(ended("sleep 30; sleep 30", 0), Ended::TimedOut);
    }
}
