//! Running cases.

use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::activation_code::ActivationCode;
use protocol::trace::Actor;

use super::case::Case;
use super::driver::{Asked, Driver, Ended};
use super::judgement::{self, Met};
use super::situation::{Act, Code, Server};
use super::stage::{NoProfile, Scene, Stage, Told, Waiting, waiting_in};
use crate::case::Variant;
use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::random::Seed;
use crate::report::CaseReport;

/// Runs cases against one LPA.
pub struct Judge<D> {
    /// The servers that the LPA meets; [`Stage::run`] has to be at work.
    pub stage: Arc<Stage>,
    /// What makes the LPA act.
    pub driver: D,
    /// What everything random comes from.
    pub seed: Seed,
    /// How long one act may take.
    pub patience: Duration,
}

impl<D: Driver> Judge<D> {
    /// Runs one case.
    pub async fn run(&mut self, case: &Case) -> CaseReport {
        let started = Instant::now();
        let (evidence, tracer) = Evidence::new(Actor::Smdp, self.stage.clock.clone());
        let outcome = match self.reason_to_skip(case) {
            Some(reason) => Outcome::skipped(reason),
            None => match self.scene(case, tracer) {
                Ok((scene, props)) => self.play(case, scene, &props).await,
                Err(outcome) => outcome,
            },
        };
        let mut report = CaseReport::new(&case.head, Variant::default(), case.situation.steps(), outcome);
        report.seconds = started.elapsed().as_secs_f64();
        report.keep(&evidence);
        report
    }

    fn reason_to_skip(&self, case: &Case) -> Option<String> {
        if case.situation.acts.contains(&Act::Discover) && !self.stage.certificates.has_smds() {
            return Some("the certificate directory has no CERT.DSauth: no SM-DS can be played".to_owned());
        }
        case.situation.needs().into_iter().find_map(|need| self.driver.offers(need).err())
    }

    fn scene(&self, case: &Case, tracer: protocol::trace::Tracer) -> Result<(Scene, Props), Outcome> {
        let mut rng = self.seed.of_case(&case.head, Variant::default());
        let situation = case.situation;
        let made = waiting_in(&situation, &self.stage.addresses, &mut rng);
        let (waiting, told) =
            made.map_err(|error: NoProfile| Outcome::blocked("a profile is made", error))?;
        let shown = match situation.tls {
            None => None,
            // Certificate directories without the key of the CI, and host names of one label, cannot be wrong in every way.
            Some(defect) => {
                let bad = self.stage.certificates.bad(defect, &mut rng);
                Some(bad.map_err(|error| Outcome::skipped(error.to_string()))?)
            }
        };
        let props = Props::new(&waiting, &told);
        Ok((Scene::new(situation, waiting, told, rng, tracer, shown), props))
    }

    async fn play(&mut self, case: &Case, scene: Scene, props: &Props) -> Outcome {
        self.stage.begin(scene);
        let mut ended = Vec::new();
        for (number, act) in case.situation.acts.iter().enumerate() {
            self.stage.act(number);
            let asked = self.asked(case, *act, props);
            let end = self.driver.act(&asked).await;
            let hopeless = matches!(end, Ended::NotStarted(_) | Ended::TimedOut);
            ended.push(end);
            if hopeless {
                break;
            }
        }
        let Some(mut scene) = self.stage.end() else {
            return Outcome::blocked("the case is played", "another one was begun meanwhile");
        };
        scene.log.acts = ended;
        scene.log.calls.retain(|call| !call.left_over);
        let address_of = |server: Server| self.stage.addresses.of(server).to_string();
        judgement::judge(&Met {
            case,
            log: &scene.log,
            token: &props.token,
            told: &props.told,
            address_of: &address_of,
        })
    }

    fn asked(&self, case: &Case, act: Act, props: &Props) -> Asked {
        let activation_code = match act {
            Act::Download(code, _) => Some(self.activation_code(code, &props.token)),
            _ => None,
        };
        Asked {
            case: case.head.id.to_string(),
            act,
            activation_code,
            confirmation_code: props.confirmation_code.clone(),
            default_smdp: self.stage.addresses.of(Server::Smdp).clone(),
            smds: self.stage.addresses.of(Server::Smds).clone(),
            patience: self.patience,
        }
    }

    /// SGP.22 §4.1, also where it is broken.
    fn activation_code(&self, code: Code, token: &str) -> String {
        let good = ActivationCode {
            smdp_address: self.stage.addresses.of(Server::Smdp).clone(),
            matching_id: token.to_owned(),
            smdp_oid: None,
            confirmation_code_required: false,
        };
        let oid = self.stage.certificates.smdp_oid();
        match code {
            Code::Plain => good.to_string(),
            Code::Oid => ActivationCode { smdp_oid: oid, ..good }.to_string(),
            Code::OtherOid => {
                ActivationCode { smdp_oid: oid.map(|oid| format!("{oid}.1")), ..good }.to_string()
            }
            Code::ConfirmationCode => ActivationCode { confirmation_code_required: true, ..good }.to_string(),
            Code::Format2 => good.to_string().replacen("LPA:1$", "LPA:2$", 1),
            Code::MoreElements => format!("{}$$UNKNOWN", ActivationCode { smdp_oid: oid, ..good }),
            Code::UpperCase => good.to_string().to_ascii_uppercase(),
            Code::EmptyToken => ActivationCode { matching_id: String::new(), ..good }.to_string(),
        }
    }
}

/// What the user has in hand.
struct Props {
    token: String,
    confirmation_code: String,
    told: Vec<Told>,
}

impl Props {
    fn new(waiting: &[Waiting], told: &[Told]) -> Self {
        let first = waiting.first();
        Self {
            token: first.map(|first| first.matching_id.clone()).unwrap_or_default(),
            confirmation_code: first.map(|first| first.confirmation_code.clone()).unwrap_or_default(),
            told: told.to_vec(),
        }
    }
}
