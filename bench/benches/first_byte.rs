//! How long a word of the agent's model takes through the local runner, until the client of a stream has it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};

use crate::Error;
use crate::connection::Connection;
use crate::report::Budget::{AtMost, None as Free};
use crate::report::{self, percentile};
use crate::seed::Writer;

/// How many streams of each kind there are; the first few are not counted.
const STREAMS: usize = 50;
const UNCOUNTED: usize = 5;

/// How many words an answer has. Each is a piece of a stream.
const WORDS: usize = 5;

/// A model on loopback that tells when it spoke, and says no more before the client has heard it.
pub(crate) struct Model {
    address: SocketAddr,
    spoke: mpsc::UnboundedReceiver<Instant>,
    heard: Arc<Notify>,
}

impl Model {
    /// Listens on a free port.
    pub(crate) async fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (tell, spoke) = mpsc::unbounded_channel();
        let heard = Arc::new(Notify::new());
        let hears = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(connection) = Connection::over(stream) else { continue };
                // A turn asks once, and the next one waits for its end.
                let _ = answer(connection, &tell, &hears).await;
            }
        });
        Ok(Self { address, spoke, heard })
    }

    /// What the agent of a runner is configured with.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("BYLINE_AGENT_PROVIDER", "openai".to_owned()),
            ("BYLINE_AGENT_MODEL", "benchmark".to_owned()),
            ("BYLINE_AGENT_BASE_URL", format!("http://{}/v1", self.address)),
        ]
    }
}

async fn answer(
    mut connection: Connection,
    tell: &mpsc::UnboundedSender<Instant>,
    heard: &Notify,
) -> Result<(), Error> {
    connection.receive().await?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    connection.send(head.as_bytes()).await?;
    connection.send(&event(&json!({ "role": "assistant", "content": "" }), None)).await?;
    for _ in 0..WORDS {
        tell.send(Instant::now())?;
        connection.send(&event(&json!({ "content": "word " }), None)).await?;
        heard.notified().await;
    }
    connection.send(&event(&json!({}), Some("stop"))).await?;
    connection.send(b"data: [DONE]\n\n").await?;
    Ok(())
}

/// An event of Chat Completions.
fn event(delta: &Value, finish_reason: Option<&str>) -> Vec<u8> {
    let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish_reason });
    format!("data: {}\n\n", json!({ "choices": [choice] })).into_bytes()
}

/// The body of a request, by its number.
type Body<'a> = &'a dyn Fn(usize) -> Value;

/// Measures both kinds of streams and prints a table of them.
pub(crate) async fn measure(mut model: Model, address: SocketAddr) -> Result<(), Error> {
    let writer = Writer::sign_in(address).await?;
    report::table("Local runner, words of a stream", &["", "measured", "budget"]);
    let response = |_: usize| json!({ "input": "Hello", "stream": true });
    let chat = |turn: usize| {
        let said = json!({ "type": "text", "text": "Hello" });
        let message = json!({ "id": format!("m{turn}"), "role": "user", "parts": [said] });
        json!({ "id": format!("c{turn}"), "trigger": "submit-message", "messages": [message] })
    };
    let kinds: [(&str, Body<'_>, &str); 2] = [
        ("/v1/responses", &response, "\"response.output_text.delta\""),
        ("/v1/chat", &chat, "\"text-delta\""),
    ];
    for (path, body, marker) in kinds {
        // One for all, as browsers and SDKs keep it: there, the kernel may hold small pieces back.
        let mut connection = Connection::open(address).await?;
        let (mut first, mut later) = (Vec::new(), Vec::new());
        for turn in 0..UNCOUNTED + STREAMS {
            connection.send(&writer.request(path, &body(turn))).await?;
            for word in 0..WORDS {
                receive_until(&mut connection, marker).await?;
                let heard = Instant::now();
                let spoke = model.spoke.recv().await.ok_or("the model is gone")?;
                model.heard.notify_one();
                if turn >= UNCOUNTED {
                    let times = if word == 0 { &mut first } else { &mut later };
                    times.push(heard.saturating_duration_since(spoke).as_secs_f64() * 1e3);
                }
            }
            // The end of the body, which comes in chunks.
            receive_until(&mut connection, "\r\n0\r\n\r\n").await?;
        }
        for (which, mut times) in [("first word", first), ("later words", later)] {
            let what = format!("`POST {path}`, {which}, median");
            report::row(&what, percentile(&mut times, 50), 2, " ms", AtMost(20.0));
            let slowest = percentile(&mut times, 95);
            report::row("the slowest of 20", slowest, 2, " ms", Free);
        }
    }
    Ok(())
}

/// Reads until this text has come, of an answer whose end is not known before.
async fn receive_until(connection: &mut Connection, text: &str) -> std::io::Result<()> {
    connection.buffer.clear();
    while !connection.buffer.windows(text.len()).any(|window| window == text.as_bytes()) {
        connection.read_more().await?;
    }
    Ok(())
}
