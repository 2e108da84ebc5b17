//! Throttled calls and lost answers, at each call of each operation in turn: nothing promises what
//! it cannot keep, nothing is left half done, and trying again comes to a good end.

use local::observe::Fault;
use serde_json::json;
use shared::auth::audit::{Entry, Event};
use shared::auth::{one_time, password, random, refresh};
use shared::model::{Email, Name, Password, RegistrationId};
use shared::store::outbox::{Message, OutboxItem};
use shared::store::registrations::RegistrationItem;
use shared::store::tokens::{Purpose, TokenItem};
use shared::store::users::UserItem;

use crate::harness::{Answer, App, PASSWORD};

const NEW: &str = "entirely different words";

/// More calls than any operation makes.
const MAX_CALLS: u32 = 20;

/// One world for all faults of an operation; each fault meets an account of its own.
struct World {
    app: App,
    hash: String,
    count: u32,
}

impl World {
    async fn new() -> Self {
        let app = App::unlimited().await;
        let password = Password::new(PASSWORD);
        let hash = password::hash(&app.byline.context, password).await.unwrap();
        Self { app, hash, count: 0 }
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
        let (name, password_hash) = (Name::trusted("Ada"), self.hash.clone());
        let item = RegistrationItem { id, email: email.clone(), name, password_hash, ttl };
        let entry = Entry::new(cx, Event::Registered);
        cx.store.put_registration(&item, &mail, &entry).await.unwrap();
        (email.clone(), self.token(email, purpose).await)
    }

    async fn token(&self, email: Email, purpose: Purpose) -> String {
        let cx = &self.app.byline.context;
        let token = random::token();
        let ttl = cx.clock.now().plus_seconds(600).as_seconds();
        let item = TokenItem { email, purpose, ttl };
        cx.store.put_token(&one_time::digest(&token), &item).await.unwrap();
        token
    }

    async fn account(&mut self) -> UserItem {
        let (email, token) = self.signed_up().await;
        let body = json!({ "token": token });
        self.app.anonymous().post("/v1/auth/verify-email", body, 204).await;
        let cx = &self.app.byline.context;
        let id = cx.store.account_id(&email).await.unwrap().unwrap();
        cx.store.user(&id).await.unwrap().unwrap()
    }

    async fn signs_in(&self, email: &Email, password: &str) -> bool {
        let body = json!({ "email": email, "password": password });
        self.app.anonymous().try_post("/v1/auth/login", body).await.status == 200
    }
}

/// Every fault at every call: `prepare` makes a case, `call` does the operation, `judge` looks at
/// its answer with no faults any more. Ends when the operation makes no further call.
macro_rules! with_every_fault {
    ($world:ident, $operation:literal, |$case:ident| $prepare:expr, $call:expr, $judge:expr) => {
        let mut met = 0;
        for fault in [Fault::Throttled, Fault::AnswerLost] {
            // Once, which the SDK gets over; and for good.
            for times in [1, u32::MAX] {
                for spared in 0..MAX_CALLS {
                    let $case = $prepare;
                    $world.app.byline.observer.plan($operation, spared, times, fault);
                    let answer: Answer = $call.await;
                    let beyond = $world.app.byline.observer.end_plan();
                    let what = format!("{fault:?} {times} times after {spared} calls");
                    assert!(answer.status != 500, "{what}: {}", answer.body);
                    $judge(answer, what).await;
                    if beyond {
                        break;
                    }
                    met += 1;
                }
            }
        }
        assert!(met >= 8, "only {met} faults were met");
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_makes_a_promise_that_is_not_kept() {
    let mut world = World::new().await;

    // A sign-up that was acknowledged brings its mail.
    with_every_fault!(
        world,
        "auth-register",
        |email| world.email(),
        {
            let body = json!({ "email": email, "password": PASSWORD, "name": "Ada" });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/register", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 202 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                let body = json!({ "email": email, "password": PASSWORD, "name": "Ada" });
                world.app.anonymous().post("/v1/auth/register", body, 202).await;
            }
            let token = world.app.mailed_token(email.as_str()).await;
            let body = json!({ "token": token, "password": PASSWORD });
            world.app.anonymous().post("/v1/auth/verify-email", body, 204).await;
            assert!(world.signs_in(&email, PASSWORD).await, "{what}");
        }
    );

    // A confirmed address has its account, whole; an error leaves one too, or a link that works.
    with_every_fault!(
        world,
        "auth-verify-email",
        |case| world.signed_up().await,
        {
            let body = json!({ "token": case.1 });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/verify-email", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 204 {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "token": case.1 });
                world.app.anonymous().try_post("/v1/auth/verify-email", body).await;
            }
            assert!(world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // Tokens that were handed out work.
    with_every_fault!(
        world,
        "auth-login",
        |account| world.account().await,
        {
            let body = json!({ "email": account.user.email, "password": PASSWORD });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/login", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 200 {
                let client = world.app.with_token(&answer.text("/access_token"));
                client.get("/v1/users/me", 200).await;
                let body = json!({ "refresh_token": answer.text("/refresh_token") });
                world.app.anonymous().post("/v1/auth/refresh", body, 200).await;
            } else {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
            }
            assert!(world.signs_in(&account.user.email, PASSWORD).await, "{what}");
        }
    );

    // A refresh whose answer was lost is repeated, and the chain goes on.
    with_every_fault!(
        world,
        "auth-refresh",
        |token| {
            let account = world.account().await;
            let cx = &world.app.byline.context;
            let session = refresh::begin(cx, &account).await.unwrap().unwrap();
            refresh::token_of(cx, &session).await.unwrap().expose().to_owned()
        },
        {
            let body = json!({ "refresh_token": token });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/refresh", body).await }
        },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let body = json!({ "refresh_token": token });
            let again = world.app.anonymous().post("/v1/auth/refresh", body, 200).await;
            let client = world.app.with_token(&again.text("/access_token"));
            client.get("/v1/users/me", 200).await;
        }
    );

    // A password is the new one or the old one, and an error leaves a way to the new one.
    with_every_fault!(
        world,
        "auth-password-reset",
        |case| {
            let account = world.account().await;
            let (user_id, token_version) = (account.user.id.clone(), account.token_version);
            let purpose = Purpose::ResetPassword { user_id, token_version };
            let token = world.token(account.user.email.clone(), purpose).await;
            (account.user.email, token)
        },
        {
            let body = json!({ "token": case.1, "new_password": NEW });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/password/reset", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 204 {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "token": case.1, "new_password": NEW });
                world.app.anonymous().try_post("/v1/auth/password/reset", body).await;
            }
            assert!(world.signs_in(&case.0, NEW).await, "{what}");
            assert!(!world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // Whoever is told that all sessions ended can rely on it.
    with_every_fault!(
        world,
        "auth-logout-all",
        |token| {
            let account = world.account().await;
            let cx = &world.app.byline.context;
            let session = refresh::begin(cx, &account).await.unwrap().unwrap();
            shared::auth::issue(cx, &account.user.id, &session.id).await.unwrap().token
        },
        {
            let client = world.app.with_token(&token);
            async move { client.try_post("/v1/auth/logout-all", json!({})).await }
        },
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&token);
            if answer.status != 204 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                client.try_post("/v1/auth/logout-all", json!({})).await;
            }
            client.get("/v1/users/me", 401).await;
        }
    );
}

impl World {
    /// Somebody who is signed in: the account and an access token.
    async fn person(&mut self) -> (UserItem, String) {
        let account = self.account().await;
        let cx = &self.app.byline.context;
        let session = refresh::begin(cx, &account).await.unwrap().unwrap();
        let token = shared::auth::issue(cx, &account.user.id, &session.id).await.unwrap();
        (account, token.token)
    }

    async fn stored(&self, account: &UserItem) -> Option<UserItem> {
        self.app.byline.context.store.user(&account.user.id).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_what_a_person_has_changed_half_done() {
    let mut world = World::new().await;

    with_every_fault!(
        world,
        "auth-password-change",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let body = json!({ "current_password": PASSWORD, "new_password": NEW });
            async move { client.try_post("/v1/auth/password/change", body).await }
        },
        async |answer: Answer, what: String| {
            // The new one or the old one, and the new one where it was promised.
            let new = world.signs_in(&case.0.user.email, NEW).await;
            let old = world.signs_in(&case.0.user.email, PASSWORD).await;
            assert!(new != old, "{what}");
            assert!(new || answer.status != 204, "{what}");
        }
    );

    with_every_fault!(
        world,
        "auth-logout",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            async move { client.try_post("/v1/auth/logout", json!({})).await }
        },
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&case.1);
            if answer.status != 204 {
                assert!([401, 503].contains(&answer.status), "{what}: {}", answer.body);
                client.try_post("/v1/auth/logout", json!({})).await;
            }
            client.get("/v1/users/me", 401).await;
        }
    );

    with_every_fault!(
        world,
        "auth-password-forgot",
        |account| world.account().await,
        {
            let client = world.app.anonymous();
            let body = json!({ "email": account.user.email });
            async move { client.try_post("/v1/auth/password/forgot", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 202 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                let body = json!({ "email": account.user.email });
                world.app.anonymous().post("/v1/auth/password/forgot", body, 202).await;
            }
            let address = account.user.email.as_str();
            world.app.byline.mailbox.mail_about(address, "Choose a new password").await;
        }
    );

    with_every_fault!(
        world,
        "auth-api-keys-create",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let body = json!({ "name": "Key", "scopes": ["profile"] });
            async move { client.try_post("/v1/auth/api-keys", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 201 {
                let client = world.app.with_token(&answer.text("/key"));
                client.get("/v1/users/me", 200).await;
            } else {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
            }
        }
    );

    // Codes are asked for exactly where the recovery codes were handed out or may have been.
    with_every_fault!(
        world,
        "auth-totp-confirm",
        |case| {
            let (account, token) = world.person().await;
            let client = world.app.with_token(&token);
            let uri = client.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
            (account, token, uri)
        },
        {
            let client = world.app.with_token(&case.1);
            let now = world.app.byline.context.clock.now();
            let body = json!({ "code": crate::harness::code(&case.2, now) });
            async move { client.try_post("/v1/auth/totp/confirm", body).await }
        },
        async |answer: Answer, what: String| {
            let account = world.stored(&case.0).await.unwrap();
            let confirmed = account.totp.as_ref().is_some_and(|item| item.confirmed);
            assert_eq!(confirmed, account.user.two_factor, "{what}");
            assert!(confirmed || answer.status != 200, "{what}");
            let without = world.signs_in(&case.0.user.email, PASSWORD).await;
            assert_eq!(without, !confirmed, "{what}");
            // Whoever did not get to see the recovery codes can begin anew.
            world
                .app
                .with_token(&case.1)
                .send(http::Method::DELETE, "/v1/auth/totp", &[], None, 204)
                .await;
            assert!(world.signs_in(&case.0.user.email, PASSWORD).await, "{what}");
        }
    );

    // The account is there, whole, or it is gone with its address free.
    with_every_fault!(
        world,
        "users-me-delete",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let headers = [("accept", "application/json")];
            async move {
                let method = http::Method::DELETE;
                client.try_send(method, "/v1/users/me", &headers, None).await.unwrap()
            }
        },
        async |answer: Answer, what: String| {
            let there = world.stored(&case.0).await.is_some();
            assert!(!there || answer.status != 204, "{what}");
            let held = world.app.byline.context.store.account_id(&case.0.user.email).await.unwrap();
            assert_eq!(held.is_some(), there, "{what}");
            assert_eq!(world.signs_in(&case.0.user.email, PASSWORD).await, there, "{what}");
        }
    );
}
