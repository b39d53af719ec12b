//! ES9+ over HTTP: both bindings, both halves.

#[cfg(test)]
mod asn1_requests;
#[cfg(test)]
mod client_errors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod log;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod rejections;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod spelling;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod trace;
#[cfg(test)]
mod urgency;
