//! A form that is sent twice asks once.

use byline_local::faults::Fault;

use super::super::visitor::{Visitor, form, text_of};
use super::{AGENT, Scene, Step, message};

fn waits(text: &'static str) -> Step {
    Step::Waits("", Box::new(Step::Says(text)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_sent_twice_is_said_once() {
    let mut scene =
        Scene::new(vec![Step::Says("One."), Step::Says("Two."), Step::Says("Three.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    let first = message(&page, "First");
    let led = [scene.author.submit(&first).await, scene.author.submit(&first).await];
    assert_eq!(led[0].header("location"), led[1].header("location"), "{}", led[1].body);
    assert_eq!((scene.ids().await.len(), scene.model.asked().len()), (1, 1));
    let [_, led] = led;
    let page = scene.author.follow(led).await;
    let second = message(&page, "Second");
    for _ in 0..2 {
        let led = scene.author.submit(&second).await;
        let page = scene.author.follow(led).await;
        assert_eq!(text_of(&page).matches("Second").count(), 1, "{}", page.body);
    }
    assert_eq!(scene.model.asked().len(), 2);
    // The first form once more, after what came since.
    scene.author.submit(&first).await;
    assert_eq!((scene.ids().await.len(), scene.model.asked().len()), (1, 2));
    // With another text it is another message.
    let led = scene.author.submit(&message(&page, "Third")).await;
    let page = scene.author.follow(led).await;
    assert!(text_of(&page).contains("Three."), "{}", page.body);
    assert_eq!((scene.ids().await.len(), scene.model.asked().len()), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_at_once_get_the_same_answer() {
    let mut scene = Scene::new(vec![waits("One."), waits("Two.")]).await;
    let mut page = scene.author.get(AGENT, 200).await;
    for (at, text) in ["One.", "Two."].into_iter().enumerate() {
        let sent = message(&page, "Go");
        let clicks = [(); 2].map(|()| {
            let (mut author, sent) = (scene.author.clone(), sent.clone());
            tokio::spawn(async move { author.submit(&sent).await })
        });
        scene.model.was_asked(at + 1).await;
        scene.model.go_on();
        let [first, second] = clicks;
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        assert_eq!((first.status, second.status), (303, 303), "{} {}", first.body, second.body);
        assert_eq!(first.header("location"), second.header("location"));
        page = scene.author.follow(second).await;
        assert_eq!(text_of(&page).matches(text).count(), 1, "{}", page.body);
    }
    assert_eq!((scene.ids().await.len(), scene.model.asked().len()), (1, 2));
}

/// Wherever the database fails: what was typed is kept, and sending it again says it once.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_met_a_failure_is_kept_and_said_once() {
    let always = Step::Always(Box::new(Step::Says("Yes.")));
    let mut scene = Scene::new(vec![always]).await;
    let mut failed = 0;
    for spared in 1..=8 {
        let page = scene.begin("Hello").await;
        let sent = message(&page, "Do it once");
        let observer = &scene.app.byline.observer;
        observer.plan("desk-agent-conversation", spared, u32::MAX, Fault::Throttled);
        let answer = scene.author.submit(&sent).await;
        observer.end_plan();
        // A turn whose end could not be written down is over with its lease.
        scene.clock.advance(31);
        let page = match answer.status {
            303 => scene.author.follow(answer).await,
            _ => {
                failed += 1;
                assert_eq!(answer.status, 503, "{spared}: {}", answer.body);
                assert_eq!(form(&answer, "Send").value("message"), "Do it once", "{spared}");
                scene.author.press(&answer, "Send", &[]).await
            }
        };
        assert_eq!(page.status, 200, "{spared}: {}", page.body);
        let said = page.body.matches("<p class=\"keep\">Do it once</p>").count();
        assert_eq!(said, 1, "{spared}: {}", page.body);
    }
    assert!(failed >= 2, "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_session_repeats_nothing_of_it() {
    let mut scene = Scene::new(vec![Step::Says("One."), Step::Says("Two.")]).await;
    let page = scene.author.get(AGENT, 200).await;
    scene.author.submit(&message(&page, "Mine")).await;
    let (mut other, client) =
        Visitor::with_role(&scene.app, byline_shared::model::Role::Author).await;
    let own = other.get(AGENT, 200).await;
    let mut copied = message(&page, "Mine");
    copied.set("form_token", form(&own, "Send").value("form_token"));
    let led = other.submit(&copied).await;
    let answer = other.follow(led).await;
    assert!(text_of(&answer).contains("Two."), "{}", answer.body);
    let list = client.get("/v1/conversations", 200).await;
    assert_ne!(list.text("/data/0/id"), scene.ids().await[0], "{}", list.body);
}
