//! Answers of passkeys that sign nobody in, whatever is wrong with them.

use serde_json::{Value, json};

use super::authenticator::{Authenticator, Change, PRESENT, VERIFIED};
use super::{SIGN_IN, entries, is_in, options, origin, owner, sign_in};
use crate::desk::visitor::{Visitor, form, text_of};
use crate::harness::App;

/// Signs in with an answer that is changed on its way.
async fn with_changed(app: &App, device: &Authenticator, change: impl FnOnce(&mut Value)) -> u16 {
    let mut visitor = Visitor::stranger(app);
    let page = visitor.get(SIGN_IN, 200).await;
    let mut sent = form(&page, "Sign in with a passkey");
    let asked = options(&mut visitor, SIGN_IN).await;
    let mut answer: Value = serde_json::from_str(&device.get(&asked)).unwrap();
    change(&mut answer);
    sent.set("passkey", &answer.to_string());
    let status = visitor.submit(&sent).await.status;
    assert_eq!(is_in(&mut visitor).await, status == 303);
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_for_others_and_of_others_sign_nobody_in() {
    let app = App::unlimited().await;
    let (_, _, device) = owner(&app).await;
    let (_, _, other) = owner(&app).await;
    let stranger = || {
        let mut stranger = Authenticator::at(&origin(&app));
        (stranger.id, stranger.user) = (device.id.clone(), device.user.clone());
        stranger
    };
    assert_eq!(sign_in(&app, &stranger()).await.1.status, 403, "another key under the same id");
    let mut told = Vec::new();
    let mut refused = async |what: &str, device: &Authenticator| {
        let (mut visitor, answer) = sign_in(&app, device).await;
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
        assert!(!is_in(&mut visitor).await, "{what}");
        told.push(text_of(&answer));
    };
    let changes: [Change; 9] = [
        ("another origin", |device| device.origin = "https://evil.example".to_owned()),
        ("another port", |device| device.origin.push('0')),
        ("the address by number", |device| {
            device.origin = device.origin.replace("localhost", "127.0.0.1");
        }),
        ("another site", |device| device.site = "evil.example".to_owned()),
        ("another purpose", |device| device.purpose = Some("webauthn.create")),
        ("a frame of another site", |device| device.framed = true),
        ("nobody verified", |device| device.flags = PRESENT),
        ("nobody present", |device| device.flags = VERIFIED),
        ("a copy of what cannot be copied", |device| device.flags = PRESENT | VERIFIED | 0x10),
    ];
    let (_, _, mut device) = owner(&app).await;
    let (origin, site) = (device.origin.clone(), device.site.clone());
    for (what, change) in changes {
        change(&mut device);
        refused(what, &device).await;
        (device.origin, device.site) = (origin.clone(), site.clone());
        (device.purpose, device.framed, device.flags) = (None, false, PRESENT | VERIFIED);
    }
    // A passkey that nobody has, and that of somebody else under this account.
    let mut unknown = Authenticator::at(&origin);
    unknown.user.clone_from(&device.user);
    refused("unknown", &unknown).await;
    let mine = std::mem::replace(&mut device.user, other.user.clone());
    refused("the account of somebody else", &device).await;
    device.user = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    refused("the account of nobody", &device).await;
    device.user = mine;
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "the words tell nothing: {told:#?}");
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
    let log = entries(&app, "signed_in").await;
    let log = log.iter().filter(|entry| entry["outcome"] == "refused");
    let details: Vec<&str> = log.map(|entry| entry["detail"].as_str().unwrap()).collect();
    assert_eq!(details.len(), told.len() + 1, "{details:?}");
    assert!(details.iter().all(|detail| detail.starts_with("passkey ")), "{details:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_part_of_an_answer_can_be_changed() {
    let app = App::unlimited().await;
    let (_, _, device) = owner(&app).await;
    assert_eq!(with_changed(&app, &device, |_| ()).await, 303);
    let fields = ["id", "client_data", "authenticator_data", "signature", "user_handle"];
    for name in fields {
        let left_out = |answer: &mut Value| {
            answer.as_object_mut().unwrap().remove(name);
        };
        assert_eq!(with_changed(&app, &device, left_out).await, 403, "{name} is left out");
        let changes: [fn(&str) -> String; 5] = [
            |_| String::new(),
            |text| text[4..].to_owned(),
            |text| format!("{text}AAAA"),
            |text| format!("{}{text}", "AAAA".repeat(5000)),
            |text| {
                let last = if text.starts_with('Q') { "R" } else { "Q" };
                format!("{last}{}", &text[1..])
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let changed = |answer: &mut Value| {
                let text = change(answer[name].as_str().unwrap());
                answer[name] = json!(text);
            };
            let status = with_changed(&app, &device, changed).await;
            assert_eq!(status, 403, "{name}, change {number}");
        }
    }
    let more = |answer: &mut Value| answer["more"] = json!("AAAA");
    assert_eq!(with_changed(&app, &device, more).await, 403);
    for given in [json!(null), json!([]), json!("AAAA"), json!(7)] {
        let all = |answer: &mut Value| *answer = given.clone();
        assert_eq!(with_changed(&app, &device, all).await, 403, "{given}");
    }
    assert_eq!(with_changed(&app, &device, |_| ()).await, 303);
}
