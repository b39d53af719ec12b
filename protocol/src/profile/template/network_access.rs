//! The network access applications of a template: each has to get its keys from the subscriber.

use asn1::profile::{AlgoConfiguration, ElementKind, ProfileElement, RawElement};

use super::error::{TemplateError, decode};
use crate::profile::elements::member;

/// An application and where its keys come from.
struct Application<'a> {
    number: usize,
    element: RawElement<'a>,
    kind: ElementKind,
    aid: Option<Vec<u8>>,
    keys: Keys,
}

enum Keys {
    Missing,
    /// `algoParameter`.
    Own,
    /// `mappingParameter`: those of the application with this AID.
    Of(Vec<u8>),
}

/// Whether every USIM and ISIM has keys of its own that can be replaced, or shares those of one that has.
pub(super) fn check(elements: &[RawElement<'_>]) -> Result<(), TemplateError> {
    let applications = applications(elements)?;
    let keys_of = |aid: &[u8]| {
        let mut owners = applications.iter().filter(|application| matches!(application.keys, Keys::Own));
        owners.any(|owner| owner.aid.as_deref() == Some(aid))
    };
    for application in &applications {
        let reason = match &application.keys {
            Keys::Own => continue,
            // CDMA has keys of another kind, which no subscriber of ours has.
            Keys::Missing if application.kind == ElementKind::Csim => continue,
            Keys::Missing => "it has no akaParameter for Ki and OPc",
            Keys::Of(source) if keys_of(source) => continue,
            Keys::Of(_) => "its akaParameter has a mappingParameter to no application with an algoParameter",
        };
        return Err(TemplateError::at(application.number, &application.element, reason));
    }
    Ok(())
}

fn applications<'a>(elements: &[RawElement<'a>]) -> Result<Vec<Application<'a>>, TemplateError> {
    let mut applications: Vec<Application<'a>> = Vec::new();
    let mut current = None;
    for (number, element) in (1..).zip(elements) {
        match element.kind() {
            Some(kind @ (ElementKind::Usim | ElementKind::Isim | ElementKind::Csim)) => {
                current = Some(applications.len());
                let aid = aid(&decode(number, element)?);
                applications.push(Application { number, element: *element, kind, aid, keys: Keys::Missing });
            }
            // An element with further files of an application goes back to it.
            Some(ElementKind::OptUsim) => current = last_of(&applications, ElementKind::Usim),
            Some(ElementKind::OptIsim) => current = last_of(&applications, ElementKind::Isim),
            Some(ElementKind::OptCsim) => current = last_of(&applications, ElementKind::Csim),
            Some(ElementKind::AkaParameter) => {
                let keys = keys(number, element)?;
                let application = current.and_then(|index| applications.get_mut(index));
                let application = application.ok_or_else(|| {
                    TemplateError::at(number, element, "no network access application stands before it")
                })?;
                application.keys = keys;
            }
            _ => {}
        }
    }
    Ok(applications)
}

fn last_of(applications: &[Application<'_>], kind: ElementKind) -> Option<usize> {
    applications.iter().rposition(|application| application.kind == kind)
}

fn aid(element: &ProfileElement) -> Option<Vec<u8>> {
    let ProfileElement::Template(application) = element else { return None };
    // The ADF is the first member of a USIM, and of an ISIM and CSIM too.
    application.file(member::ADF_USIM)?.fcp()?.df_name.clone()
}

fn keys(number: usize, element: &RawElement<'_>) -> Result<Keys, TemplateError> {
    let ProfileElement::AkaParameter(parameter) = decode(number, element)? else { return Ok(Keys::Missing) };
    let algo = match parameter.algo_configuration {
        AlgoConfiguration::Mapping(mapping) => return Ok(Keys::Of(mapping.mapping_source)),
        AlgoConfiguration::Algo(algo) => algo,
    };
    for (name, length) in [("key", algo.key.bytes().len()), ("opc", algo.opc.bytes().len())] {
        if length != 16 {
            let reason = format!("its {name} has {length} bytes, that of a subscriber has 16");
            return Err(TemplateError::at(number, element, reason));
        }
    }
    Ok(Keys::Own)
}
