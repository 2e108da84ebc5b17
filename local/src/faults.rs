//! Observes the operations' calls to AWS for the tests: counts them, records those that no
//! permission allows, injects faults, and lets calls wait.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A fault of an AWS service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is throttled and not carried out.
    Throttled,
    /// The call is carried out, but its answer is lost.
    AnswerLost,
    /// Another write came first: a transaction fails at its first condition. Other calls are spared, and
    /// do not count.
    Outrun,
}

impl Fault {
    fn meets(self, action: &str) -> bool {
        self != Self::Outrun || action == "TransactWriteItems"
    }
}

/// The faults that are injected into one operation.
#[derive(Clone, Copy, Debug)]
struct Plan {
    operation: &'static str,
    /// How many calls succeed first.
    spared: u32,
    /// How many calls fail after that; retries count.
    times: u32,
    fault: Fault,
}

/// A call that waits, so that something happens between it and the calls before.
#[derive(Debug, Default)]
pub struct Gate {
    reached: Notify,
    opened: Notify,
}

impl Gate {
    /// Waits until the call is there.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets the call go on.
    pub fn open(&self) {
        self.opened.notify_one();
    }

    pub(crate) async fn pass(&self) {
        self.reached.notify_one();
        self.opened.notified().await;
    }
}

/// The calls to AWS of one running Byline.
#[derive(Debug, Default)]
pub struct Observer {
    violations: Mutex<Vec<String>>,
    /// By operation and action.
    calls: Mutex<HashMap<&'static str, BTreeMap<String, u64>>>,
    plan: Mutex<Option<Plan>>,
    /// By operation and action.
    gates: Mutex<HashMap<(&'static str, &'static str), Arc<Gate>>>,
}

impl Observer {
    /// A message for each call that was rejected because no permission allows it.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        lock(&self.violations).clone()
    }

    /// How many calls an operation has made.
    #[must_use]
    pub fn calls(&self, operation: &str) -> u64 {
        self.actions(operation).values().sum()
    }

    /// How many calls of each action an operation has made.
    #[must_use]
    pub fn actions(&self, operation: &str) -> BTreeMap<String, u64> {
        lock(&self.calls).get(operation).cloned().unwrap_or_default()
    }

    /// From now on, after `spared` more calls of `operation`, the next `times` meet `fault`. Replaces
    /// the plan before.
    pub fn plan(&self, operation: &'static str, spared: u32, times: u32, fault: Fault) {
        *lock(&self.plan) = Some(Plan { operation, spared, times, fault });
    }

    /// Stops injecting faults. Returns whether the operation ended before it met the first.
    pub fn end_plan(&self) -> bool {
        lock(&self.plan).take().is_some_and(|plan| plan.spared > 0)
    }

    /// Holds the next call of an action by `operation` until the gate is opened.
    pub fn hold(&self, operation: &'static str, action: &'static str) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        lock(&self.gates).insert((operation, action), Arc::clone(&gate));
        gate
    }

    /// The gate of a call, which holds no other.
    pub(crate) fn gate(&self, operation: &'static str, action: &str) -> Option<Arc<Gate>> {
        let mut gates = lock(&self.gates);
        let held = *gates.keys().find(|held| held.0 == operation && held.1 == action)?;
        gates.remove(&held)
    }

    pub(crate) fn violated(&self, violation: String) {
        lock(&self.violations).push(violation);
    }

    /// Counts a call. Returns the fault that it meets.
    pub(crate) fn called(&self, operation: &'static str, action: &str) -> Option<Fault> {
        let mut calls = lock(&self.calls);
        *calls.entry(operation).or_default().entry(action.to_owned()).or_default() += 1;
        drop(calls);
        let mut plan = lock(&self.plan);
        let plan = plan.as_mut().filter(|plan| plan.operation == operation)?;
        if !plan.fault.meets(action) {
            return None;
        }
        if plan.spared > 0 {
            plan.spared -= 1;
            return None;
        }
        plan.times = plan.times.checked_sub(1)?;
        Some(plan.fault)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
