//! Writing the security log. An entry that belongs to a transaction is written with it, every other
//! one right after the event.

use super::actor::Actor;
use super::caller::{Caller, Credential};
use super::limits;
use crate::context::Context;
use crate::crypto::digest;
use crate::model::AuditId;
use crate::model::audit::{AuditAgent, AuditEntry, Event, Outcome};
use crate::permission::{Action, Permission, Table};

/// The permission to add entries to the log, and nothing else of the table.
pub const AUDIT_PERMISSION: Permission =
    Permission::Items(Table::Content, crate::store::keys::AUDIT, &[Action::PutItem]);

impl AuditEntry {
    /// Something that was done in this request.
    #[must_use]
    pub fn new(cx: &Context, event: Event) -> Self {
        let at = cx.clock.now();
        Self {
            id: AuditId::new(at),
            at,
            event,
            outcome: Outcome::Success,
            actor: None,
            actor_name: None,
            api_key: None,
            api_key_name: None,
            grant: None,
            client_name: None,
            agent: None,
            subject: None,
            subject_name: None,
            detail: None,
            count: None,
            ip: cx.request.source_ip.map(|ip| ip.to_string()),
            user_agent: cx.request.user_agent.clone(),
            request_id: cx.request.request_id.clone(),
        }
    }

    /// Records who did it, with the API key or grant if there was one.
    #[must_use]
    pub fn by_caller(mut self, caller: &Caller) -> Self {
        match &caller.credential {
            Credential::Session { .. } => {}
            Credential::ApiKey { id, name } => {
                (self.api_key, self.api_key_name) = (Some(id.clone()), Some(name.clone()));
            }
            Credential::Grant { id, client_name, .. } => {
                (self.grant, self.client_name) = (Some(id.clone()), Some(client_name.clone()));
            }
        }
        self.by_user(&caller.user)
    }

    /// The same, with the agent where it acts for the caller.
    #[must_use]
    pub fn by_actor(mut self, actor: &Actor) -> Self {
        self.agent = AuditAgent::of(&actor.by());
        self.by_caller(&actor.caller)
    }

    /// Writes it, after the fact. Where that fails the whole entry is in the log, and what
    /// happened has happened.
    pub async fn record(self, cx: &Context) {
        if let Err(cause) = cx.store.audit_log().create(&self).await {
            tracing::error!(?cause, entry = ?self, "an audit entry could not be written");
        }
    }
}

/// Records that a caller, or the agent for them, was refused. Somebody can be refused as often as they ask, so the same refusal
/// of an account is counted by the hour, and the log has an entry for the 1st, 10th, 100th … time.
pub async fn record_denied(cx: &Context, actor: &Actor, detail: &str) {
    let entry = AuditEntry::new(cx, Event::AccessDenied).by_actor(actor).refused();
    let mut entry = entry.with(detail.to_owned());
    let what = limits::account(&actor.caller.user.id).within(digest::sha256(detail));
    match cx.store.refusals().count(&what, cx.clock.now()).await {
        Ok(count) if !is_reported(count) => return,
        Ok(count) => entry.count = Some(count),
        Err(cause) => tracing::error!(?cause, "a refusal could not be counted"),
    }
    entry.record(cx).await;
}

/// Whether it is a power of ten.
fn is_reported(count: u64) -> bool {
    count.checked_ilog10().is_some_and(|digits| 10_u64.pow(digits) == count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_ever_more_refusals_is_reported() {
        let reported: Vec<u64> = (0..=1000).filter(|count| is_reported(*count)).collect();
        assert_eq!(reported, [1, 10, 100, 1000]);
    }
}
