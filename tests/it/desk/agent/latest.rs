//! The last answer as far as it is, and the forms that the script of the page sends.

use byline_shared::model::Role;
use http::Method;
use scraper::{Html, Selector};
use serde_json::json;
use tokio::task::JoinHandle;

use super::super::visitor::{Form, Visitor, find, form, text_of};
use super::{AGENT, Scene, Step, message, page_of};
use crate::harness::Answer;

const JSON: &[(&str, &str)] = &[("accept", "application/json"), ("sec-fetch-site", "same-origin")];

fn latest_of(id: &str) -> String {
    format!("{}/latest", page_of(id))
}

/// The id of the turn that a page shows last, and whether the agent works on it.
fn turn_of(page: &Answer) -> (String, bool) {
    let html = Html::parse_document(&page.body);
    let turn = html.select(&Selector::parse("[data-turn]").unwrap()).next().unwrap();
    (turn.attr("data-turn").unwrap().to_owned(), turn.attr("aria-busy") == Some("true"))
}

/// Sends a form as the script does, beside what the test does.
fn by_script(visitor: &Visitor, sent: &Form) -> JoinHandle<Answer> {
    let (mut visitor, sent) = (visitor.clone(), sent.clone());
    tokio::spawn(async move { visitor.submit_with(&sent, JSON).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_shown_as_it_grows() {
    let mut scene = Scene::new(vec![
        Step::Says("Hello."),
        Step::Calls("", vec![("search", json!({ "query": "kelp" }))]),
        Step::Waits("Half **of** it ", Box::new(Step::Says("and the rest."))),
    ])
    .await;
    let page = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let (first, busy) = turn_of(&page);
    assert!(first.starts_with("resp_") && !busy, "{}", page.body);
    let before = scene.author.get(&latest_of(&id), 200).await;
    assert_eq!(turn_of(&before), (first.clone(), false));
    assert!(text_of(&before).contains("Hello.") && find(&before, "Stop the agent").is_none());

    // Two turns of a conversation never begin at the same time.
    scene.clock.advance(1);
    let answer = by_script(&scene.author, &message(&page, "A long one"));
    scene.model.was_asked(3).await;
    let author = &scene.author;
    let has_grown = || async {
        let latest = author.clone().get(&latest_of(&id), 200).await;
        latest.body.contains("<strong>of</strong> it")
    };
    scene.app.eventually(has_grown).await;
    let latest = scene.author.get(&latest_of(&id), 200).await;
    let (second, busy) = turn_of(&latest);
    assert!(second != first && busy, "{}", latest.body);
    let words = text_of(&latest);
    assert!(words.contains("A long one") && words.contains("Searched for \u{201c}kelp\u{201d}"));
    assert!(!words.contains("Hello.") && !words.contains("is missing"), "{words}");
    // The page shows the same, also to who runs no scripts.
    let page = scene.author.get(&page_of(&id), 200).await;
    assert_eq!(turn_of(&page), (second.clone(), true));
    let words = text_of(&page);
    assert!(words.contains("Hello.") && words.contains("Half of it"), "{words}");
    assert!(words.contains("Load the page again to see how far it is."), "{words}");
    // The stop is in both.
    for shown in [&latest, &page] {
        assert_eq!(form(shown, "Stop the agent").value("response"), second);
    }
    scene.model.go_on();
    let told = answer.await.unwrap();
    assert_eq!((told.status, told.text("/href")), (200, format!("{}#latest", page_of(&id))));
    let latest = scene.author.get(&latest_of(&id), 200).await;
    assert_eq!(turn_of(&latest), (second, false));
    let words = text_of(&latest);
    assert_eq!(words.matches("Half of it and the rest.").count(), 1, "{words}");
    assert!(words.contains("220 tokens"), "{words}");
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_answer_is_its_owners_alone_and_costs_few_calls() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let path = latest_of(&id);
    for role in [Role::Author, Role::Editor, Role::Admin] {
        let (mut other, _) = Visitor::with_role(&scene.app, role).await;
        let refused = other.get(&path, 404).await;
        assert!(!refused.body.contains("Yes."), "{}", refused.body);
    }
    let (mut reader, _) = Visitor::with_role(&scene.app, Role::Reader).await;
    reader.get(&path, 403).await;
    let led = Visitor::stranger(&scene.app).send(Method::GET, &path, &[], None).await;
    assert_eq!(led.status, 303);
    assert!(led.header("location").starts_with("/desk/sign-in?next="), "{:?}", led.headers);
    for path in [latest_of("new"), latest_of("conv_1")] {
        scene.author.get(&path, 404).await;
    }
    let before = scene.app.byline.observer.calls("desk-agent-latest");
    let latest = scene.author.get(&path, 200).await;
    let calls = scene.app.byline.observer.calls("desk-agent-latest") - before;
    assert!(calls <= 4, "one more where rates are limited: {calls}");
    assert!(latest.header("content-security-policy").contains("form-action 'none'"));
    assert!(!latest.body.contains("<script"), "{}", latest.body);
    // What is not asked yet has no answer.
    let empty = scene.client.post("/v1/conversations", json!({}), 200).await.text("/id");
    let latest = scene.author.get(&latest_of(&empty), 200).await;
    assert_eq!(turn_of(&latest), (String::new(), false));
    scene.client.delete(&format!("/v1/conversations/{id}"), 200).await;
    scene.author.get(&path, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_learns_where_its_message_is_before_it_is_answered() {
    let mut scene =
        Scene::new(vec![Step::Waits("Half of it ", Box::new(Step::Says("never")))]).await;
    let page = scene.author.get(AGENT, 200).await;
    let sent = message(&page, "Hello");
    let mut begun = sent.clone();
    begun.set("action", "begun");
    let told = scene.author.submit_with(&begun, JSON).await;
    assert_eq!((told.status, told.body.as_str()), (200, r#"{"href":null}"#));
    let answer = by_script(&scene.author, &sent);
    scene.model.was_asked(1).await;
    let told = scene.author.submit_with(&begun, JSON).await;
    let id = scene.ids().await.remove(0);
    assert_eq!(told.text("/href"), format!("{}#latest", page_of(&id)));
    // Nobody else learns it, with the same form.
    let (mut other, _) = Visitor::with_role(&scene.app, Role::Author).await;
    let own = other.get(AGENT, 200).await;
    begun.set("form_token", form(&own, "Send").value("form_token"));
    let told = other.submit_with(&begun, JSON).await;
    assert_eq!((told.status, told.body.as_str()), (200, r#"{"href":null}"#));

    let page = scene.author.get(&page_of(&id), 200).await;
    let busy = scene.author.submit_with(&message(&page, "And me?"), JSON).await;
    assert_eq!((busy.status, busy.header("retry-after")), (409, "2"));
    assert!(busy.text("/detail").ends_with(". Wait until it has, or stop it."), "{}", busy.body);
    let stopped = scene.author.submit_with(&form(&page, "Stop the agent"), JSON).await;
    assert_eq!(stopped.text("/href"), format!("{}#latest", page_of(&id)));
    scene.model.was_hung_up(1).await;
    assert_eq!(answer.await.unwrap().status, 200);
    let words = text_of(&scene.author.get(&latest_of(&id), 200).await);
    assert!(words.contains("You stopped it.") && words.contains("Half of it"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_told_why_a_message_was_not_sent() {
    let mut scene = Scene::new(vec![]).await;
    let page = scene.author.get(AGENT, 200).await;
    for (name, value, says) in [
        ("message", "a\u{202e}b", "Please check what you entered. "),
        ("message", " ", "Must hold some text."),
        ("mode", "publish", "Choose what the agent may do."),
        ("once", "x", "Nothing was changed. "),
    ] {
        let mut sent = message(&page, "Hello");
        sent.set(name, value);
        let refused = scene.author.submit_with(&sent, JSON).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.text("/detail").contains(says), "{says}: {}", refused.body);
    }
    let signed_out =
        Visitor::stranger(&scene.app).submit_with(&message(&page, "Hello"), JSON).await;
    assert_eq!(signed_out.status, 403);
    assert!(signed_out.text("/detail").contains("You are signed out"), "{}", signed_out.body);
    assert!(scene.model.asked().is_empty());
}
