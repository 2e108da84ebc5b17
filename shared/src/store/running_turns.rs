//! The turns of a user that run, so that one person does not take all that a model server can do.
//!
//! The list is written when a turn starts, in the same transaction, and never when one ends: the start of the
//! next one looks which of them still run. So a turn whose process is gone counts no longer than its lease.

use serde::Deserialize;

use super::change::Change;
use super::turn_item::TurnItem;
use super::{Store, StoreError, Write, keys};
use crate::model::{ResponseId, Time, UserId};
use crate::permission::Table::Agent;

/// The turns of a user.
#[derive(Clone, Debug, Default)]
pub struct RunningTurns {
    /// The list as it was read.
    listed: Vec<ResponseId>,
    /// Those that run.
    pub running: Vec<ResponseId>,
    /// Those that do not, and for which something is reserved still: their process is gone, or could not settle it.
    pub unsettled: Vec<TurnItem>,
}

#[derive(Default, Deserialize)]
struct Listed {
    turns: Vec<ResponseId>,
}

/// Turns of users.
#[derive(Clone, Copy, Debug)]
pub struct TurnsAtOnce<'a>(pub(super) &'a Store);

impl TurnsAtOnce<'_> {
    /// Which turns of a user run.
    pub async fn of(self, user: &UserId, now: Time) -> Result<RunningTurns, StoreError> {
        let stored: Option<Listed> = self.0.get(Agent, &keys::running_turns(user)).await?;
        let listed = stored.unwrap_or_default().turns;
        let (mut running, mut unsettled) = (Vec::new(), Vec::new());
        for id in &listed {
            let Some(turn): Option<TurnItem> = self.0.get(Agent, &keys::turn(id)).await? else {
                continue;
            };
            if turn.is_running(now) {
                running.push(turn.id);
            } else if turn.reservation.is_some() {
                unsettled.push(turn);
            }
        }
        Ok(RunningTurns { listed, running, unsettled })
    }

    /// The write that adds a turn to those that run. It fails if another one was added since they were read.
    pub(super) fn started(
        self,
        known: &RunningTurns,
        user: &UserId,
        new: &ResponseId,
    ) -> Result<Write, StoreError> {
        let now: Vec<&ResponseId> = known.running.iter().chain([new]).collect();
        let change = Change::new().or_create().set("turns", &now)?;
        let change = match known.listed.is_empty() {
            true => change.only_if_absent("turns"),
            false => change.only_if("turns", &known.listed)?,
        };
        Ok(change.write(self.0, Agent, &keys::running_turns(user)))
    }

    /// Deletes the list of a deleted account.
    pub async fn forget(self, user: &UserId) -> Result<(), StoreError> {
        self.0.delete(Agent, &keys::running_turns(user)).await
    }
}
