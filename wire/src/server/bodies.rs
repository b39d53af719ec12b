//! The memory that the bodies of requests take up on a port.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// What counts is counted in units of so many bytes.
const UNIT: usize = 1024;
/// So much of a body does not count where it is the only one of its connection: what an LPA sends is smaller, so that nobody can
/// keep LPAs out by long bodies that never end.
const SMALL: usize = 8 * 1024;

/// So many bytes for all bodies that are on their way or in work.
pub(super) struct Bodies(Semaphore);

impl Bodies {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }

    /// For a body that begins; `alone` where it is the only one of its connection.
    pub(super) fn begin(self: &Arc<Self>, alone: bool) -> Body {
        Body { bodies: self.clone(), free: if alone { SMALL } else { 0 }, units: 0 }
    }
}

/// The part of one body, until it is dropped.
pub(super) struct Body {
    bodies: Arc<Bodies>,
    free: usize,
    units: usize,
}

impl Body {
    /// Whether there is room for so many bytes of it; then they are its own.
    pub(super) fn grow(&mut self, length: usize) -> bool {
        let units = length.saturating_sub(self.free).div_ceil(UNIT);
        let more = units.saturating_sub(self.units);
        let Ok(Ok(permits)) = u32::try_from(more).map(|more| self.bodies.0.try_acquire_many(more)) else {
            return false;
        };
        permits.forget();
        self.units += more;
        true
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.bodies.0.add_permits(self.units);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_what_there_is_and_give_it_back() {
        let bodies = Bodies::new(3 * UNIT);
        let (mut one, mut other) = (bodies.begin(false), bodies.begin(false));
        assert!(one.grow(1) && one.grow(UNIT) && one.grow(UNIT + 1));
        assert!(other.grow(UNIT) && !other.grow(UNIT + 1));
        assert!(!one.grow(3 * UNIT));
        drop(one);
        assert!(other.grow(3 * UNIT) && !other.grow(3 * UNIT + 1));
    }

    #[test]
    fn the_only_one_of_a_connection_may_be_small_whatever_there_is() {
        let bodies = Bodies::new(0);
        let mut alone = bodies.begin(true);
        assert!(alone.grow(SMALL) && !alone.grow(SMALL + 1));
        assert!(!bodies.begin(false).grow(1));
    }
}
