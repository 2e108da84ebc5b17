//! A turn that runs, is stopped, or ends by itself; and what was typed, which is never lost.

use byline_shared::model::Role;
use serde_json::json;
use tokio::task::JoinHandle;

use super::super::visitor::{Form, Visitor, find, form, text_of};
use super::{AGENT, Scene, Step, ask, message, page_of};
use crate::conversations::agent::{delta, noted, with_model_and};
use crate::harness::Answer;

fn waits(text: &'static str, then: Step) -> Step {
    Step::Waits(text, Box::new(then))
}

/// Sends a form in another tab.
fn in_another_tab(visitor: &Visitor, sent: Form) -> JoinHandle<Answer> {
    let mut visitor = visitor.clone();
    tokio::spawn(async move { visitor.submit(&sent).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_runs_is_told_and_can_be_stopped() {
    let mut scene = Scene::new(vec![
        Step::Says("Hello."),
        waits("Half of it", Step::Says("never")),
        Step::Says("Here."),
    ])
    .await;
    let page = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let turn = in_another_tab(&scene.author, message(&page, "A long one"));
    scene.model.was_asked(2).await;
    let page = scene.author.get(&page_of(&id), 200).await;
    let words = text_of(&page);
    assert!(words.contains("The agent is answering.") && words.contains("A long one"), "{words}");
    assert!(page.body.contains(&format!("href=\"{}\">Load again", page_of(&id))), "{}", page.body);
    // What was typed is kept.
    let refused = scene.author.press(&page, "Send", &[("message", "And me?")]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (409, "2"));
    assert!(text_of(&refused).contains("Wait until it has, or stop it."), "{}", refused.body);
    assert_eq!(form(&refused, "Send").value("message"), "And me?");
    let stop = form(&refused, "Stop the agent");
    let stopped = scene.author.press(&refused, "Stop the agent", &[]).await;
    let words = text_of(&stopped);
    assert!(words.contains("You stopped it.") && words.contains("Half of it"), "{words}");
    assert!(words.contains("The rest of this is missing."), "{words}");
    assert!(find(&stopped, "Stop the agent").is_none(), "{}", stopped.body);
    scene.model.was_hung_up(1).await;
    assert_eq!(turn.await.unwrap().status, 303);
    // Stopped once more, nothing happens.
    assert_eq!(scene.author.submit(&stop).await.status, 303);
    let page = scene.author.press(&refused, "Send", &[("message", "And me?")]).await;
    assert!(text_of(&page).contains("Here."), "{}", page.body);
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_turn_of_the_conversation_is_stopped() {
    let mut scene =
        Scene::new(vec![Step::Says("Hello."), waits("", Step::Says("Still here."))]).await;
    let first = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let page = scene.author.get(AGENT, 200).await;
    let turn = in_another_tab(&scene.author, message(&page, "Another one"));
    scene.model.was_asked(2).await;
    let running = scene.ids().await.into_iter().find(|other| *other != id).unwrap();
    let running = scene.author.get(&page_of(&running), 200).await;
    let mut stop = form(&running, "Stop the agent");
    stop.action = page_of(&id);
    assert_eq!(scene.author.submit(&stop).await.status, 404);
    stop.set("response", "resp_1");
    assert_eq!(scene.author.submit(&stop).await.status, 404);
    let (mut other, _) = Visitor::with_role(&scene.app, Role::Admin).await;
    let mut foreign = form(&running, "Stop the agent");
    let own = other.get(AGENT, 200).await;
    foreign.set("form_token", form(&own, "Send").value("form_token"));
    assert_eq!(other.submit(&foreign).await.status, 404);
    scene.model.go_on();
    let led = turn.await.unwrap();
    let page = scene.author.follow(led).await;
    assert!(text_of(&page).contains("Still here."), "{}", page.body);
    drop(first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_says_why_it_ended() {
    let same = Step::Calls("", vec![("echo", json!({ "text": "again" }))]);
    for (steps, says) in [
        (
            vec![Step::Always(Box::new(same))],
            "It stopped: it took as many steps as one answer may have.",
        ),
        (vec![Step::Status(400)], "The agent could not answer"),
        (vec![Step::Always(Box::new(Step::Status(429)))], "has no capacity now"),
        (
            vec![Step::Events(vec![delta(json!({ "content": "Half" }), json!("length"))])],
            "It stopped: its answer became too long.",
        ),
        (
            vec![Step::Events(vec![delta(json!({ "content": "Half" }), json!("content_filter"))])],
            "withheld the rest of the answer",
        ),
    ] {
        let mut scene = Scene::new(steps).await;
        let place = ask(&scene.client, "Go").await;
        let words = text_of(&scene.author.get(&place, 200).await);
        assert!(words.contains(says), "{says}: {words}");
        assert_eq!(words.matches(says).count(), 1, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_turn_says_why_it_ended_in_its_place() {
    let mut scene =
        Scene::new(vec![Step::Status(400), Step::Says("Yes."), Step::Status(400)]).await;
    let page = scene.begin("First").await;
    let page = scene.author.press(&page, "Send", &[("message", "Second")]).await;
    let page = scene.author.press(&page, "Send", &[("message", "Third")]).await;
    let words = text_of(&page);
    let place = |what: &str| words.find(what).unwrap_or_else(|| panic!("{what}: {words}"));
    let failed = words.match_indices("could not answer").map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(failed.len(), 2, "{words}");
    assert!(failed[0] < place("Second") && place("Yes. 110 tokens") < failed[1], "{words}");
    assert!(place("Third") < failed[1], "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_whose_process_is_gone_is_told_as_interrupted() {
    let (app, model, clock) = with_model_and(
        vec![waits("Half", Step::Calls("", vec![("echo", json!({}))])), Step::Says("Yes.")],
        &[],
    )
    .await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get(AGENT, 200).await;
    let turn = in_another_tab(&author, message(&page, "Go"));
    model.was_asked(1).await;
    let id = client.get("/v1/conversations", 200).await.text("/data/0/id");
    let response =
        client.get(&format!("/v1/conversations/{id}"), 200).await.text("/running_response_id");
    noted(&app, &client, &response, "Half").await;
    clock.advance(60);
    let page = author.get(&page_of(&id), 200).await;
    let words = text_of(&page);
    let place = |what: &str| words.find(what).unwrap_or_else(|| panic!("{what}: {words}"));
    assert!(place("Half The rest of this is missing.") < place("It was interrupted."), "{words}");
    assert!(!words.contains("The agent is answering."), "{words}");
    model.go_on();
    turn.await.unwrap();
    let page = author.press(&page, "Send", &[("message", "Again")]).await;
    assert!(text_of(&page).contains("Yes."), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_not_answered_is_sent_again_with_a_button() {
    let mut scene = Scene::new(vec![Step::Status(400), Step::Says("Yes.")]).await;
    let page = scene.begin("How do I write <a> headline?").await;
    let again = form(&page, "Ask again");
    assert_eq!(again.value("message"), "How do I write <a> headline?");
    let page = scene.author.submit(&again).await;
    let page = scene.author.follow(page).await;
    let words = text_of(&page);
    assert!(words.contains("Yes."), "{words}");
    assert!(find(&page, "Ask again").is_none(), "it was answered: {words}");
    assert_eq!(scene.model.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_in_a_third_conversation_is_led_to_the_two_that_run() {
    let waiting = || waits("Hal", Step::Says("lo."));
    let mut scene = Scene::new(vec![waiting(), waiting(), Step::Says("Yes.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    let pears = in_another_tab(&scene.author, message(&page, "About pears"));
    scene.model.was_asked(1).await;
    let page = scene.author.get(AGENT, 200).await;
    let plums = in_another_tab(&scene.author, message(&page, "About plums"));
    scene.model.was_asked(2).await;
    let idle = scene.client.post("/v1/conversations", serde_json::json!({}), 200).await.text("/id");
    for place in [AGENT.to_owned(), page_of(&idle)] {
        let page = scene.author.get(&place, 200).await;
        let refused = scene.author.press(&page, "Send", &[("message", "Third")]).await;
        assert_eq!(refused.status, 429, "{}", refused.body);
        let words = text_of(&refused);
        assert!(!words.contains("resp_") && words.contains("or stop one of them."), "{words}");
        for title in ["About plums", "About pears"] {
            assert!(refused.body.contains(&format!("\">{title}</a>")), "{title}: {}", refused.body);
        }
        for id in scene.ids().await.iter().filter(|id| **id != idle) {
            let link = format!("href=\"{}\">About ", page_of(id));
            assert!(refused.body.contains(&link), "{link}: {}", refused.body);
        }
        assert_eq!(form(&refused, "Send").value("message"), "Third");
    }
    (0..2).for_each(|_| scene.model.go_on());
    pears.await.unwrap();
    plums.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_where_a_budget_or_a_limit_ends() {
    for (given, says) in [
        (
            &[("BYLINE_AGENT_MONTHLY_TOKENS_PER_USER", "100")][..],
            "Your monthly budget for the agent has less left than the",
        ),
        (&[("BYLINE_AGENT_MONTHLY_TOKENS", "100")], "The publication's monthly budget"),
    ] {
        let (app, model, _) = with_model_and(vec![], given).await;
        let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
        let page = author.get(AGENT, 200).await;
        let refused =
            author.press(&page, "Send", &[("message", "How much?"), ("mode", "draft")]).await;
        assert_eq!(refused.status, 429);
        assert!(text_of(&refused).contains(says), "{}", refused.body);
        let kept = form(&refused, "Send");
        assert_eq!((kept.value("message"), kept.value("mode")), ("How much?", "draft"));
        assert!(model.asked().is_empty());
    }
    // As many messages as there may be in a minute.
    let given = &[("BYLINE_RATE_LIMITS", "on")];
    let (app, _, _) = with_model_and(vec![Step::Always(Box::new(Step::Says("Yes.")))], given).await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let mut page = author.get(AGENT, 200).await;
    for number in 0..20 {
        page = author.press(&page, "Send", &[("message", &format!("Number {number}"))]).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }
    let refused = author.press(&page, "Send", &[("message", "One too many")]).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert_eq!(form(&refused, "Send").value("message"), "One too many");
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_message_may_be_is_said_beside_it() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    let long = "x".repeat(32 * 1024 + 1);
    for (text, says) in [
        ("", "Message: "),
        (" \n ", "Must hold some text."),
        ("a\u{202e}b", "Message: "),
        (long.as_str(), "32768"),
    ] {
        let refused = scene.author.press(&page, "Send", &[("message", text)]).await;
        assert_eq!(refused.status, 422, "{text:?}");
        assert!(text_of(&refused).contains(says), "{}", text_of(&refused));
        assert_eq!(form(&refused, "Send").value("message"), text);
        assert!(refused.body.contains("id=\"message-fault\""));
    }
    let refused = scene.author.press(&page, "Send", &[("message", "a"), ("mode", "publish")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let mut old = message(&page, "a");
    old.set("once", "x");
    let refused = scene.author.submit(&old).await;
    assert_eq!(refused.status, 422);
    assert_eq!(form(&refused, "Send").value("message"), "a");
    assert_eq!(scene.ids().await.len(), 0);
    assert!(scene.model.asked().is_empty());
}
