//! An account, its owner and strangers anywhere on the internet.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock};
use fastrand::Rng;
use serde_json::json;

use super::internet::{Got, Internet};
use crate::harness::{App, PASSWORD, code};

pub(super) const EMAIL: &str = "ada@example.com";

/// A mail that signs in.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) token: String,
    /// When it was asked for, in seconds.
    at: i64,
}

/// An account, its owner and the strangers.
pub(super) struct Story {
    pub(super) app: App,
    pub(super) internet: Internet,
    pub(super) clock: Arc<ManualClock>,
    rng: Rng,
    password: String,
    /// The device tokens that should be known.
    pub(super) devices: Vec<String>,
    /// Links in the mailbox that should work, oldest first.
    pub(super) links: Vec<Link>,
    /// The secret of the account's one-time codes, if it has them on.
    codes: Option<String>,
}

impl Story {
    pub(super) async fn new(rng: Rng) -> Self {
        let (app, clock) = App::with_clock().await;
        app.sign_up(EMAIL, "Ada").await;
        let devices = vec![app.tokens(EMAIL).await.text("/device_token")];
        let password = PASSWORD.to_owned();
        let internet = Internet::new(&app);
        Self { app, internet, clock, rng, password, devices, links: Vec::new(), codes: None }
    }

    fn now(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    /// Somewhere on the internet.
    pub(super) fn anywhere(&mut self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(self.rng.u32(0x1000_0000..0xdf00_0000)))
    }

    fn links_in_mailbox(&self) -> Vec<String> {
        let mails = self.app.byline.mailbox.mails().into_iter();
        let mails = mails.filter(|mail| mail.to == EMAIL && mail.subject.starts_with("Sign in to"));
        mails.map(|mail| mail.links[0].split_once("token=").unwrap().1.to_owned()).collect()
    }

    /// Asks for a link to sign in with, and waits for the mail.
    pub(super) async fn ask_for_link(&mut self, from: IpAddr) -> Got {
        let before = self.links_in_mailbox().len();
        let body = json!({ "email": EMAIL });
        let got = self.internet.post(from, "auth-sign-in-link", None, body).await;
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

    pub(super) async fn sign_in(&mut self, from: IpAddr, device: Option<&str>) -> Got {
        let mut body = json!({ "email": EMAIL, "password": self.password });
        if let Some(device) = device {
            body["device_token"] = device.into();
        }
        if let Some(code) = self.one_time_code() {
            body["code"] = code.into();
        }
        self.internet.post(from, "auth-login", None, body).await
    }

    /// The owner gets in on a device that nobody has seen, somewhere, within one mail; and on it from
    /// then on with the password.
    pub(super) async fn owner_gets_in(&mut self) -> Got {
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
            let without = self.internet.post(from, confirm, None, body.clone()).await;
            assert_eq!(
                (without.status, without.text("code").as_str()),
                (401, "second_factor_required")
            );
            body["code"] = self.one_time_code().unwrap().into();
        }
        let got = self.internet.post(from, "auth-sign-in-link-confirm", None, body.clone()).await;
        assert_eq!(got.status, 200, "the owner is locked out: {}", got.json);
        let again = self.internet.post(from, "auth-sign-in-link-confirm", None, body).await;
        assert_eq!(again.status, 422, "the link works once");
        let device = got.text("device_token");
        let with_password = self.sign_in(from, Some(&device)).await;
        assert_eq!(with_password.status, 200, "{}", with_password.json);
        self.devices.push(device);
        with_password
    }

    /// Every device that the owner has signed in on gets in without a mail, from any network.
    pub(super) async fn known_devices_get_in(&mut self) {
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

    pub(super) async fn strangers_guess(&mut self, times: usize) {
        let mut hashes = 0;
        for _ in 0..times {
            let from = self.anywhere();
            let mut body = json!({ "email": EMAIL, "password": "not the password" });
            match self.rng.u8(..4) {
                0 => body["device_token"] = "bdt_AAAA".into(),
                1 => body["code"] = "123456".into(),
                _ => {}
            }
            let got = self.internet.post(from, "auth-login", None, body).await;
            assert!([401, 429].contains(&got.status), "{}", got.json);
            hashes += usize::from(got.status == 401);
        }
        assert!(hashes <= 60, "{hashes} of {times} guesses were looked at");
    }

    pub(super) async fn step(&mut self) -> &'static str {
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
                    self.internet.post(from, operation, None, json!({ "email": EMAIL })).await;
                }
                "strangers ask for other mails"
            }
            4 => {
                let from = self.anywhere();
                for _ in 0..40 {
                    let body = json!({ "token": "AAAA", "code": "123456" });
                    self.internet.post(from, "auth-sign-in-link-confirm", None, body).await;
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
                let got =
                    self.internet.post(from, "auth-logout-all", Some(&access), json!({})).await;
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

    pub(super) async fn reset(&mut self) {
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
            asked = self.internet.post(from, "auth-password-forgot", None, body).await.status;
            if asked == 202 {
                let app = &self.app;
                app.eventually(|| async { resets(app).len() > before }).await;
            }
        }
        let token = resets(&self.app)[0].split_once("token=").unwrap().1.to_owned();
        self.password = format!("unrelated words number {}", self.rng.u32(..));
        let body = json!({ "token": token, "new_password": self.password });
        let from = self.anywhere();
        let got = self.internet.post(from, "auth-password-reset", None, body).await;
        assert_eq!(got.status, 200, "{}", got.json);
        self.ended(got.text("device_token"));
    }

    /// Changes the password with the present one.
    pub(super) async fn change_password(&mut self) {
        let access = self.owner_gets_in().await.text("access_token");
        let new = format!("unrelated words number {}", self.rng.u32(..));
        let body = json!({ "current_password": self.password, "new_password": new });
        let from = self.anywhere();
        let got = self.internet.post(from, "auth-password-change", Some(&access), body).await;
        assert_eq!(got.status, 200, "{}", got.json);
        self.password = new;
        self.ended(got.text("device_token"));
    }

    /// Turns one-time codes on.
    pub(super) async fn enrol(&mut self) {
        let access = self.owner_gets_in().await.text("access_token");
        let from = self.anywhere();
        let got = self.internet.post(from, "auth-totp-enrol", Some(&access), json!({})).await;
        let uri = got.text("otpauth_uri");
        let body = json!({ "code": code(&uri, self.clock.now()) });
        let got = self.internet.post(from, "auth-totp-confirm", Some(&access), body).await;
        assert_eq!(got.status, 200, "{}", got.json);
        self.codes = Some(uri);
    }
}
