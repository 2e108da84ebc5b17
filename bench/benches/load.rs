//! Load on the local runner: a few keep-alive connections, each asking again as soon as it has
//! its answer. Every status is checked.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Error;
use crate::connection::Connection;

/// How many connections ask at once.
const CONNECTIONS: usize = 16;

/// How long they do.
const TIME: Duration = Duration::from_secs(8);

/// A `GET` of `path`.
pub(crate) fn get(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n")
        .into_bytes()
}

/// Answers per second; the connections go through `paths` in turn, each from its own place.
pub(crate) async fn per_second(address: SocketAddr, paths: Vec<String>) -> Result<f64, Error> {
    // One thread of its own: what the client takes, the server lacks.
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(run(address, &paths))
    })
    .await?
}

async fn run(address: SocketAddr, paths: &[String]) -> Result<f64, Error> {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| get(address, path)).collect();
    let requests: &'static [Vec<u8>] = requests.leak();
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for place in 0..CONNECTIONS {
        let skipped = place * requests.len() / CONNECTIONS;
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut answers = 0_u32;
            for request in requests.iter().cycle().skip(skipped) {
                if started.elapsed() > TIME {
                    break;
                }
                expect_ok(connection.exchange(request).await?)?;
                answers += 1;
            }
            Ok::<_, Error>(answers)
        });
    }
    let mut answers = 0;
    while let Some(outcome) = tasks.join_next().await {
        answers += outcome??;
    }
    Ok(f64::from(answers) / started.elapsed().as_secs_f64())
}

/// The time of one request, in milliseconds.
pub(crate) async fn alone(connection: &mut Connection, request: &[u8]) -> Result<f64, Error> {
    let asked = Instant::now();
    expect_ok(connection.exchange(request).await?)?;
    Ok(asked.elapsed().as_secs_f64() * 1e3)
}

/// Refuses any status but 200.
pub(crate) fn expect_ok(status: u16) -> Result<(), Error> {
    if status == 200 { Ok(()) } else { Err(format!("answered with {status}").into()) }
}
