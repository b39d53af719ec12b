//! What the SM-DSs have, as `rsp smds events` lists it.

use std::collections::BTreeSet;

use super::{EID, Lab, SMDP_OID, SMDS_OID, Site, until};

/// An event record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    pub state: String,
    pub eid: String,
    /// Where the LPA finds it.
    pub at: String,
    pub caller: String,
    pub event_id: String,
    /// Its name at the Root.
    pub forwarded_as: Option<String>,
}

impl Event {
    pub fn is(&self, state: &str) -> bool {
        self.state == state
    }

    fn read(line: &str) -> Self {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, state, eid, at, caller, event_id, forwarded @ ..] = &fields[..] else { panic!("{line}") };
        let forwarded_as = match forwarded {
            [] => None,
            ["at", "the", "Root", "as", name] => Some((*name).to_owned()),
            _ => panic!("{line}"),
        };
        let [state, eid, at, caller] = [state, eid, at, caller].map(|field| (*field).to_owned());
        let event_id = event_id.trim_end_matches(',').to_owned();
        Self { state, eid, at, caller, event_id, forwarded_as }
    }
}

impl Lab {
    /// Every event record of an SM-DS.
    pub fn events(&self, site: &Site) -> Vec<Event> {
        let configuration = format!("{}.toml", site.name);
        let list = self.bench.rsp_ok(&["smds", "events", "--config", &configuration, "--all"]);
        list.lines().skip(1).map(Event::read).collect()
    }

    /// Waits until the events of an SM-DS are as wanted.
    pub fn until_events(&self, site: &Site, what: &str, wanted: impl Fn(&[Event]) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        let what = format!("{} {what}", site.name);
        until(&what, || {
            let events = self.events(site);
            if events != seen {
                println!("{what}: {events:#?}");
                seen.clone_from(&events);
            }
            wanted(&events).then_some(events)
        })
    }

    /// Waits until exactly these events are registered, at the Alternative and at the Root. Others have ended.
    pub fn until_registered(&self, event_ids: &[&str]) {
        let wanted: BTreeSet<&str> = event_ids.iter().copied().collect();
        let what = format!("has {wanted:?} and no other");
        let events = self.until_events(&self.alternative, &what, |events| {
            let open = open(events);
            open.iter().all(|event| event.is("Registered")) && names(&open) == wanted
        });
        let registered = open(&events);
        for event in &registered {
            assert_eq!((event.eid.as_str(), event.caller.as_str()), (EID, SMDP_OID), "{event:?}");
            assert_eq!(event.at, self.smdp.lpas.address());
        }
        let forwarded: BTreeSet<&str> =
            registered.iter().map(|event| event.forwarded_as.as_deref().unwrap()).collect();
        let what = format!("has {forwarded:?} and no other");
        let events = self.until_events(&self.root, &what, |events| names(&open(events)) == forwarded);
        for event in open(&events) {
            assert_eq!((event.eid.as_str(), event.caller.as_str()), (EID, SMDS_OID), "{event:?}");
            assert_eq!((&event.at, &event.forwarded_as), (&self.alternative.lpas.address(), &None));
        }
        self.assert_each_once();
    }

    /// Waits until all events have ended, at the Alternative and at the Root, by a deletion.
    pub fn until_deleted(&self) {
        for site in [&self.alternative, &self.root] {
            let all = |events: &[Event]| events.iter().all(|event| event.is("Deleted"));
            self.until_events(site, "has no event left", all);
        }
        self.assert_each_once();
    }

    /// SGP.22 §3.6.1: no EventID is taken from a caller twice.
    fn assert_each_once(&self) {
        for site in [&self.alternative, &self.root] {
            let events = self.events(site);
            let different: BTreeSet<_> =
                events.iter().map(|event| (&event.caller, &event.event_id)).collect();
            assert_eq!(different.len(), events.len(), "{events:#?}");
        }
    }
}

fn open(events: &[Event]) -> Vec<&Event> {
    events.iter().filter(|event| event.is("Registered") || event.is("Forwarding")).collect()
}

fn names<'a>(events: &[&'a Event]) -> BTreeSet<&'a str> {
    events.iter().map(|event| event.event_id.as_str()).collect()
}
