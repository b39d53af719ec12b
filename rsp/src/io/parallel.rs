//! Work on many things of the same kind, by all processors.

use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Result;

/// Does the same with each item, and gives the results in the order of the items, or the failure of one that failed: then
/// not all items were worked on.
pub fn try_map<T: Send, U: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    work: impl Fn(T) -> Result<U> + Sync,
) -> Result<Vec<U>> {
    let items = Mutex::new(items.into_iter().enumerate());
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let failed = Mutex::new(None);
    let has_failed = || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some();
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut own = Vec::new();
                while !has_failed()
                    && let Some((index, item)) = next()
                {
                    match work(item) {
                        Ok(result) => own.push((index, result)),
                        Err(error) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
                    }
                }
                done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_items() {
        let squares = try_map(0..1000_u64, |number| Ok(number * number)).unwrap();
        assert!(squares.iter().copied().eq((0..1000).map(|number| number * number)));
    }

    #[test]
    fn a_failure_is_told() {
        let failed = try_map(0..1000, |number| {
            if number == 500 { Err(anyhow::anyhow!("{number} is too much")) } else { Ok(number) }
        });
        assert_eq!(failed.unwrap_err().to_string(), "500 is too much");
    }
}
