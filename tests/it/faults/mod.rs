//! Throttled calls and lost answers, at each call of each operation in turn: nothing promises what
//! it cannot keep, nothing is left half done, and trying again comes to a good end.

mod changes;
mod conversations;
mod idempotency;
mod kills;
mod media;
mod oauth;
mod oauth_tokens;
mod passkeys;
mod people;
mod promises;
mod rest;
mod turns;

use byline_local::faults::Fault;
use byline_shared::auth::sessions;
use byline_shared::crypto::{digest, random};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, RegistrationId};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;
use byline_shared::store::tokens::{Purpose, TokenItem};
use byline_shared::store::users::UserItem;
use serde_json::json;

use crate::harness::{Answer, App, tier};

pub(crate) const NEW: &str = "entirely different words";

/// The faults that are tried: each once, which the SDK's retry overcomes, and for good. The quick
/// tier tries each in one of the two ways.
fn faults() -> Vec<(Fault, u32)> {
    let quick = vec![(Fault::Throttled, u32::MAX), (Fault::AnswerLost, 1)];
    let rest = [(Fault::Throttled, 1), (Fault::AnswerLost, u32::MAX)];
    tier().pick(quick.clone(), [quick, rest.into()].concat())
}

/// More calls than any operation makes: a turn of the agent makes some thirty.
const MAX_CALLS: u32 = 80;

/// One world for all faults of an operation; each fault meets an account of its own.
struct World {
    app: App,
    count: u32,
}

impl World {
    async fn new() -> Self {
        Self { app: App::unlimited().await, count: 0 }
    }

    fn email(&mut self) -> Email {
        self.count += 1;
        Email::trusted(format!("ada{}@example.com", self.count))
    }

    /// The token of a sign-up.
    async fn signed_up(&mut self) -> (Email, String) {
        let email = self.email();
        let cx = &self.app.byline.context;
        let now = cx.clock.now();
        let id = RegistrationId::new(now);
        let ttl = now.plus_seconds(600).as_seconds();
        let purpose = Purpose::ConfirmSignUp { registration_id: id.clone() };
        let message = Message::SignUp { registration_id: id.clone() };
        let mail = OutboxItem::new(now, email.clone(), message);
        let name = Name::trusted("Ada");
        let item = RegistrationItem { id, email: email.clone(), name, ttl };
        let entry = AuditEntry::new(cx, Event::Registered);
        cx.store.registrations().create(&item, &mail, &entry).await.unwrap();
        (email.clone(), self.token(email, purpose).await)
    }

    async fn token(&self, email: Email, purpose: Purpose) -> String {
        let cx = &self.app.byline.context;
        let token = random::token();
        let ttl = cx.clock.now().plus_seconds(600).as_seconds();
        let item = TokenItem { email, purpose, ttl };
        cx.store.tokens().create(&digest::sha256(&token), &item).await.unwrap();
        token
    }

    async fn account(&mut self) -> UserItem {
        let (email, token) = self.signed_up().await;
        self.app.verify(&token, 200).await;
        let cx = &self.app.byline.context;
        let id = cx.store.users().find_id_by_email(&email).await.unwrap().unwrap();
        cx.store.users().get(&id).await.unwrap().unwrap()
    }

    async fn signs_in(&self, email: &Email, password: &str) -> bool {
        let body = json!({ "email": email, "password": password });
        self.app.anonymous().try_post("/v1/auth/login", body).await.status == 200
    }
}

impl World {
    /// Somebody who is signed in: the account and an access token.
    async fn person(&mut self) -> (UserItem, String) {
        let account = self.account().await;
        let cx = &self.app.byline.context;
        let session = sessions::create(cx, &account).await.unwrap().unwrap();
        let token = byline_shared::auth::issue(cx, &account.user.id, &session.id).await.unwrap();
        (account, token.token)
    }

    async fn stored(&self, account: &UserItem) -> Option<UserItem> {
        self.app.byline.context.store.users().get(&account.user.id).await.unwrap()
    }
}

/// Who is not served learns that it is for now, and when to come back.
fn is_for_now(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.body);
    answer.is_problem("unavailable");
    answer.header("retry-after");
}

/// The answer where it has this status, or else that of another try.
async fn or_again(
    answer: Answer,
    status: u16,
    what: &str,
    again: impl Future<Output = Answer>,
) -> Answer {
    if answer.status == status {
        return answer;
    }
    is_for_now(&answer, what);
    again.await
}

/// Every fault at every call: `prepare` makes a case, `call` does the operation, `judge` looks at
/// its answer with no faults any more. Ends when the operation makes no further call.
macro_rules! with_every_fault {
    ($world:ident, $operation:literal, |$case:ident| $prepare:expr, $call:expr, $judge:expr) => {
        let mut met = 0;
        for (fault, times) in crate::faults::faults() {
            let mut is_through = false;
            for spared in 0..MAX_CALLS {
                let $case = $prepare;
                $world.app.byline.observer.plan($operation, spared, times, fault);
                let answer: Answer = $call.await;
                let beyond = $world.app.byline.observer.end_plan();
                let what = format!("{fault:?} {times} times after {spared} calls");
                assert!(answer.status != 500, "{what}: {}", answer.body);
                $judge(answer, what).await;
                if beyond {
                    is_through = true;
                    break;
                }
                met += 1;
            }
            assert!(is_through, "{fault:?}: the operation makes more calls than {MAX_CALLS}");
        }
        assert!(met >= crate::harness::tier().pick(4, 8), "only {met} faults were met");
    };
}

pub(crate) use with_every_fault;
