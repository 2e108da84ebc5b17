//! News of proposals, and who has been told of it.
//!
//! In `content`, one item for each piece of news, written in the transaction that makes or decides the
//! proposal. A worker follows these items, tells people, and deletes them. In `identity`, one item for
//! each person who was told, so that nobody is told twice, and one with the number of mails of an hour.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{Hour, News, Time, UserId};
use crate::permission::Table::{Content, Identity};

/// How many mails about proposals a person gets at once in one hour of the clock. What goes beyond
/// comes in one mail when the hour is over.
pub const AT_ONCE_PER_HOUR: u32 = 10;

/// How long it is remembered that a person was told. The stream delivers nothing that is older than a day.
const REMEMBERED: Duration = Duration::from_secs(7 * 24 * 3600);

/// The least time between two daily mails to one person, a little less than a day because workers do
/// not run to the second.
const BETWEEN_DIGESTS: Duration = Duration::from_secs(20 * 3600);

/// How long after an hour its summary is sent, so that what was told in its last moment is in it.
const AFTER_THE_HOUR: Duration = Duration::from_secs(60);

/// A person was told of something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToldItem {
    /// Of what.
    pub news: News,
    /// The TTL, in seconds since 1970.
    pub ttl: i64,
}

/// The last daily mail to a person.
#[derive(Serialize)]
struct DigestItem {
    ttl: i64,
    sent: i64,
}

/// When the summary of the hour of a time is sent.
#[must_use]
pub fn summary_time(now: Time) -> Time {
    let hour = 3_600_000;
    let over = Time::from_millis((now.as_millis().div_euclid(hour) + 1) * hour);
    over + AFTER_THE_HOUR
}

/// News of proposals.
#[derive(Clone, Copy, Debug)]
pub struct AllNews<'a>(pub(super) &'a Store);

impl AllNews<'_> {
    /// The news as part of a transaction.
    pub(super) fn write(self, news: &News) -> Result<Write, StoreError> {
        Write::put(self.0, Content, &keys::news(news), news)
    }

    /// Whether people still have to be told of it.
    pub async fn is_there(self, news: &News) -> Result<bool, StoreError> {
        let found: Option<News> = self.0.get(Content, &keys::news(news)).await?;
        Ok(found.is_some())
    }

    /// Deletes it, once everybody was told.
    pub async fn delete(self, news: &News) -> Result<(), StoreError> {
        self.0.delete(Content, &keys::news(news)).await
    }

    /// Tells a person with `mail`, or, if they had [`AT_ONCE_PER_HOUR`] mails in this hour, with
    /// `summary`, which is written once for all that goes beyond. Somebody who was told before is not
    /// told again.
    pub async fn tell(
        self,
        user: &UserId,
        news: &News,
        now: Time,
        [mail, summary]: [&OutboxItem; 2],
    ) -> Result<(), StoreError> {
        let (told, hour) = (keys::told(user, news), Hour::of(now));
        let ttl = (now + REMEMBERED).as_seconds();
        let item = ToldItem { news: news.clone(), ttl };
        let count = Change::new()
            .or_create()
            .increment("count")
            .set("ttl", &ttl)?
            .only_where("attribute_not_exists(#count) OR #count < :most")
            .with(":most", &AT_ONCE_PER_HOUR)?;
        let writes = vec![
            Write::put_new(self.0, Identity, &told, &item)?,
            count.write(self.0, Identity, &keys::told_in_hour(user, &hour)),
            self.0.outbox().write(mail)?,
        ];
        let was_told = |failed: ConditionFailed| failed.at(0);
        match self.0.transact(writes, was_told).await {
            Ok(()) | Err(WriteError::Conflict(true)) => return Ok(()),
            Err(WriteError::Conflict(false)) => {}
            Err(WriteError::Store(error)) => return Err(error),
        }
        let later = || -> Result<Vec<Write>, StoreError> {
            Ok(vec![
                Write::put_new(self.0, Identity, &told, &item)?,
                Write::put_new(self.0, Identity, &keys::told_later(user, &hour, news), &item)?,
            ])
        };
        let once = Change::new().only_if_absent("summary").set("summary", &summary.id)?;
        let mut writes = later()?;
        writes.push(once.write(self.0, Identity, &keys::told_in_hour(user, &hour)));
        writes.push(self.0.outbox().write(summary)?);
        match self.0.transact(writes, was_told).await {
            Ok(()) | Err(WriteError::Conflict(true)) => Ok(()),
            // The summary waits already: this is one more entry of it.
            Err(WriteError::Conflict(false)) => self.0.commit(later()?).await.map(drop),
            Err(WriteError::Store(error)) => Err(error),
        }
    }

    /// What a person is told when an hour is over, oldest first.
    pub async fn told_later(
        self,
        user: &UserId,
        hour: &Hour,
        page: &PageParams,
    ) -> Result<Page<ToldItem>, StoreError> {
        let list = List::from_table(Identity, keys::all_told_later(user, hour)).oldest_first();
        self.0.page(&list, page).await
    }

    /// Writes the daily mail to a person, unless they had one in the last hours.
    pub async fn send_digest(
        self,
        user: &UserId,
        now: Time,
        mail: &OutboxItem,
    ) -> Result<(), StoreError> {
        let now = now.as_seconds();
        let between = i64::try_from(BETWEEN_DIGESTS.as_secs()).unwrap_or(i64::MAX);
        let remembered = i64::try_from(REMEMBERED.as_secs()).unwrap_or(i64::MAX);
        let item = DigestItem { ttl: now + remembered, sent: now };
        let last = super::item(&keys::told_daily(user), &item)?;
        let is_due = Condition::new("attribute_not_exists(pk) OR sent <= :before")
            .with(":before", AttributeValue::N((now - between).to_string()));
        let writes =
            vec![Write::put_if(self.0, Identity, last, Some(is_due)), self.0.outbox().write(mail)?];
        self.0.commit(writes).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_an_hour_is_sent_a_minute_after_it() {
        for (time, expected) in [
            ("2026-01-05T09:00:00Z", "2026-01-05T10:01:00.000Z"),
            ("2026-01-05T09:59:59.999Z", "2026-01-05T10:01:00.000Z"),
            ("2026-01-05T10:00:00Z", "2026-01-05T11:01:00.000Z"),
            ("2026-12-31T23:30:00Z", "2027-01-01T00:01:00.000Z"),
            ("1969-12-31T23:30:00Z", "1970-01-01T00:01:00.000Z"),
        ] {
            assert_eq!(summary_time(time.parse().unwrap()).to_string(), expected, "{time}");
        }
    }

    #[test]
    fn a_person_is_told_once_a_week_and_gets_a_daily_mail_a_little_sooner_than_daily() {
        assert_eq!(REMEMBERED.as_secs(), 604_800);
        assert_eq!(BETWEEN_DIGESTS.as_secs(), 72_000);
    }
}
