//! Nobody can be locked out: whatever strangers try from anywhere, and whatever the owner of an account
//! does with it, the owner of its mailbox is in within one mail.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock};
use byline_shared::endpoint::Service;
use byline_shared::http::{Request, RequestInfo};
use fastrand::Rng;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};

use crate::harness::tier::seed;
use crate::harness::{App, PASSWORD, code, tier};

const EMAIL: &str = "ada@example.com";

/// What somebody got back.
struct Got {
    status: u16,
    json: Value,
    /// In seconds.
    retry_after: Option<i64>,
}

impl Got {
    fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json)).to_owned()
    }
}

/// The operations that somebody on the internet posts to.
const OPERATIONS: [&str; 9] = [
    "auth-login",
    "auth-logout-all",
    "auth-password-forgot",
    "auth-password-reset",
    "auth-sign-in-link",
    "auth-sign-in-link-confirm",
    "auth-totp-confirm",
    "auth-totp-enrol",
    "auth-verify-email-resend",
];

/// A mail that signs in.
#[derive(Clone)]
struct Link {
    token: String,
    /// When it was asked for, in seconds.
    at: i64,
}

/// An account, its owner and the strangers.
struct Story {
    app: App,
    services: HashMap<&'static str, Service>,
    clock: Arc<ManualClock>,
    rng: Rng,
    password: String,
    /// The device tokens that should be known.
    devices: Vec<String>,
    /// Links in the mailbox that should work, oldest first.
    links: Vec<Link>,
    /// The secret of the account's one-time codes, if it has them on.
    codes: Option<String>,
}

impl Story {
    async fn new(rng: Rng) -> Self {
        let (app, clock) = App::with_clock().await;
        app.sign_up(EMAIL, "Ada").await;
        let devices = vec![app.tokens(EMAIL).await.text("/device_token")];
        let password = PASSWORD.to_owned();
        let operations = byline_local::operations().into_iter();
        let services: HashMap<_, _> = operations
            .filter(|operation| OPERATIONS.contains(&operation.name))
            .map(|operation| (operation.name, Service::new(operation, app.byline.context.clone())))
            .collect();
        assert_eq!(services.len(), OPERATIONS.len());
        Self { app, services, clock, rng, password, devices, links: Vec::new(), codes: None }
    }

    /// Posts to an operation from any address of the internet, which a test cannot do over HTTP.
    async fn post(&self, from: IpAddr, operation: &str, token: Option<&str>, body: Value) -> Got {
        let service = &self.services[operation];
        let request = http::Request::post(service.operation().path);
        let mut request = request.header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let mut request: Request = request.body(body.to_string().into()).unwrap();
        let info = RequestInfo::new("test".to_owned(), Some(from), request.headers());
        request.extensions_mut().insert(info);
        let response = service.call(request).await;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        Got {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|seconds| seconds.parse().unwrap()),
            json: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    /// Somewhere on the internet.
    fn anywhere(&mut self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(self.rng.u32(0x1000_0000..0xdf00_0000)))
    }

    fn links_in_mailbox(&self) -> Vec<String> {
        let mails = self.app.byline.mailbox.mails().into_iter();
        let mails = mails.filter(|mail| mail.to == EMAIL && mail.subject.starts_with("Sign in to"));
        mails.map(|mail| mail.links[0].split_once("token=").unwrap().1.to_owned()).collect()
    }

    /// Asks for a link to sign in with, and waits for the mail.
    async fn ask_for_link(&mut self, from: IpAddr) -> Got {
        let before = self.links_in_mailbox().len();
        let body = json!({ "email": EMAIL });
        let got = self.post(from, "auth-sign-in-link", None, body).await;
        if got.status == 202 {
            let (app, arrived) = (&self.app, || self.links_in_mailbox().len() > before);
            app.eventually(|| async { arrived() }).await;
            let link = Link { token: self.links_in_mailbox()[0].clone(), at: self.now() };
            self.links.push(link);
        }
        got
    }

    /// A one-time code that was not used yet, if the account asks for one.
    fn one_time_code(&mut self) -> Option<String> {
        let uri = self.codes.clone()?;
        // A code works once: the next one is due.
        self.clock.advance(61);
        Some(code(&uri, self.clock.now()))
    }

    async fn sign_in(&mut self, from: IpAddr, device: Option<&str>) -> Got {
        let mut body = json!({ "email": EMAIL, "password": self.password });
        if let Some(device) = device {
            body["device_token"] = device.into();
        }
        if let Some(code) = self.one_time_code() {
            body["code"] = code.into();
        }
        self.post(from, "auth-login", None, body).await
    }

    /// The owner gets in on a device that nobody has seen, somewhere, within one mail; and on it from
    /// then on with the password.
    async fn owner_gets_in(&mut self) -> Got {
        let from = self.anywhere();
        let asked = self.ask_for_link(from).await;
        if asked.status == 429 {
            // Strangers had so many mails sent that the mailbox has a fresh one already. All are void
            // only if the owner has just ended every session; then the next mail is due soon.
            let oldest = self.now() - 10 * 60;
            self.links.retain(|link| link.at > oldest);
            if self.links.is_empty() {
                let wait = asked.retry_after.unwrap();
                assert!(wait <= 120, "the owner waits {wait} s for a mail");
                self.clock.advance(wait);
                assert_eq!(self.ask_for_link(from).await.status, 202);
            }
        } else {
            assert_eq!(asked.status, 202, "{}", asked.json);
        }
        let link = self.links.pop().unwrap();
        let mut body = json!({ "token": link.token });
        if self.codes.is_some() {
            let confirm = "auth-sign-in-link-confirm";
            let without = self.post(from, confirm, None, body.clone()).await;
            assert_eq!(
                (without.status, without.text("code").as_str()),
                (401, "second_factor_required")
            );
            body["code"] = self.one_time_code().unwrap().into();
        }
        let got = self.post(from, "auth-sign-in-link-confirm", None, body.clone()).await;
        assert_eq!(got.status, 200, "the owner is locked out: {}", got.json);
        let again = self.post(from, "auth-sign-in-link-confirm", None, body).await;
        assert_eq!(again.status, 422, "the link works once");
        let device = got.text("device_token");
        let with_password = self.sign_in(from, Some(&device)).await;
        assert_eq!(with_password.status, 200, "{}", with_password.json);
        self.devices.push(device);
        with_password
    }

    /// Every device that the owner has signed in on gets in without a mail, from any network.
    async fn known_devices_get_in(&mut self) {
        for device in self.devices.clone() {
            let from = self.anywhere();
            let got = self.sign_in(from, Some(&device)).await;
            assert_eq!(got.status, 200, "a known device is locked out: {}", got.json);
        }
        let last = self.devices.pop();
        self.devices = last.into_iter().collect();
    }

    /// All sessions ended, and the one who did it has this device token.
    fn ended(&mut self, device: String) {
        self.devices = vec![device];
        self.links.clear();
    }

    async fn strangers_guess(&mut self, times: usize) {
        let mut hashes = 0;
        for _ in 0..times {
            let from = self.anywhere();
            let mut body = json!({ "email": EMAIL, "password": "not the password" });
            match self.rng.u8(..4) {
                0 => body["device_token"] = "bdt_AAAA".into(),
                1 => body["code"] = "123456".into(),
                _ => {}
            }
            let got = self.post(from, "auth-login", None, body).await;
            assert!([401, 429].contains(&got.status), "{}", got.json);
            hashes += usize::from(got.status == 401);
        }
        assert!(hashes <= 60, "{hashes} of {times} guesses were looked at");
    }

    async fn step(&mut self) -> &'static str {
        match self.rng.u8(..9) {
            0 | 1 => {
                self.strangers_guess(70).await;
                "strangers guess passwords"
            }
            2 => {
                for _ in 0..8 {
                    let from = self.anywhere();
                    self.ask_for_link(from).await;
                }
                "strangers ask for links"
            }
            3 => {
                for operation in ["auth-password-forgot", "auth-verify-email-resend"].repeat(8) {
                    let from = self.anywhere();
                    self.post(from, operation, None, json!({ "email": EMAIL })).await;
                }
                "strangers ask for other mails"
            }
            4 => {
                let from = self.anywhere();
                for _ in 0..40 {
                    let body = json!({ "token": "AAAA", "code": "123456" });
                    self.post(from, "auth-sign-in-link-confirm", None, body).await;
                }
                "a stranger guesses tokens"
            }
            5 => {
                self.reset().await;
                "the owner resets the password"
            }
            6 => {
                let access = self.owner_gets_in().await.text("access_token");
                let from = self.anywhere();
                let got = self.post(from, "auth-logout-all", Some(&access), json!({})).await;
                assert_eq!(got.status, 200, "{}", got.json);
                self.ended(got.text("device_token"));
                "the owner signs out everywhere"
            }
            7 => {
                self.owner_gets_in().await;
                "the owner has a new device"
            }
            _ => {
                self.clock.advance(self.rng.i64(1..1200));
                "time passes"
            }
        }
    }

    async fn reset(&mut self) {
        let resets = |app: &App| {
            let mails = app.byline.mailbox.mails().into_iter();
            let about = |mail: &byline_local::StoredMail| {
                mail.to == EMAIL && mail.subject.starts_with("Choose a new password")
            };
            mails.filter(about).map(|mail| mail.links[0].clone()).collect::<Vec<_>>()
        };
        let mut asked = 429;
        while asked != 202 {
            // Strangers may have used up the mails of the last minutes.
            self.clock.advance(120);
            let before = resets(&self.app).len();
            let (from, body) = (self.anywhere(), json!({ "email": EMAIL }));
            asked = self.post(from, "auth-password-forgot", None, body).await.status;
            if asked == 202 {
                let app = &self.app;
                app.eventually(|| async { resets(app).len() > before }).await;
            }
        }
        let token = resets(&self.app)[0].split_once("token=").unwrap().1.to_owned();
        self.password = format!("unrelated words number {}", self.rng.u32(..));
        let body = json!({ "token": token, "new_password": self.password });
        let from = self.anywhere();
        let got = self.post(from, "auth-password-reset", None, body).await;
        assert_eq!(got.status, 200, "{}", got.json);
        self.ended(got.text("device_token"));
    }

    /// Turns one-time codes on.
    async fn enrol(&mut self) {
        let access = self.owner_gets_in().await.text("access_token");
        let from = self.anywhere();
        let got = self.post(from, "auth-totp-enrol", Some(&access), json!({})).await;
        let uri = got.text("otpauth_uri");
        let body = json!({ "code": code(&uri, self.clock.now()) });
        let got = self.post(from, "auth-totp-confirm", Some(&access), body).await;
        assert_eq!(got.status, 200, "{}", got.json);
        self.codes = Some(uri);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_the_mailbox_is_in_within_one_mail() {
    let first = seed();
    for number in 0..tier().pick(3, 20) {
        let seed = first + number;
        let mut story = Story::new(Rng::with_seed(seed)).await;
        if number % 2 == 1 {
            story.enrol().await;
        }
        let mut steps = Vec::new();
        for _ in 0..tier().pick(8, 30) {
            steps.push(story.step().await);
            eprintln!("seed {seed}: {steps:?}");
            story.known_devices_get_in().await;
            story.owner_gets_in().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_many_networks_and_then_a_reset_keep_nobody_out() {
    let mut story = Story::new(Rng::with_seed(7)).await;
    story.strangers_guess(65).await;
    let from = story.anywhere();
    assert_eq!(story.sign_in(from, None).await.status, 429, "a new device waits");
    story.known_devices_get_in().await;
    // The owner is warned, and not told to do what does not help.
    let warning = story.app.byline.mailbox.mail_about(EMAIL, "Many wrong passwords").await;
    assert!(warning.links[0].ends_with("/login"), "{:?}", warning.links);
    assert!(!warning.text.contains("reset"), "{}", warning.text);
    story.reset().await;
    story.strangers_guess(65).await;
    story.known_devices_get_in().await;
    story.owner_gets_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_on_the_owners_network_cannot_stop_a_mailed_link() {
    let mut story = Story::new(Rng::with_seed(8)).await;
    let from = story.anywhere();
    assert_eq!(story.ask_for_link(from).await.status, 202);
    let token = story.links.pop().unwrap().token;
    for number in 0..40 {
        let body = json!({ "token": format!("guess {number}") });
        let got = story.post(from, "auth-sign-in-link-confirm", None, body).await;
        assert_eq!(got.status, if number < 30 { 422 } else { 429 });
    }
    let body = json!({ "token": token });
    let got = story.post(from, "auth-sign-in-link-confirm", None, body).await;
    assert_eq!(got.status, 200, "{}", got.json);
    // And a known device needs no room in its network's bucket.
    story.devices = vec![got.text("device_token")];
    for number in 0..31 {
        let body = json!({ "email": format!("x{number}@example.com"), "password": "not it" });
        story.post(from, "auth-login", None, body).await;
    }
    let device = story.devices[0].clone();
    assert_eq!(story.sign_in(from, None).await.status, 429);
    assert_eq!(story.sign_in(from, Some(&device)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_password_alone_cannot_keep_the_owner_of_the_codes_out() {
    let mut story = Story::new(Rng::with_seed(9)).await;
    story.enrol().await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let from = story.anywhere();
        let body = json!({ "email": EMAIL, "password": PASSWORD, "code": "000000" });
        statuses.push(story.post(from, "auth-login", None, body).await.status);
    }
    assert_eq!(statuses, [vec![401; 10], vec![429; 2]].concat(), "codes cannot be guessed");
    story.known_devices_get_in().await;
    story.owner_gets_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_elsewhere_does_not_use_up_the_owners_mails() {
    let story = Story::new(Rng::with_seed(10)).await;
    let forgot = async |from: [u8; 4]| {
        let (from, body) = (IpAddr::from(from), json!({ "email": EMAIL }));
        story.post(from, "auth-password-forgot", None, body).await.status
    };
    let mut statuses = Vec::new();
    for last in 0..8 {
        statuses.push(forgot([198, 51, 100, last]).await);
    }
    assert_eq!(statuses, [vec![202; 5], vec![429; 3]].concat(), "neighbours share a bucket");
    story.clock.advance(120);
    assert_eq!(forgot([198, 51, 100, 9]).await, 429);
    assert_eq!(forgot([203, 0, 113, 1]).await, 202);
}
