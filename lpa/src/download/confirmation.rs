//! Between the offer and the download: Profile Policy Rules, the user, the confirmation code (SGP.22 §3.1.3 steps 7, 8).

use asn1::Octet32;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::es9plus::Es9Plus;

use super::Run;
use super::error::{Declined, Failure};
use super::offer::Offered;
use super::policy::{self, AdmittedRule};
use super::user::{Decision, Offer, User};
use crate::card::Card;
use crate::profiles;
use crate::progress::Step;

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    /// The user's consent, and the hash of the confirmation code where one is required.
    pub(super) fn confirm(&mut self, offered: &Offered) -> Result<Option<Octet32>, Failure<S::Error>> {
        self.session.begin(Step::Confirm);
        let policy_rules = self.admit_policy_rules(offered)?;

        // SGP.22 §3.1.3 step 8: the activation code or the server may ask for the code.
        let confirmation_code_required =
            self.request.confirmation_code_required || offered.smdp_signed2.cc_required_flag;
        let offer =
            Offer { metadata: &offered.metadata, policy_rules: &policy_rules, confirmation_code_required };
        match self.session.user.confirm(&offer) {
            Decision::Accept => {}
            Decision::Reject => return Err(Failure::Declined(Declined::Rejected)),
            Decision::Postpone => return Err(Failure::Declined(Declined::Postponed)),
            Decision::TimedOut => return Err(Failure::Declined(Declined::TimedOut)),
        }
        if !confirmation_code_required {
            return Ok(None);
        }
        let code = self
            .session
            .user
            .confirmation_code(&offer)
            .ok_or(Failure::Declined(Declined::NoConfirmationCode))?;
        // SGP.22 §3.1.3 step 8: SHA-256(SHA-256(code) ‖ TransactionID).
        let hash = ConfirmationCodeHash::of(code.as_str()).hash_cc(&offered.smdp_signed2.transaction_id);
        Ok(Some(Octet32::from(hash)))
    }

    /// SGP.22 §3.1.3 steps 7 and 8, §2.9.2.4. Asks the eUICC for the Rules Authorisation Table, and for the installed
    /// profiles, only where the answer matters.
    fn admit_policy_rules(&mut self, offered: &Offered) -> Result<Vec<AdmittedRule>, Failure<S::Error>> {
        const SUBJECT: &str = "Profile Policy Rules against the Rules Authorisation Table";
        let rules = policy::rules_of(&offered.metadata);
        let rules =
            self.session.tracer().check("SGP.22 §2.9.2.4", "Profile Policy Rules are known", rules)?;
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        let table = self.session.isd_r.get_rat().map_err(Failure::Euicc)?;
        let operational_profile_installed = rules.contains(&policy::PolicyRule::DisablingNotAllowed)
            && profiles::operational_profile_is_installed(self.session.isd_r).map_err(Failure::Euicc)?;
        let owner = offered.metadata.profile_owner.as_ref();
        let admitted = policy::admit(&rules, owner, &table, operational_profile_installed);
        Ok(self.session.tracer().check("SGP.22 §2.9.2.4", SUBJECT, admitted)?)
    }
}
