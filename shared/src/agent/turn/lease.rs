//! The lease of a turn: its runner renews it each second, and learns whether it is to stop.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::bounds::MAX_TIME;
use super::progress::Progress;
use crate::auth::{self, Caller};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ResponseId, Scope, Time};

/// How long a lease is, in seconds. A turn whose process ended reads as interrupted after that.
const LEASE: i64 = 30;

/// How often it is renewed.
const BEAT: Duration = Duration::from_secs(1);

/// At every how many renewals it is read whether the caller may still use the agent: an answer that takes
/// minutes must not outlive a sign-out for long.
const RIGHTS: u32 = 5;

/// How long a renewal may take.
const RENEWAL: Duration = Duration::from_secs(3);

/// How long before its process is stopped a turn ends, in seconds: a tool that runs has time to return.
const BEFORE_DEADLINE: i64 = 5;

/// Whether a turn goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// It does.
    Run,
    /// The user stopped it.
    Cancelled,
    /// It took too long.
    TimeOver,
    /// The caller may not use the agent any more.
    AccessEnded,
    /// Its process stops.
    Stopping,
    /// Its runner is its runner no more: it writes nothing.
    Lost,
}

/// Until when a lease is that is renewed now.
pub(super) fn until(now: Time) -> Time {
    now.plus_seconds(LEASE)
}

/// Renews the lease until it is dropped, notes what the agent is saying, and tells what it learns.
pub(super) async fn renew(
    cx: &Context,
    caller: &Caller,
    id: &ResponseId,
    tell: watch::Sender<Signal>,
    progress: watch::Receiver<Progress>,
) -> Infallible {
    let begun = Instant::now();
    let (mut noted, mut renewals) = (None, 0_u32);
    let mut beats = interval_at(begun + BEAT, BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let now = cx.clock.now();
        // Whatever becomes of the renewal: a database that does not answer must not keep a turn going.
        if begun.elapsed() >= MAX_TIME || is_due(cx, now) {
            stop(&tell, Signal::TimeOver);
        }
        if cx.stopping.has_begun() {
            stop(&tell, Signal::Stopping);
        }
        let saying = progress.borrow().saying.clone();
        let new = saying.as_ref().filter(|saying| noted.as_ref() != Some(*saying));
        match timeout(RENEWAL, cx.store.turns().renew(id, now, until(now), new)).await {
            Ok(Ok(Some(turn))) => {
                if turn.cancel {
                    stop(&tell, Signal::Cancelled);
                }
                noted = saying;
            }
            Ok(Ok(None)) => stop(&tell, Signal::Lost),
            // The lease lasts for some more beats, and every write holds it to its end.
            Ok(Err(cause)) => tracing::warn!(response = %id, ?cause, "a lease was not renewed"),
            Err(_) => tracing::warn!(response = %id, "a lease was not renewed in time"),
        }
        renewals = renewals.wrapping_add(1);
        if renewals.is_multiple_of(RIGHTS) && is_shut_out(cx, caller).await {
            stop(&tell, Signal::AccessEnded);
        }
    }
}

/// Whether the caller may not use the agent any more: signed out, disabled, or with another role or scopes.
/// Where that cannot be read now, it is read again a little later.
pub(super) async fn is_shut_out(cx: &Context, caller: &Caller) -> bool {
    matches!(timeout(RENEWAL, still_allowed(cx, caller)).await, Ok(Ok(None)))
}

/// The caller as they are now, if they may still use the agent.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn still_allowed(
    cx: &Context,
    caller: &Caller,
) -> Result<Option<Caller>, Problem> {
    let now = auth::again(cx, caller).await?;
    Ok(now.filter(|caller| caller.may(Scope::Conversations)))
}

/// Whether the process is stopped soon: a turn ends by itself before, and says so.
pub(super) fn is_due(cx: &Context, now: Time) -> bool {
    cx.request.deadline.is_some_and(|deadline| now.plus_seconds(BEFORE_DEADLINE) >= deadline)
}

/// The first reason to stop counts, unless the turn is lost.
fn stop(tell: &watch::Sender<Signal>, reason: Signal) {
    tell.send_if_modified(|signal| {
        let counts = *signal == Signal::Run || reason == Signal::Lost;
        if counts {
            *signal = reason;
        }
        counts
    });
}
