//! Nobody can be locked out: no matter what strangers try from anywhere, and what the owner of an account
//! does with it, the owner of its mailbox is in within one mail.

mod internet;
mod story;

use std::net::IpAddr;

use fastrand::Rng;
use serde_json::json;

use crate::harness::tier::seed;
use crate::harness::{PASSWORD, tier};
use story::{EMAIL, Story};

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
    assert!(warning.links[0].ends_with("/desk/sign-in"), "{:?}", warning.links);
    assert!(!warning.text.contains("reset"), "{}", warning.text);
    story.reset().await;
    story.strangers_guess(65).await;
    story.known_devices_get_in().await;
    story.owner_gets_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stolen_device_tokens_end_with_a_reset() {
    let mut story = Story::new(Rng::with_seed(11)).await;
    for _ in 0..6 {
        let from = story.anywhere();
        let device = story.sign_in(from, None).await.text("device_token");
        for _ in 0..12 {
            let mut body = json!({ "email": EMAIL, "password": "not the password" });
            body["device_token"] = device.clone().into();
            let from = story.anywhere();
            let got = story.internet.post(from, "auth-login", None, body).await;
            assert!([401, 429].contains(&got.status), "{}", got.json);
        }
    }
    // All devices together are held to a quota, or stolen tokens would be a way to guess.
    let (from, known) = (story.anywhere(), story.devices[0].clone());
    assert_eq!(story.sign_in(from, Some(&known)).await.status, 429);
    // The mailbox is a way in all the same, and a reset ends the tokens with their bucket.
    assert_eq!(story.ask_for_link(from).await.status, 202);
    let body = json!({ "token": story.links.pop().unwrap().token });
    let got = story.internet.post(from, "auth-sign-in-link-confirm", None, body).await;
    assert_eq!(got.status, 200, "{}", got.json);
    story.reset().await;
    story.known_devices_get_in().await;
    story.owner_gets_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_known_for_half_a_year() {
    let mut story = Story::new(Rng::with_seed(12)).await;
    story.clock.advance(180 * 24 * 3600 - 1);
    story.strangers_guess(65).await;
    story.known_devices_get_in().await;
    story.clock.advance(1);
    let (from, device) = (story.anywhere(), story.devices[0].clone());
    assert_eq!(story.sign_in(from, Some(&device)).await.status, 429, "it waits as strangers do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_leaves_this_device_known_and_no_other() {
    let mut story = Story::new(Rng::with_seed(13)).await;
    let other = story.devices[0].clone();
    story.change_password().await;
    story.strangers_guess(65).await;
    let from = story.anywhere();
    assert_eq!(story.sign_in(from, Some(&other)).await.status, 429, "it waits as strangers do");
    story.known_devices_get_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_on_the_owners_network_cannot_stop_a_mailed_link() {
    let mut story = Story::new(Rng::with_seed(8)).await;
    let from = story.anywhere();
    assert_eq!(story.ask_for_link(from).await.status, 202);
    let token = story.links.pop().unwrap().token;
    for number in 0..40 {
        let body = json!({ "token": format!("guess {number}") });
        let got = story.internet.post(from, "auth-sign-in-link-confirm", None, body).await;
        assert_eq!(got.status, if number < 30 { 422 } else { 429 });
    }
    let body = json!({ "token": token });
    let got = story.internet.post(from, "auth-sign-in-link-confirm", None, body).await;
    assert_eq!(got.status, 200, "{}", got.json);
    // And a known device needs no room in its network's bucket.
    story.devices = vec![got.text("device_token")];
    for number in 0..31 {
        let body = json!({ "email": format!("x{number}@example.com"), "password": "not it" });
        story.internet.post(from, "auth-login", None, body).await;
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
        statuses.push(story.internet.post(from, "auth-login", None, body).await.status);
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
        story.internet.post(from, "auth-password-forgot", None, body).await.status
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
