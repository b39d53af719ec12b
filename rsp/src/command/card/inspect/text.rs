//! The report for people. What servers wrote is shown with its control characters escaped.

use std::fmt::{self, Display, Formatter};

use super::files::FileReport;
use super::profile::{CodeReport, ProfileReport};
use super::report::Report;
use crate::io::printable::Printable;

/// A value, or that there is none.
struct OrNone<'a>(Option<&'a str>);

impl Display for OrNone<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => Printable(text).fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// A line with a label.
fn line(f: &mut Formatter<'_>, label: &str, value: impl Display) -> fmt::Result {
    writeln!(f, "{label:<22}{value}")
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        line(f, "EID", &self.eid)?;
        line(f, "personality", Printable(&self.personality))?;
        for (quirk, value) in self.quirks.iter().flatten() {
            line(f, "quirk", format_args!("{quirk} = {value}"))?;
        }
        line(f, "ATR", &self.atr)?;
        line(f, "ISD-R", or_none(&self.isd_r_aids.join(", ")))?;
        let information = &self.information;
        line(f, "SGP.22", information.svn)?;
        line(f, "firmware", information.firmware_version)?;
        for identity in &self.identities {
            line(f, "key", format_args!("{} under CI {}", identity.curve, identity.ci_pk_id))?;
            let (euicc, eum) = (&identity.euicc_certificate, &identity.eum_certificate);
            for (name, certificate) in [("  eUICC certificate", euicc), ("  EUM certificate", eum)] {
                let (serial, subject) = (&certificate.serial_number, Printable(&certificate.subject));
                line(f, name, format_args!("{serial}, {subject}, until {}", certificate.not_after))?;
            }
            if let Some(key) = &identity.private_key {
                line(f, "  private key", key)?;
            }
        }
        for ci in &self.trusted_cis {
            line(
                f,
                "trusts CI",
                format_args!("{} on {}, {}", ci.ci_pk_id, ci.curve, Printable(&ci.subject)),
            )?;
        }
        line(f, "default SM-DP+", OrNone(self.addresses.default_smdp.as_deref()))?;
        if self.addresses.initial_default_smdp != self.addresses.default_smdp {
            line(f, "  after a reset", OrNone(self.addresses.initial_default_smdp.as_deref()))?;
        }
        line(f, "root SM-DS", Printable(&self.addresses.root_smds))?;
        self.rules(f)?;
        let memory = &self.memory;
        line(f, "memory", format_args!("{} bytes, {} used, {} free", memory.size, memory.used, memory.free))?;
        self.procedures(f)?;
        self.profiles.iter().try_for_each(|profile| write!(f, "{profile}"))?;
        self.notifications(f)
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

impl Report {
    fn rules(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.rules_authorisation_table.is_empty() {
            return line(f, "RAT", "empty: no policy rule is allowed");
        }
        self.rules_authorisation_table.iter().try_for_each(|rule| {
            let consent = if rule.consent_required { ", with the user's consent" } else { "" };
            let (rules, operators) = (rule.policy_rules.join(" "), rule.allowed_operators.join("; "));
            line(f, "RAT", format_args!("{rules} for {operators}{consent}"))
        })
    }

    /// What has begun and is not done.
    fn procedures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(change) = &self.pending_change {
            line(f, "pending change", format_args!("{change}, at the next REFRESH or reset"))?;
        }
        if let Some(aid) = &self.operational_before_test {
            line(f, "before the test", format_args!("{aid} was enabled"))?;
        }
        if let Some(open) = &self.open_installation {
            let (iccid, server) = (OrNone(open.iccid.as_deref()), Printable(&open.server_address));
            let (id, at) = (&open.transaction_id, open.bpp_command_id);
            line(
                f,
                "open installation",
                format_args!("ICCID {iccid} from {server}, session {id}, at command {at}"),
            )?;
        }
        if self.has_retained_one_time_key {
            line(f, "one-time key", "kept for another attempt")?;
        }
        self.revocation.iter().try_for_each(|lists| line(f, "revocation", lists))
    }

    fn notifications(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for notification in &self.notifications {
            let (number, event) = (notification.sequence_number, &notification.event);
            let iccid = OrNone(notification.iccid.as_deref());
            let address = OrNone(notification.address.as_deref());
            line(
                f,
                "notification",
                format_args!("{number}: {event} of {iccid} for {address}, {} bytes", notification.size),
            )?;
        }
        line(f, "next notification", self.next_sequence_number)
    }
}

impl Display for ProfileReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        line(f, "profile", format_args!("{}, {}, {}", self.iccid, self.state, self.class))?;
        if let Some(nickname) = &self.nickname {
            line(f, "  nickname", Printable(nickname))?;
        }
        let (name, provider) = (Printable(&self.profile_name), Printable(&self.service_provider_name));
        line(f, "  name", format_args!("{name} from {provider}"))?;
        line(f, "  ISD-P", &self.isdp_aid)?;
        if let Some(owner) = &self.owner {
            line(f, "  owner", owner)?;
        }
        if !self.policy_rules.is_empty() {
            line(f, "  policy rules", self.policy_rules.join(" "))?;
        }
        let origin = if self.field_loaded { "downloaded" } else { "from the maker" };
        line(f, "  size", format_args!("{} bytes, {origin}", self.size))?;
        let kind = OrNone(self.profile_type.as_deref());
        line(f, "  package", format_args!("format {}, type {kind}", self.package_version))?;
        line(f, "  signs under CI", &self.euicc_ci_pk_id)?;
        for application in &self.network_access_applications {
            let algorithm = OrNone(application.authentication.as_deref());
            let (aid, directory) = (&application.aid, &application.directory);
            line(f, "  application", format_args!("{} {aid} in {directory}: {algorithm}", application.kind))?;
            for (label, secret) in [("    Ki", &application.key), ("    OPc", &application.opc)] {
                secret.iter().try_for_each(|secret| line(f, label, secret))?;
            }
        }
        self.pins.iter().try_for_each(|pin| code(f, "  PIN", pin))?;
        self.puks.iter().try_for_each(|puk| code(f, "  PUK", puk))?;
        self.recorded_applications.iter().try_for_each(|aid| line(f, "  recorded", aid))?;
        line(f, "  files", self.file_count)?;
        self.files.iter().flatten().try_for_each(|report| file(f, report))
    }
}

fn code(f: &mut Formatter<'_>, label: &str, code: &CodeReport) -> fmt::Result {
    let of = code.directory.as_ref().map_or_else(String::new, |directory| format!(" of {directory}"));
    let disabled = if code.enabled == Some(false) { ", disabled" } else { "" };
    let value = code.value.as_ref().map_or_else(String::new, |value| format!(", {value}"));
    let (reference, left, tries) = (&code.reference, code.tries_left, code.tries);
    line(f, label, format_args!("{reference}{of}: {left} of {tries} tries left{disabled}{value}"))
}

fn file(f: &mut Formatter<'_>, file: &FileReport) -> fmt::Result {
    let name = file.name.as_deref().unwrap_or("");
    write!(f, "    {:<16} {name:<22} {}", file.path, file.structure)?;
    if file.size > 0 {
        write!(f, ", {} bytes", file.size)?;
    }
    file.short_file_id.iter().try_for_each(|id| write!(f, ", SFI {id:02X}"))?;
    file.access_rule.iter().try_for_each(|rule| write!(f, ", rule {rule}"))?;
    file.link.iter().try_for_each(|target| write!(f, ", link to {target}"))?;
    match &file.content {
        Some(content) => writeln!(f, "\n      {content}"),
        None if file.content_hidden => writeln!(f, "\n      [holds keys]"),
        None => writeln!(f),
    }
}
