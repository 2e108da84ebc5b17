//! A process that runs a turn is killed with SIGKILL wherever it waits for something outside of it: at each of its
//! calls to the database, before and after it was carried out, and at each piece of the model's answers. What is
//! left is a conversation that goes on: the turn reads as interrupted, a tool has had its effect once at most, and all
//! tokens are settled.

mod left;
mod relay;

use std::sync::Arc;

use byline_shared::clock::{Clock, SystemClock};
use byline_shared::model::{Role, Time};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::conversations::agent::{ScriptedModel, Step, over_converse};
use crate::conversations::{PATH, on};
use crate::harness::runtime_api::{FunctionAnswer, Killer, Process};
use crate::harness::tier::seed;
use crate::harness::{App, Client, events, functions, tier};
use left::Left;
use relay::{Call, Relay, Seen};

const OPERATION: &str = "responses-create";

/// How many processes run at once.
const AT_ONCE: usize = 2;

/// Every how many points the quick tier kills at.
const EVERY: usize = 10;

/// When a process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    Call(Call),
    /// When the model has sent this many events of its answer to this request. Before the first one, it sent no
    /// head either.
    Answer {
        request: usize,
        events: usize,
    },
}

/// The clock of the Byline that looks at what is left: a minute ahead of the process, whose lease is over then.
struct Ahead;

impl Clock for Ahead {
    fn now(&self) -> Time {
        SystemClock.now().plus_seconds(60)
    }
}

/// What the model does: it speaks, reads, writes a draft, makes a proposal, and ends.
fn script(conversation: &str) -> Vec<Step> {
    let text = |title: String| json!({ "title": title, "body": "It sings at night.\n", "tags": ["Birds"] });
    let draft = text(left::draft_of(conversation));
    let proposal = text(left::proposal_of(conversation));
    vec![
        Step::Calls(
            "I look, and write.",
            vec![("posts_list", json!({})), ("post_create_draft", draft)],
        ),
        Step::Calls("", vec![("post_propose", proposal)]),
        Step::Says("Both are there."),
    ]
}

/// A process whose turn was begun in a conversation of its own.
struct Killed {
    key: Client,
    conversation: String,
    seen: Seen,
    answer: Option<Value>,
}

/// Runs a turn in a process, and kills it at this point.
async fn killed_at(app: &App, point: Option<Point>) -> Killed {
    let author = app.user(Role::Author).await;
    let scopes = ["profile", "conversations", "posts:read", "posts:write", "posts:propose"];
    let key = json!({ "name": "Key", "scopes": scopes });
    let token = author.post("/v1/auth/api-keys", key, 201).await.text("/key");
    let key = app.with_token(&token);
    let mode = json!({ "metadata": { "mode": "draft" } });
    let conversation = key.post(PATH, mode, 200).await.text("/id");

    let mut steps = script(&conversation);
    if let Some(Point::Answer { request, events }) = point {
        steps.truncate(request + 1);
        let sent = steps[request].events().into_iter().take(events).collect();
        steps[request] = if events == 0 { Step::Silent } else { Step::Stalls(sent) };
    }
    let model = ScriptedModel::start(steps).await;
    let mut variables = app.byline.lambda_environment.clone();
    let aws = variables.iter().find(|(name, _)| name == "AWS_ENDPOINT_URL_DYNAMODB").unwrap();
    let aws = aws.1.clone();
    let at_call = match point {
        Some(Point::Call(call)) => Some(call),
        _ => None,
    };
    let killer = Killer::default();
    let relay = Relay::start(aws.clone(), at_call, killer.clone()).await;
    for (_, value) in variables.iter_mut().filter(|(_, value)| *value == aws) {
        value.clone_from(&relay.url);
    }
    for name in ["BYLINE_AGENT_BASE_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] {
        let value = model.variable(name, None);
        variables.extend(value.map(|value| (name.to_owned(), value)));
    }
    let mut event = events::read("byline_conversations::responses_create", OPERATION);
    event["headers"]["authorization"] = json!(format!("Bearer {token}"));
    event["headers"]["idempotency-key"] = json!(left::KEY);
    event["body"] = json!(left::request(&conversation).to_string());

    let function = functions::command(OPERATION, &variables);
    let mut process = Process::start_with(function, killer).await;
    let kill = async {
        if let Some(Point::Answer { request, .. }) = point {
            model.was_asked(request + 1).await;
            // The second one that comes now began when the process had read what the model sent.
            relay.was_renewed(2).await;
            relay.kill().await;
        }
        relay.was_killed().await;
    };
    let answer = tokio::select! {
        () = kill => None,
        answer = process.answer(&event) => match answer.unwrap() {
            FunctionAnswer::Whole(answer) => Some(answer),
            FunctionAnswer::Streamed(answer) => Some(answer.whole().await),
        },
    };
    Killed { key, conversation, seen: relay.seen(), answer }
}

/// Every point of the turn.
fn points(calls: usize) -> Vec<Point> {
    let calls = (0..calls).flat_map(|n| [Call::Before(n), Call::After(n)]).map(Point::Call);
    let steps = script("conv").into_iter().enumerate();
    let answers = steps.flat_map(|(request, step)| {
        (0..=step.events().len()).map(move |events| Point::Answer { request, events })
    });
    // The end of a stream is not a point of it: the process does not wait for more.
    calls.chain(answers.filter(|point| !is_end(*point))).collect()
}

fn is_end(point: Point) -> bool {
    let Point::Answer { request, events } = point else { return false };
    script("conv")[request].events().len() == events
}

/// The Byline that looks at what is left, with budgets.
async fn a_minute_ahead() -> (App, ScriptedModel) {
    let model = ScriptedModel::start(Vec::new()).await;
    let asked = model.clone();
    let variable = move |name: &str| {
        let budget = match name {
            "BYLINE_AGENT_MONTHLY_TOKENS" => Some("900000000".to_owned()),
            "BYLINE_AGENT_MONTHLY_TOKENS_PER_USER" => Some("9000000".to_owned()),
            _ => on(name),
        };
        asked.variable(name, budget)
    };
    let app = App::start_with(|options| {
        options.clock = Arc::new(Ahead);
        options.variable = Arc::new(variable);
    });
    (app.await, model)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_anywhere_leaves_a_conversation_that_goes_on() {
    functions::build(OPERATION);
    let (app, model) = a_minute_ahead().await;
    let left = Mutex::new(Left { app: &app, model: &model });
    let whole = killed_at(&app, None).await;
    let calls = whole.seen.calls.len();
    assert!(whole.answer.is_some() && calls > 20, "the turn ends by itself after {calls} calls");
    left.lock().await.judge(&whole, "not killed").await;

    let offset = usize::try_from(seed()).unwrap() % EVERY;
    let points = points(calls).into_iter();
    let points = points.skip(tier().pick(offset, 0)).step_by(tier().pick(EVERY, 1));
    let met = stream::iter(points).map(|point| {
        let (app, left) = (&app, &left);
        async move {
            let killed = killed_at(app, Some(point)).await;
            // One by one: the model that goes on has one script.
            left.lock().await.judge(&killed, &format!("{point:?}")).await;
            usize::from(killed.seen.is_killed)
        }
    });
    let met: usize =
        met.buffer_unordered(AT_ONCE).fold(0, |sum, met| std::future::ready(sum + met)).await;
    assert!(met >= tier().pick(5, 60), "only {met} processes were killed");
    left.lock().await.is_settled_for_all().await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[test]
fn the_same_where_the_model_is_at_bedrock() {
    over_converse(a_process_that_is_killed_anywhere_leaves_a_conversation_that_goes_on);
}
