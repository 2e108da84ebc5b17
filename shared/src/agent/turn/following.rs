//! Follows a turn to its end: in the process that runs it as it happens, and from anywhere else as it is
//! written down.
//!
//! What follows does not matter to the turn. It begins with all that has happened, and it ends with the end
//! of the turn, also of one whose process is gone.

use std::time::Duration;

use http::header::RETRY_AFTER;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use super::events::{Cursor, TurnEvent};
use super::free::AGAIN;
use super::lease::{is_due, is_shut_out};
use super::progress::Progress;
use super::reading::{self, LOOK, find, made};
use crate::auth::{Caller, limits};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{CallStatus, ConversationItem, Response, ResponseId, TurnStatus};
use crate::open_streams::{MAX_OPEN, OpenStream};
use crate::store::turns::TurnItem;

/// Somebody who follows a turn.
pub(in crate::agent) struct Following {
    cx: Context,
    caller: Caller,
    /// The turn as it was read last, or as it began.
    turn: TurnItem,
    cursor: Cursor,
    source: Source,
    at: At,
    /// How often it was looked at.
    looks: u32,
    /// Its place among those that the caller follows. Of those that start a turn, there are few anyway.
    _place: Option<OpenStream>,
}

/// At every how many looks it is read whether the caller may still read: every five seconds.
const RIGHTS: u32 = 10;

/// The place of one more that a caller follows, of all that their account follows in this process. How often it
/// begins to is counted for all processes, together with the looks at the Desk.
async fn place(cx: &Context, caller: &Caller) -> Result<OpenStream, Problem> {
    let user = &caller.user.id;
    limits::acquire(cx, &limits::FOLLOW_ACCOUNT, &limits::account(user)).await?;
    cx.open_streams.open(user).ok_or_else(|| {
        let detail = format!(
            "You follow {MAX_OPEN} answers of the agent at this moment, which is as many as you may. Close one of \
             these connections, and ask again."
        );
        Problem::new(Code::TooManyRequests, detail).with_header(RETRY_AFTER, AGAIN)
    })
}

/// Where a turn is followed.
enum Source {
    /// In the process that runs it.
    Here(watch::Receiver<Progress>, Option<JoinHandle<Result<(), Problem>>>),
    /// In the table. These are the items that were read.
    Stored(Vec<ConversationItem>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Beginning,
    Middle,
    End,
}

impl Following {
    /// Follows a turn that was just started here.
    pub(super) fn here(
        cx: &Context,
        caller: &Caller,
        turn: TurnItem,
        progress: watch::Receiver<Progress>,
        task: JoinHandle<Result<(), Problem>>,
    ) -> Self {
        Self::new(cx, caller, turn, Source::Here(progress, Some(task)), None)
    }

    /// Follows any turn.
    ///
    /// # Errors
    /// 404, also for those of others; 429 for a caller who follows as many as anybody may, or begins to too often.
    pub(in crate::agent) async fn stored(
        cx: &Context,
        caller: &Caller,
        id: &ResponseId,
    ) -> Result<Self, Problem> {
        let place = place(cx, caller).await?;
        let turn = find(cx, caller, id).await?;
        let items = reading::items(cx, &turn, turn.first_place).await?;
        Ok(Self::new(cx, caller, turn, Source::Stored(items), Some(place)))
    }

    fn new(
        cx: &Context,
        caller: &Caller,
        turn: TurnItem,
        source: Source,
        place: Option<OpenStream>,
    ) -> Self {
        Self {
            cx: cx.clone(),
            caller: caller.clone(),
            turn,
            cursor: Cursor::default(),
            source,
            at: At::Beginning,
            looks: 0,
            _place: place,
        }
    }

    /// Whether the turn was over when it was looked at last.
    pub(in crate::agent) fn is_over(&self) -> bool {
        !self.turn.is_running(self.cx.clock.now())
    }

    /// The response when it is over.
    ///
    /// # Errors
    /// 503 if its end could not be written down; 404 if the conversation was deleted meanwhile.
    pub(in crate::agent) async fn until_the_end(self) -> Result<Response, Problem> {
        let Self { cx, caller, turn, source, .. } = self;
        if let Source::Here(_, Some(task)) = source {
            task.await.map_err(Problem::internal)??;
            return reading::response(&cx, &caller, &turn.id).await;
        }
        reading::follow(&cx, &caller, &turn.id).await
    }

    /// What happened next. It waits for it, but no longer than `patience`: then nothing did yet. `None` after
    /// the end.
    pub(in crate::agent) async fn next(&mut self, patience: Duration) -> Option<Vec<TurnEvent>> {
        match self.at {
            At::Beginning => {
                self.at = At::Middle;
                let mut events = vec![TurnEvent::Started(Box::new(self.begun()))];
                events.extend(self.catch_up());
                Some(events)
            }
            At::Middle => self.more(Instant::now() + patience).await,
            At::End => None,
        }
    }

    /// The response when the turn began.
    fn begun(&self) -> Response {
        let turn = TurnItem {
            status: TurnStatus::InProgress,
            reason: None,
            fault: None,
            ended_at: None,
            ..self.turn.clone()
        };
        made(turn, true, Vec::new())
    }

    fn catch_up(&mut self) -> Vec<TurnEvent> {
        match &mut self.source {
            Source::Here(progress, _) => {
                let progress = progress.borrow_and_update();
                self.cursor.catch_up(&progress.items, progress.saying.as_ref())
            }
            Source::Stored(items) => self.cursor.catch_up(items, self.turn.saying()),
        }
    }

    async fn more(&mut self, until: Instant) -> Option<Vec<TurnEvent>> {
        loop {
            let goes_on = match &mut self.source {
                Source::Here(progress, _) => match timeout_at(until, progress.changed()).await {
                    Ok(changed) => changed.is_ok(),
                    Err(_) => return Some(Vec::new()),
                },
                Source::Stored(_) if !self.turn.is_running(self.cx.clock.now()) => false,
                // This process is stopped soon. A client may take it up again where it ends.
                Source::Stored(_) if is_due(&self.cx, self.cx.clock.now()) => {
                    self.at = At::End;
                    return None;
                }
                Source::Stored(_) => {
                    sleep(LOOK).await;
                    self.looks = self.looks.wrapping_add(1);
                    if self.looks.is_multiple_of(RIGHTS)
                        && is_shut_out(&self.cx, &self.caller).await
                    {
                        self.at = At::End;
                        return None;
                    }
                    self.look().await
                }
            };
            if !goes_on {
                return Some(self.end().await);
            }
            let events = self.catch_up();
            if !events.is_empty() || Instant::now() >= until {
                return Some(events);
            }
        }
    }

    /// Reads what was written down since. `false` if the turn is gone. What cannot be read now is read with
    /// the next look: the lease as it was read last is the end of that.
    async fn look(&mut self) -> bool {
        let Source::Stored(known) = &mut self.source else { return true };
        let turn = match find(&self.cx, &self.caller, &self.turn.id).await {
            Ok(turn) => turn,
            Err(problem) => return problem.code.status() != 404,
        };
        let runs = |item: &ConversationItem| matches!(item, ConversationItem::Call(call) if call.status == CallStatus::Calling);
        let done = self.cursor.done();
        let from = turn.first_place.saturating_add(u32::try_from(done).unwrap_or(u32::MAX));
        if from < turn.next_place || known.last().is_some_and(runs) {
            let Ok(new) = reading::items(&self.cx, &turn, from).await else { return true };
            known.truncate(done);
            known.extend(new);
        }
        self.turn = turn;
        true
    }

    /// The rest, and the end. If it is not known how the turn ended, nobody runs it any more.
    async fn end(&mut self) -> Vec<TurnEvent> {
        self.at = At::End;
        if let Source::Here(_, task) = &mut self.source
            && let Some(task) = task.take()
        {
            // Why it failed is in the log, and its end says that it did.
            let _ = task.await;
        }
        let read = reading::response(&self.cx, &self.caller, &self.turn.id).await;
        let ended = read.ok().filter(|response| response.status != TurnStatus::InProgress);
        let response = ended.unwrap_or_else(|| {
            let items = match &self.source {
                Source::Here(progress, _) => progress.borrow().items.clone(),
                Source::Stored(items) => items.clone(),
            };
            made(self.turn.clone(), false, items)
        });
        let mut events = self.cursor.catch_up(&response.output, None);
        events.push(TurnEvent::Ended(Box::new(response)));
        events
    }
}
