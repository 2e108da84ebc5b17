//! The side of the Lambda Runtime API that a function sees: it asks for the next event, and posts
//! its answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::Error;
use crate::connection::Connection;

/// How long a function may take for anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// The API for one function process.
pub(crate) struct RuntimeApi {
    listener: TcpListener,
}

impl RuntimeApi {
    /// Listens on a free loopback port.
    pub(crate) async fn open() -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await? })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Waits until the function asks for its first event.
    pub(crate) async fn ready(&self) -> Result<Invocations, Error> {
        let (stream, _) = timeout(PATIENCE, self.listener.accept()).await??;
        let mut invocations = Invocations { connection: Connection::over(stream)?, asked: false };
        invocations.asked().await?;
        Ok(invocations)
    }
}

/// A function that has started.
pub(crate) struct Invocations {
    connection: Connection,
    asked: bool,
}

impl Invocations {
    /// Waits until the function asks for an event.
    async fn asked(&mut self) -> Result<(), Error> {
        if !self.asked {
            timeout(PATIENCE, self.connection.receive()).await??;
            let line = self.connection.first_line();
            if line != b"GET /2018-06-01/runtime/invocation/next HTTP/1.1" {
                return Err(format!("unexpected: {}", String::from_utf8_lossy(line)).into());
            }
            self.asked = true;
        }
        Ok(())
    }

    /// Hands it an event; gives the moment of the answer and the time it took.
    pub(crate) async fn invoke(&mut self, event: &str) -> Result<(Instant, Duration), Error> {
        self.asked().await?;
        let message = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
             Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:local:123456789012:function:f\r\n\
             Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\
             \r\n{event}",
            event.len()
        );
        let sent = Instant::now();
        self.connection.send(message.as_bytes()).await?;
        self.asked = false;
        timeout(PATIENCE, self.connection.receive()).await??;
        let answered = Instant::now();
        let answer: Value = serde_json::from_slice(self.connection.body())?;
        if answer["statusCode"] != 200 {
            return Err(format!("the function answered {answer}").into());
        }
        let accepted = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        self.connection.send(accepted).await?;
        Ok((answered, answered - sent))
    }
}
