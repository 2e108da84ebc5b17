//! Who is told of proposals and schedules, and how.
//!
//! People who may decide are told what waits; the person behind a proposal is told what was decided.
//! Of a schedule that ended, those are told who may publish, who made it, and whose post it is.
//! Nobody is told of what they did themselves. What an agent proposes, its owner did not do.

use super::layout::Mail;
use super::proposals::MAX_ENTRIES;
use super::sender::Sender;
use super::told::Told;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{
    ActorKind, By, DecidedMails, Email, EndedSchedule, Hour, News, NewsEvent, ProposalStatus,
    ProposalSummary, Role, User, UserId, WaitingMails,
};
use crate::store::news::summary_time;
use crate::store::outbox::{Message, OutboxItem};
use crate::store::proposals::ProposalFilter;
use crate::store::users::UserSort;

/// How many rows one page of a list has.
const PAGE: u8 = 100;

/// The most entries of a summary that are counted one by one.
const MAX_PAGES: usize = 20;

/// Tells everybody who is to know of something that happened, and then forgets it. Safe to repeat:
/// after an error the next run tells those who do not know yet.
///
/// # Errors
/// Where the database fails.
pub async fn tell(cx: &Context, news: &News) -> Result<(), Problem> {
    let all = cx.store.news();
    if !all.is_there(news).await? {
        return Ok(());
    }
    match news {
        News::Proposal { proposal_id, event } => {
            if let Some(proposal) = cx.store.proposals().get(proposal_id).await? {
                let proposal = proposal.summary;
                match event {
                    NewsEvent::Made => tell_deciders(cx, news, Some(&proposal.created_by)).await?,
                    NewsEvent::Decided(_) => tell_proposer(cx, news, &proposal).await?,
                }
            }
        }
        News::ScheduleEnded(ended) => tell_concerned(cx, news, ended).await?,
    }
    Ok(all.delete(news).await?)
}

/// Tells all who may decide, but for a person who did it.
async fn tell_deciders(cx: &Context, news: &News, by: Option<&By>) -> Result<(), Problem> {
    let mut page = PageParams { limit: PAGE, cursor: None };
    loop {
        let users = cx.store.users().list(&page, None, None, UserSort::OldestFirst).await?;
        for user in users.items.iter().filter(|user| may_decide(user)) {
            let Some(user) = with_choice(cx, user, WaitingMails::AtOnce).await? else { continue };
            if !by.is_some_and(|by| did_it(&user, by)) {
                tell_one(cx, &user, news).await?;
            }
        }
        match users.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

async fn tell_proposer(
    cx: &Context,
    news: &News,
    proposal: &ProposalSummary,
) -> Result<(), Problem> {
    let proposer = &proposal.created_by.user_id;
    if proposal.decision.as_ref().is_none_or(|decision| decision.by == *proposer) {
        return Ok(());
    }
    tell_writer(cx, news, proposer).await
}

/// Tells those who may publish what did not go live, who scheduled it, and whose post it is.
async fn tell_concerned(cx: &Context, news: &News, ended: &EndedSchedule) -> Result<(), Problem> {
    let Some(post) = cx.store.posts().get(&ended.post_id).await? else { return Ok(()) };
    tell_deciders(cx, news, None).await?;
    // Somebody who is both, or may decide, is told once: there is one mark for a person and an event.
    for writer in [&ended.made_by, &post.summary.author.id] {
        tell_writer(cx, news, writer).await?;
    }
    Ok(())
}

async fn tell_writer(cx: &Context, news: &News, id: &UserId) -> Result<(), Problem> {
    let Some(account) = cx.store.users().get(id).await? else { return Ok(()) };
    if wants(&account.user, news) {
        tell_one(cx, &account.user, news).await?;
    }
    Ok(())
}

async fn tell_one(cx: &Context, user: &User, news: &News) -> Result<(), Problem> {
    let now = cx.clock.now();
    let (user_id, to) = (user.id.clone(), &user.email);
    let message = Message::News { user_id: user_id.clone(), news: news.clone() };
    let mail = OutboxItem::new(now, to.clone(), message);
    let message = Message::MoreNews { user_id, hour: Hour::of(now) };
    let summary = OutboxItem::new(now, to.clone(), message).not_before(summary_time(now));
    Ok(cx.store.news().tell(&user.id, news, now, [&mail, &summary]).await?)
}

/// Writes the daily mail to everybody who chose it. Whether something waits for them is found out when
/// it is sent.
///
/// # Errors
/// Where the database fails. The next run writes to those who have no mail of this day yet.
pub async fn send_digests(cx: &Context) -> Result<(), Problem> {
    let mut page = PageParams { limit: PAGE, cursor: None };
    loop {
        let users = cx.store.users().list(&page, None, None, UserSort::OldestFirst).await?;
        for user in users.items.iter().filter(|user| may_decide(user)) {
            let Some(user) = with_choice(cx, user, WaitingMails::Daily).await? else { continue };
            let now = cx.clock.now();
            let message = Message::Digest { user_id: user.id.clone() };
            let mail = OutboxItem::new(now, user.email.clone(), message);
            cx.store.news().send_digest(&user.id, now, &mail).await?;
        }
        match users.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

/// The account of a list as it is now, if its owner may decide and has made this choice, which lists leave
/// out.
async fn with_choice(
    cx: &Context,
    listed: &User,
    choice: WaitingMails,
) -> Result<Option<User>, Problem> {
    let account = cx.store.users().get(&listed.id).await?;
    let chose = |user: &User| may_decide(user) && user.mails().waiting == choice;
    Ok(account.map(|account| account.user).filter(chose))
}

fn may_decide(user: &User) -> bool {
    !user.disabled && user.role >= Role::Editor
}

fn may_read(user: &User) -> bool {
    !user.disabled && user.role >= Role::Author
}

/// Whether this is told to them at once, by their role and their choice. A schedule concerns them as
/// somebody who may publish, or as a writer.
fn wants(user: &User, news: &News) -> bool {
    let (mails, waiting, decided) = (user.mails(), may_decide(user), may_read(user));
    let waiting = waiting && mails.waiting == WaitingMails::AtOnce;
    let decided = decided && mails.decided == DecidedMails::AtOnce;
    match news {
        News::Proposal { event: NewsEvent::Made, .. } => waiting,
        News::Proposal { event: NewsEvent::Decided(_), .. } => decided,
        News::ScheduleEnded(_) => waiting || decided,
    }
}

/// Whether they did it themselves, and not an agent in their name.
fn did_it(user: &User, by: &By) -> bool {
    by.kind == ActorKind::Person && by.user_id == user.id
}

/// Writes the mail about what happened; `None` if the account, the proposal or the post is gone.
pub(super) async fn one(
    cx: &Context,
    sender: &Sender<'_>,
    to: &Email,
    user: &UserId,
    news: &News,
) -> Result<Option<Mail>, Problem> {
    let user = recipient(cx, to, user).await?.filter(|user| wants(user, news));
    let Some(user) = user else { return Ok(None) };
    match Told::read(cx, news).await? {
        Some(told) => told.mail(cx, sender, &user).await.map(Some),
        None => Ok(None),
    }
}

/// Writes the mail about what else happened in an hour.
pub(super) async fn more(
    cx: &Context,
    sender: &Sender<'_>,
    to: &Email,
    user: &UserId,
    hour: &Hour,
) -> Result<Option<Mail>, Problem> {
    let Some(user) = recipient(cx, to, user).await? else { return Ok(None) };
    let (mut entries, mut count) = (Vec::new(), 0);
    let mut page = PageParams { limit: PAGE, cursor: None };
    for _ in 0..MAX_PAGES {
        let told = cx.store.news().told_later(&user.id, hour, &page).await?;
        // Their role or their choice may have changed since.
        let told_still: Vec<_> =
            told.items.into_iter().filter(|item| wants(&user, &item.news)).collect();
        count += told_still.len();
        for item in told_still.into_iter().take(MAX_ENTRIES.saturating_sub(entries.len())) {
            let told = Told::read(cx, &item.news).await?;
            entries.extend(told.map(|told| told.entry(sender)));
        }
        match told.next_cursor {
            None => break,
            cursor => page.cursor = cursor,
        }
    }
    Ok((!entries.is_empty()).then(|| Mail::more_news(sender, &user.name, entries, count)))
}

/// Writes the daily mail; `None` if nothing waits.
pub(super) async fn digest(
    cx: &Context,
    sender: &Sender<'_>,
    to: &Email,
    user: &UserId,
) -> Result<Option<Mail>, Problem> {
    let user = recipient(cx, to, user).await?.filter(may_decide);
    let Some(user) = user else { return Ok(None) };
    let filter = ProposalFilter { post: None, status: ProposalStatus::Pending, author: None };
    let page = PageParams { limit: PAGE, cursor: None };
    let pending = cx.store.proposals().list(&filter, &page).await?;
    let waiting = pending.items.iter().filter(|it| !did_it(&user, &it.created_by));
    let waiting: Vec<&ProposalSummary> = waiting.collect();
    let is_least = pending.next_cursor.is_some();
    let mail = || Mail::digest(sender, &user.name, &waiting, waiting.len(), is_least);
    Ok((!waiting.is_empty()).then(mail))
}

/// The owner of an account that still has the address of a mail, unless it is disabled.
async fn recipient(cx: &Context, to: &Email, id: &UserId) -> Result<Option<User>, Problem> {
    let account = cx.store.users().get(id).await?;
    let is_theirs = |user: &User| !user.disabled && user.email == *to;
    Ok(account.map(|account| account.user).filter(is_theirs))
}
