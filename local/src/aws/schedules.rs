//! EventBridge Scheduler's one-time schedules:
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/>.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use byline_shared::model::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::reply::{Reply, error, failure};
use crate::files;

/// A schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Schedule {
    /// When it calls the worker.
    pub(crate) at: Time,
    /// The input that it calls the worker with.
    pub(crate) input: Value,
}

/// The schedules, in memory and in the data folder.
pub(crate) struct Schedules {
    by_name: Mutex<BTreeMap<String, Schedule>>,
    file: Option<PathBuf>,
}

impl Schedules {
    /// Reads the schedules of a data folder, if there is one.
    pub(super) fn open(folder: Option<&Path>) -> io::Result<Self> {
        let file = folder.map(|folder| folder.join("schedules.json"));
        let by_name = match file.as_deref().map(std::fs::read) {
            Some(Ok(json)) => serde_json::from_slice(&json)?,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => BTreeMap::new(),
        };
        Ok(Self { by_name: Mutex::new(by_name), file })
    }

    /// `CreateSchedule`.
    pub(super) fn create(&self, name: &str, request: &Value) -> Reply {
        let expression = request["ScheduleExpression"].as_str().unwrap_or_default();
        let at = expression.strip_prefix("at(").and_then(|rest| rest.strip_suffix(')'));
        let at = at.and_then(|at| format!("{at}Z").parse::<Time>().ok());
        let input = request["Target"]["Input"].as_str();
        let input = input.and_then(|input| serde_json::from_str(input).ok());
        let (Some(at), Some(input)) = (at, input) else { return error("ValidationException") };
        let mut by_name = self.lock();
        if by_name.contains_key(name) {
            let body = json!({ "__type": "ConflictException", "Message": "the schedule exists" });
            return (409, body.to_string().into());
        }
        let mut changed = by_name.clone();
        changed.insert(name.to_owned(), Schedule { at, input });
        match self.replace(&mut by_name, changed) {
            Ok(()) => (200, json!({ "ScheduleArn": name }).to_string().into()),
            Err(cause) => failure("cannot store a schedule", &cause),
        }
    }

    /// `DeleteSchedule`.
    pub(super) fn delete(&self, name: &str) -> Reply {
        match self.remove(name) {
            Ok(true) => (200, "{}".into()),
            Ok(false) => {
                let body =
                    json!({ "__type": "ResourceNotFoundException", "Message": "no such schedule" });
                (404, body.to_string().into())
            }
            Err(cause) => failure("cannot remove a schedule", &cause),
        }
    }

    /// The names and inputs of the schedules that are due at `now`.
    pub(crate) fn due(&self, now: Time) -> Vec<(String, Value)> {
        let by_name = self.lock();
        let due = by_name.iter().filter(|(_, schedule)| schedule.at <= now);
        due.map(|(name, schedule)| (name.clone(), schedule.input.clone())).collect()
    }

    /// Removes a schedule. Returns whether there was one.
    pub(crate) fn remove(&self, name: &str) -> io::Result<bool> {
        let mut by_name = self.lock();
        let mut changed = by_name.clone();
        let was_there = changed.remove(name).is_some();
        self.replace(&mut by_name, changed)?;
        Ok(was_there)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Schedule>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(
        &self,
        by_name: &mut BTreeMap<String, Schedule>,
        changed: BTreeMap<String, Schedule>,
    ) -> io::Result<()> {
        if let Some(file) = &self.file {
            files::replace(file, &serde_json::to_vec(&changed)?)?;
        }
        *by_name = changed;
        Ok(())
    }
}
