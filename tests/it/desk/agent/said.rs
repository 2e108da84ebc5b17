//! What was said, by whom, and who reads it.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::super::visitor::{Visitor, find, form, text_of};
use super::{AGENT, Scene, Step, message, page_of};
use crate::conversations::{says, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_begins_with_its_first_message_and_goes_on() {
    let answer = "Two drafts **wait**:\n\n- Tides\n- Rope\n";
    let mut scene = Scene::new(vec![Step::Says(answer), Step::Says("None.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    assert!(text_of(&page).contains("There are none yet."), "{}", page.body);
    assert_eq!(form(&page, "Send").value("mode"), "propose", "nothing is written without a choice");
    let mut sent = message(&page, "Which *drafts* wait?");
    sent.set("mode", "read");
    let led = scene.author.submit(&sent).await;
    let id = scene.ids().await.remove(0);
    assert_eq!(
        (led.status, led.header("location")),
        (303, format!("{AGENT}/{id}#latest").as_str())
    );
    let page = scene.author.follow(led).await;
    let words = text_of(&page);
    // What the user says is shown as it was written, and what the agent says as it was meant.
    assert!(words.contains("Which *drafts* wait?") && words.contains("Read only"), "{words}");
    assert!(page.body.contains("<strong>wait</strong>") && page.body.contains("<li>Tides</li>"));
    assert!(words.contains("110 tokens"), "{words}");
    assert!(page.body.contains("<article class=\"said mine\" id=\"latest\">"), "{}", page.body);
    let page = scene.author.press(&page, "Send", &[("message", "And\n  scheduled?")]).await;
    let words = text_of(&page);
    assert!(words.contains("None.") && words.contains("And scheduled?"), "{words}");
    assert!(page.body.contains("And\n  scheduled?"), "lines stay lines");
    assert_eq!(form(&page, "Send").value("message"), "");
    let said: Vec<_> = scene.model.messages()[1..].iter().map(|m| m["content"].clone()).collect();
    assert_eq!(said, ["Which *drafts* wait?", answer, "And\n  scheduled?"]);
    let list = text_of(&scene.author.get(AGENT, 200).await);
    assert!(list.contains("Which *drafts* wait?Read only"), "{list}");
    assert!(list.contains("took 220 tokens, those of all people 220 tokens."), "{list}");
    let mut admin = Visitor::admin(&scene.app).await;
    let list = text_of(&admin.get(AGENT, 200).await);
    assert!(list.contains("took 0 tokens, those of all people 220 tokens."), "{list}");
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_its_owners_alone() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let sent = message(&page, "Me, too");
    for role in [Role::Author, Role::Editor, Role::Admin] {
        let (mut other, _) = Visitor::with_role(&scene.app, role).await;
        other.get(&page_of(&id), 404).await;
        let own = other.get(AGENT, 200).await;
        assert!(!own.body.contains(&id), "{}", own.body);
        let mut forged = sent.clone();
        forged.set("form_token", form(&own, "Send").value("form_token"));
        let refused = other.submit(&forged).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        for action in ["stop", "change", "delete"] {
            forged.set("action", action);
            for field in ["title", "delete"] {
                forged.set(field, "yes");
            }
            forged.set("mode", "read");
            let answer = other.submit(&forged).await;
            assert!([303, 404].contains(&answer.status), "{action}: {}", answer.body);
        }
    }
    // Whatever they sent, nothing of it reached the conversation.
    let kept = scene.client.get(&format!("/v1/conversations/{id}"), 200).await;
    assert_eq!(kept.json["metadata"], json!({ "mode": "propose", "title": "Hello" }));
    assert_eq!(scene.model.asked().len(), 1);
    let (mut reader, _) = Visitor::with_role(&scene.app, Role::Reader).await;
    for path in [AGENT.to_owned(), page_of("new"), page_of(&id)] {
        reader.get(&path, 403).await;
        let led = Visitor::stranger(&scene.app).send(Method::GET, &path, &[], None).await;
        assert_eq!(led.status, 303);
        assert!(led.header("location").starts_with("/desk/sign-in?next="), "{path}");
    }
    for path in [page_of("conv_1"), page_of("NEW"), page_of("new/1")] {
        scene.author.get(&path, 404).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_before_a_sign_in_is_kept() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    let sent = message(&page, "Which drafts wait?");
    let kept = Visitor::stranger(&scene.app).submit(&sent).await;
    assert_eq!(kept.status, 403);
    assert_eq!(form(&kept, "Continue").value("message"), "Which drafts wait?");
    // Another session shows the form again, filled.
    let email = scene.client.get("/v1/users/me", 200).await.text("/email");
    let mut again = Visitor::of(&scene.app, &email).await;
    let asked = again.submit(&form(&kept, "Continue")).await;
    assert_eq!(asked.status, 409, "{}", asked.body);
    assert_eq!(form(&asked, "Send").value("message"), "Which drafts wait?");
    assert!(scene.model.asked().is_empty());
    let page = again.press(&asked, "Send", &[]).await;
    assert!(text_of(&page).contains("Yes."), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_listed_in_pages_the_last_used_first() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    for number in 0..21 {
        start(&scene.client, &[&format!("Number {number}.")]).await;
        scene.clock.advance(1);
    }
    let first = scene.begin("The newest").await;
    assert!(text_of(&first).contains("Yes."));
    let page = scene.author.get(AGENT, 200).await;
    let words = text_of(&page);
    let place = |title: &str| words.find(title).unwrap();
    assert!(place("The newest") < place("Number 20."), "{words}");
    assert!(place("Number 20.") < place("Number 19."), "{words}");
    assert!(!words.contains("Number 1."), "{words}");
    let next = page.body.split("href=\"/desk/agent?cursor=").nth(1).unwrap();
    let next = format!("{AGENT}?cursor={}", next.split('"').next().unwrap());
    let words = text_of(&scene.author.get(&next, 200).await);
    assert!(words.contains("Number 0.") && words.contains("Number 1."), "{words}");
    assert!(!words.contains("Number 2.") && !words.contains("Show more"), "{words}");
    scene.author.get(&format!("{AGENT}?cursor=x"), 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_conversation_is_shown_from_its_end_and_page_by_page() {
    let mut scene = Scene::new(vec![Step::Says("The answer.")]).await;
    let path = start(&scene.client, &["Message 0."]).await;
    for chunk in (1..100).collect::<Vec<_>>().chunks(20) {
        let items: Vec<_> =
            chunk.iter().map(|number| says(&format!("Message {number}."))).collect();
        scene.client.post(&format!("{path}/items"), json!({ "items": items }), 200).await;
    }
    let id = path.rsplit('/').next().unwrap();
    let page = scene.author.get(&page_of(id), 200).await;
    let page = scene.author.press(&page, "Send", &[("message", "The last one.")]).await;
    let words = text_of(&page);
    assert!(words.contains("The answer. 110 tokens"), "{words}");
    assert!(words.contains("Message 99.") && !words.contains("Message 41."), "{words}");
    let said =
        |page: &crate::harness::Answer| page.body.matches("<p class=\"keep\">Message ").count();
    let mut seen = said(&page);
    let mut page = page;
    while let Some(before) = page.body.split("?before=").nth(1) {
        let before = format!("{}?before={}", page_of(id), before.split('"').next().unwrap());
        page = scene.author.get(&before, 200).await;
        let words = text_of(&page);
        assert!(!words.contains("The answer.") && !words.contains("110 tokens"), "{words}");
        assert!(find(&page, "Send").is_none() && words.contains("Show the latest messages"));
        seen += said(&page);
    }
    assert_eq!(seen, 100, "each of them once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_at_most_seven_calls() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let mut admin = Visitor::admin(&scene.app).await;
    for (operation, path, status) in [
        ("desk-agent", AGENT.to_owned(), 200),
        ("desk-agent-conversation", page_of(&id), 404),
        ("desk-agent-conversation", page_of("new"), 200),
    ] {
        let before = scene.app.byline.observer.calls(operation);
        admin.get(&path, status).await;
        let calls = scene.app.byline.observer.calls(operation) - before;
        assert!((1..=7).contains(&calls), "{path}: {calls}");
    }
    let before = scene.app.byline.observer.calls("desk-agent-conversation");
    scene.author.get(&page_of(&id), 200).await;
    let calls = scene.app.byline.observer.calls("desk-agent-conversation") - before;
    assert!(calls <= 6, "one more where rates are limited: {calls}");
}
