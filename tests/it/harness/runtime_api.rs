//! A stand-in for the Lambda Runtime API
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): starts a real binary and
//! hands it events. As Lambda does, it freezes a process that asks for the next event until there is one.

use std::io::Read;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::{Mutex, Notify, mpsc, oneshot, watch};

/// What stands between the head of a streamed answer and its body.
const AFTER_HEAD: [u8; 8] = [0; 8];

/// What a function says about an event.
type Outcome = Result<FunctionAnswer, String>;

/// The answer of a function.
pub(crate) enum FunctionAnswer {
    /// As one document.
    Whole(Value),
    /// Piece by piece.
    Streamed(Streamed),
}

/// An answer that comes piece by piece.
pub(crate) struct Streamed {
    /// `statusCode`, `headers` and `cookies`.
    pub(crate) head: Value,
    pieces: mpsc::UnboundedReceiver<Bytes>,
}

impl Streamed {
    /// The next piece of the body; `None` at its end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.pieces.recv().await
    }

    /// The answer with its whole body, in the form of one that is not streamed.
    pub(crate) async fn whole(mut self) -> Value {
        let mut body = Vec::new();
        while let Some(piece) = self.next().await {
            body.extend_from_slice(&piece);
        }
        self.head["body"] = String::from_utf8(body).unwrap().into();
        self.head
    }
}

/// What kills a process, also from elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Killer(Arc<std::sync::Mutex<Option<Child>>>);

impl Killer {
    /// Starts the process. Who kills it meanwhile waits until it is there.
    fn start(&self, function: &mut Command) -> (u32, ChildStdout) {
        let mut place = self.0.lock().unwrap();
        let child = function.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{function:?}: {error}"));
        let started = (child.id(), child.stdout.take().unwrap());
        *place = Some(child);
        started
    }

    /// Kills it with SIGKILL. It is gone when this returns.
    pub(crate) fn kill(&self) {
        if let Some(child) = self.0.lock().unwrap().as_mut() {
            // It may have ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The process of a function.
pub(crate) struct Process {
    killer: Killer,
    /// What it prints, to the end.
    log: Option<thread::JoinHandle<String>>,
    server: tokio::task::JoinHandle<()>,
    invocations: Arc<Invocations>,
    events: mpsc::UnboundedSender<String>,
}

struct Invocations {
    /// The process's id.
    process: watch::Sender<Option<u32>>,
    events: Mutex<mpsc::UnboundedReceiver<String>>,
    outcome: Mutex<Option<oneshot::Sender<Outcome>>>,
    is_frozen: watch::Sender<bool>,
    breaks: Notify,
}

/// Starts a function's process, hands it `event`, and returns its response. One that is streamed is returned
/// when it is whole.
pub(crate) async fn invoke(function: Command, event: &Value) -> Result<Value, String> {
    let mut process = Process::start(function).await;
    match process.answer(event).await? {
        FunctionAnswer::Whole(answer) => Ok(answer),
        FunctionAnswer::Streamed(answer) => Ok(answer.whole().await),
    }
}

impl Process {
    pub(crate) async fn start(function: Command) -> Self {
        Self::start_with(function, Killer::default()).await
    }

    /// The same with what kills it.
    pub(crate) async fn start_with(mut function: Command, killer: Killer) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let invocations = Arc::new(Invocations {
            process: watch::Sender::new(None),
            events: Mutex::new(events),
            outcome: Mutex::default(),
            is_frozen: watch::Sender::new(false),
            breaks: Notify::new(),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(error))
            .with_state(Arc::clone(&invocations));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        function
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "test")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256");
        let (id, mut printed) = killer.start(&mut function);
        invocations.process.send_replace(Some(id));
        // Read as it comes, or a process that says much waits for ever.
        let log = thread::spawn(move || {
            let mut log = Vec::new();
            let _ = printed.read_to_end(&mut log);
            String::from_utf8_lossy(&log).into_owned()
        });
        Self { killer, log: Some(log), server, invocations, events: sender }
    }

    /// Hands it an event. Returns when it has answered, or begun to.
    pub(crate) async fn answer(&mut self, event: &Value) -> Outcome {
        let (sender, outcome) = oneshot::channel();
        *self.invocations.outcome.lock().await = Some(sender);
        self.events.send(event.to_string()).unwrap();
        match tokio::time::timeout(Duration::from_secs(60), outcome).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(format!("no answer; its log: {}", self.end())),
        }
    }

    /// Waits until it has nothing to do, and is frozen.
    pub(crate) async fn is_frozen(&self) {
        self.invocations.is_frozen.subscribe().wait_for(|frozen| *frozen).await.unwrap();
    }

    /// Breaks the connection by which it sends its answer.
    pub(crate) fn break_connection(&self) {
        self.invocations.breaks.notify_one();
    }

    /// Ends it. Returns what it printed.
    fn end(&mut self) -> String {
        self.killer.kill();
        self.log.take().map(|log| log.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
        self.server.abort();
    }
}

impl Invocations {
    async fn finish(&self, outcome: Outcome) {
        if let Some(sender) = self.outcome.lock().await.take() {
            let _ = sender.send(outcome);
        }
    }

    /// Whether the signal reached the process: it may have ended.
    async fn signal(&self, signal: &str) -> bool {
        let mut process = self.process.subscribe();
        let process = process.wait_for(Option::is_some).await.unwrap().unwrap();
        let mut kill = Command::new("kill");
        kill.args([signal, &process.to_string()]).stderr(Stdio::null());
        kill.status().unwrap().success()
    }
}

async fn next(State(invocations): State<Arc<Invocations>>) -> Response {
    let mut events = invocations.events.lock().await;
    let event = match events.try_recv() {
        Ok(event) => event,
        Err(_) => {
            if invocations.signal("-STOP").await {
                invocations.is_frozen.send_replace(true);
            }
            let Some(event) = events.recv().await else { return std::future::pending().await };
            invocations.is_frozen.send_replace(false);
            invocations.signal("-CONT").await;
            event
        }
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:test",
        ),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0"),
        ("content-type", "application/json"),
    ];
    (headers, event).into_response()
}

async fn response(
    State(invocations): State<Arc<Invocations>>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("lambda-runtime-function-response-mode") != Some("streaming") {
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let answer = serde_json::from_slice(&body).map(FunctionAnswer::Whole);
        invocations.finish(answer.map_err(|error| error.to_string())).await;
        return StatusCode::ACCEPTED;
    }
    assert_eq!(header("content-type"), Some("application/vnd.awslambda.http-integration-response"));
    let (sender, receiver) = mpsc::unbounded_channel();
    let (mut head, mut pieces) = (Some((Vec::new(), receiver)), body.into_data_stream());
    loop {
        let piece = tokio::select! {
            piece = next_piece(&mut pieces) => piece,
            () = invocations.breaks.notified() => return StatusCode::ACCEPTED,
        };
        let Some(piece) = piece else { return StatusCode::ACCEPTED };
        let body = match head.take() {
            None => piece,
            Some((mut begun, receiver)) => {
                begun.extend_from_slice(&piece);
                let end = begun.windows(AFTER_HEAD.len()).position(|bytes| bytes == AFTER_HEAD);
                let Some(end) = end else {
                    head = Some((begun, receiver));
                    continue;
                };
                let read = serde_json::from_slice(&begun[..end]);
                let answer =
                    read.map(|head| FunctionAnswer::Streamed(Streamed { head, pieces: receiver }));
                invocations.finish(answer.map_err(|error| error.to_string())).await;
                Bytes::copy_from_slice(&begun[end + AFTER_HEAD.len()..])
            }
        };
        if !body.is_empty() {
            // Nobody may read any more: a function is not told.
            let _ = sender.send(body);
        }
    }
}

/// The next piece; `None` at the end, and if the process ended.
async fn next_piece(pieces: &mut axum::body::BodyDataStream) -> Option<Bytes> {
    pieces.next().await.and_then(Result::ok)
}

async fn error(State(invocations): State<Arc<Invocations>>, body: String) -> StatusCode {
    invocations.finish(Err(body)).await;
    StatusCode::ACCEPTED
}
