//! What passes between the operations and AWS: what was refused, how many calls each made, and
//! faults on demand. The tests look through this.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A fault of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is refused for now, and not carried out.
    Throttled,
    /// The call is carried out, and its answer lost.
    AnswerLost,
}

/// Faults that an operation is to meet.
#[derive(Clone, Copy, Debug)]
struct Plan {
    operation: &'static str,
    /// How many calls go well before.
    spared: u32,
    /// How many calls then fail, retries among them.
    times: u32,
    fault: Fault,
}

/// The record of one running Byline.
#[derive(Debug, Default)]
pub struct Observer {
    violations: Mutex<Vec<String>>,
    /// By operation and action.
    calls: Mutex<HashMap<&'static str, BTreeMap<String, u64>>>,
    plan: Mutex<Option<Plan>>,
}

impl Observer {
    /// Calls that a grant did not cover.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        held(&self.violations).clone()
    }

    /// How many calls an operation has made.
    #[must_use]
    pub fn calls(&self, operation: &str) -> u64 {
        self.actions(operation).values().sum()
    }

    /// How many calls of each action an operation has made.
    #[must_use]
    pub fn actions(&self, operation: &str) -> BTreeMap<String, u64> {
        held(&self.calls).get(operation).cloned().unwrap_or_default()
    }

    /// From now on `operation` meets `fault`: after `spared` calls, `times` in a row.
    pub fn plan(&self, operation: &'static str, spared: u32, times: u32, fault: Fault) {
        *held(&self.plan) = Some(Plan { operation, spared, times, fault });
    }

    /// No more faults; says whether one that was planned is left.
    pub fn end_plan(&self) -> bool {
        held(&self.plan).take().is_some_and(|plan| plan.spared > 0)
    }

    pub(crate) fn violated(&self, violation: String) {
        held(&self.violations).push(violation);
    }

    /// Notes a call; says which fault it meets.
    pub(crate) fn called(&self, operation: &'static str, action: &str) -> Option<Fault> {
        let mut calls = held(&self.calls);
        *calls.entry(operation).or_default().entry(action.to_owned()).or_default() += 1;
        drop(calls);
        let mut plan = held(&self.plan);
        let plan = plan.as_mut().filter(|plan| plan.operation == operation)?;
        if plan.spared > 0 {
            plan.spared -= 1;
            return None;
        }
        plan.times = plan.times.checked_sub(1)?;
        Some(plan.fault)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
