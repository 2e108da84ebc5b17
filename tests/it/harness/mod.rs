//! What the tests speak with.

pub(crate) mod cargo;
mod client;
mod cookies;
pub(crate) mod events;
pub(crate) mod function_url;
pub(crate) mod functions;
pub(crate) mod runtime_api;
pub(crate) mod tier;
pub(crate) mod tools;

pub(crate) use client::{Answer, Client, NO_REVIEW};
pub(crate) use cookies::Cookies;
pub(crate) use function_url::FunctionUrl;
pub(crate) use runtime_api::{FunctionAnswer, Process, invoke};
pub(crate) use tier::{full_only, tier};

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use byline_local::{Byline, Options};
use byline_shared::auth::password;
use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::config::PasswordCost;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{
    Email, Name, Password, Registration, Role, Scope, Slug, Time, User, UserId,
};
use byline_shared::store::users::UserItem;
use serde_json::{Value, json};

/// The password of every account here.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A password hash that takes microseconds. `passwords.rs` holds the real cost.
pub(crate) const CHEAP: PasswordCost = PasswordCost { memory: 8, passes: 1 };

/// How often a condition is checked that nothing announces.
pub(crate) const RECHECK: Duration = Duration::from_millis(2);

/// A Byline of its own for a test, in memory.
pub(crate) struct App {
    pub(crate) byline: Byline,
    pub(crate) http: reqwest::Client,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With a clock that the test moves.
    pub(crate) async fn with_clock() -> (Self, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let shown = Arc::clone(&clock);
        (Self::start_with(move |options| options.clock = shown).await, clock)
    }

    /// As Byline is without a setting: nobody can sign up, and admins invite.
    pub(crate) async fn by_invitation() -> Self {
        let default = Registration::default();
        let default = serde_json::to_value(default).unwrap().as_str().unwrap().to_owned();
        let given = move |name: &str| (name == "BYLINE_REGISTRATION").then(|| default.clone());
        Self::start_with(|options| options.variable = Arc::new(given)).await
    }

    /// Without rate limits, for tests that ask more than anybody may.
    pub(crate) async fn unlimited() -> Self {
        let off = |name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned());
        Self::start_with(|options| options.variable = Arc::new(off)).await
    }

    /// Without rate limits; in the full tier with password hashes as expensive as in production, so
    /// that requests overlap as they do there.
    pub(crate) async fn unlimited_for_races() -> Self {
        let off = |name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned());
        Self::start_with(|options| {
            options.variable = Arc::new(off);
            options.password_cost = tier().pick(CHEAP, PasswordCost::RECOMMENDED);
        })
        .await
    }

    /// Without rate limits, with a clock that the test moves by whole seconds.
    pub(crate) async fn unlimited_with_clock() -> (Self, Arc<ManualClock>) {
        let now = Time::from_millis(SystemClock.now().as_seconds() * 1000);
        let clock = Arc::new(ManualClock::at(now));
        let shown = Arc::clone(&clock);
        let off = |name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned());
        let app = Self::start_with(move |options| {
            options.clock = shown;
            options.variable = Arc::new(off);
        });
        (app.await, clock)
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::in_memory();
        options.admin_email = Email::trusted("admin@example.com");
        options.admin_password = Some(Password::new(PASSWORD));
        options.password_cost = CHEAP;
        change(&mut options);
        // Most tests begin with people who sign up. What is there without it says `by_invitation`.
        let given = Arc::clone(&options.variable);
        let open = |name: &str| (name == "BYLINE_REGISTRATION").then(|| "open".to_owned());
        options.variable = Arc::new(move |name: &str| given(name).or_else(|| open(name)));
        let byline = Byline::start(options).await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { byline, http: http.build().unwrap() }
    }

    /// Somebody without a token.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), format!("http://{}", self.byline.address), None)
    }

    /// Somebody with this access token.
    pub(crate) fn with_token(&self, token: &str) -> Client {
        self.anonymous().with_token(token)
    }

    pub(crate) async fn admin(&self) -> Client {
        self.sign_in("admin@example.com").await
    }

    /// A new user with this role, written straight into the store, and signed in. `story.rs`
    /// takes the long way: sign-up, mail, link, promotion.
    pub(crate) async fn user(&self, role: Role) -> Client {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let email = format!("{}{count}@example.com", role.as_str());
        let name = format!("Test {} {count}", role.as_str());
        self.create_user(&email, &name, role).await;
        self.sign_in(&email).await
    }

    /// An account with the password of all accounts here.
    pub(crate) async fn create_user(&self, email: &str, name: &str, role: Role) {
        let cx = &self.byline.context;
        let now = cx.clock.now();
        let account = UserItem {
            user: User {
                id: UserId::new(now),
                email: Email::trusted(email),
                name: Name::trusted(name),
                slug: Slug::from_text(name).unwrap(),
                role,
                created_at: now,
                disabled: false,
                two_factor: false,
                notifications: None,
                profile: None,
            },
            password_hash: password::hash(cx, Password::new(PASSWORD)).await.unwrap(),
            token_version: 0,
            demotions: 0,
            totp: None,
            totp_off_at: None,
            passkeys: Vec::new(),
            email_change: None,
            former_emails: Vec::new(),
        };
        let entry =
            AuditEntry::new(cx, Event::EmailVerified).by(&account.user.id).about(&account.user.id);
        cx.store.users().create(&account, None, &entry).await.unwrap();
    }

    pub(crate) async fn sign_up(&self, email: &str, name: &str) {
        let body = json!({ "email": email, "name": name });
        self.anonymous().post("/v1/auth/register", body, 202).await;
        let token = self.mailed_token(email).await;
        self.verify(&token, 200).await;
    }

    /// Follows the link that confirms a sign-up, with the password of all accounts here.
    pub(crate) async fn verify(&self, token: &str, status: u16) -> Answer {
        let body = json!({ "token": token, "password": PASSWORD });
        self.anonymous().post("/v1/auth/verify-email", body, status).await
    }

    /// The token of the link in the newest mail that asks an address to be confirmed.
    pub(crate) async fn mailed_token(&self, email: &str) -> String {
        let mail = self.byline.mailbox.mail_about(email, "Confirm your e-mail address");
        let mail = tokio::time::timeout(Duration::from_secs(20), mail).await;
        let mail = mail.unwrap_or_else(|_| panic!("no mail to {email} arrived"));
        let link = mail.links.first().unwrap();
        link.split_once("token=").unwrap_or_else(|| panic!("no token in {link}")).1.to_owned()
    }

    /// The link in the newest mail that invites an address.
    pub(crate) async fn invitation_link(&self, email: &str) -> String {
        let mail = self.byline.mailbox.mail_about(email, "An invitation to");
        let mail = tokio::time::timeout(Duration::from_secs(20), mail).await;
        mail.unwrap_or_else(|_| panic!("no invitation of {email} arrived")).links[0].clone()
    }

    /// The token of such a link.
    pub(crate) async fn invitation_token(&self, email: &str) -> String {
        let link = self.invitation_link(email).await;
        link.split_once("token=").unwrap_or_else(|| panic!("no token in {link}")).1.to_owned()
    }

    /// Waits until a condition holds that the test does not bring about itself.
    pub(crate) async fn eventually<F: Future<Output = bool>>(&self, is_so: impl Fn() -> F) {
        let wait = async {
            while !is_so().await {
                tokio::time::sleep(RECHECK).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("it did not happen");
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Client {
        let token = self.tokens(email).await.text("/access_token");
        self.with_token(&token)
    }

    /// A program of somebody who is signed in, with a key for all that they may do.
    pub(crate) async fn agent(&self, person: &Client) -> Client {
        let scopes = Scope::ALL.map(Scope::as_str);
        let body = json!({ "name": "Agent", "scopes": scopes });
        let key = person.post("/v1/auth/api-keys", body, 201).await.text("/key");
        self.with_token(&key)
    }

    pub(crate) async fn tokens(&self, email: &str) -> Answer {
        let body = json!({ "email": email, "password": PASSWORD });
        self.anonymous().post("/v1/auth/login", body, 200).await
    }
}

/// The code that an authenticator app shows at a time, for the secret of an `otpauth` link.
pub(crate) fn code(uri: &str, now: Time) -> String {
    let totp = totp_rs::TOTP::from_url(uri).unwrap();
    totp.generate(now.as_seconds().unsigned_abs())
}

/// What somebody signs in with.
pub(crate) fn login(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

/// Whether a character is an embedding, override or isolate of the bidirectional algorithm (UAX #9 §2):
/// written out here once more, so that no text reaches readers with one whatever the rule says.
pub(crate) const fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The draft that most tests start from.
pub(crate) fn draft(title: &str) -> Value {
    json!({ "title": title, "body": format!("About *{title}*.\n"), "tags": ["Field notes"] })
}
