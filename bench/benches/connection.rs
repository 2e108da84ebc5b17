//! One keep-alive HTTP/1.1 connection, from either end. It reads no more than it must, because the
//! load client shares the cores with what it measures.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, and the message that was received last.
pub(crate) struct Connection {
    stream: TcpStream,
    /// What was received since it was emptied.
    pub(crate) buffer: Vec<u8>,
    /// Where the last message's body begins and ends in the buffer.
    body: (usize, usize),
}

impl Connection {
    /// Connects to a server.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        Self::over(TcpStream::connect(address).await?)
    }

    /// A connection that is already there.
    pub(crate) fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024), body: (0, 0) })
    }

    /// Sends a request and waits for its answer; gives its status.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.send(request).await?;
        self.receive().await?;
        let status = self.buffer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
        status.and_then(|digits| digits.parse().ok()).ok_or_else(|| malformed("a status"))
    }

    /// Sends bytes as they are.
    pub(crate) async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.stream.write_all(message).await
    }

    /// Waits for the next whole message. Both sides wait for each other, so no message begins
    /// before the last one was taken.
    pub(crate) async fn receive(&mut self) -> io::Result<()> {
        self.buffer.clear();
        let head = loop {
            let seen = self.buffer.len().saturating_sub(3);
            self.read_more().await?;
            let end = self.buffer[seen..].windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                break seen + end + 4;
            }
        };
        let end = head + content_length(&self.buffer[..head])?;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        self.body = (head, end);
        Ok(())
    }

    /// The first line of the last message.
    pub(crate) fn first_line(&self) -> &[u8] {
        self.buffer.split(|byte| *byte == b'\r').next().unwrap_or_default()
    }

    /// The values of a header of the last message.
    pub(crate) fn headers(&self, name: &str) -> Vec<String> {
        let head = String::from_utf8_lossy(&self.buffer[..self.body.0]);
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        let named = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim().to_owned()).collect()
    }

    /// The body of the last message.
    pub(crate) fn body(&self) -> &[u8] {
        &self.buffer[self.body.0..self.body.1]
    }

    /// Waits for more than was received.
    pub(crate) async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// The length of the body that follows `head`: none without a `Content-Length`.
fn content_length(head: &[u8]) -> io::Result<usize> {
    for line in head.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return Err(malformed("a body of known length"));
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value).map_err(|_| malformed("a Content-Length"))?;
            return value.trim().parse().map_err(|_| malformed("a Content-Length"));
        }
    }
    Ok(0)
}

fn malformed(wanted: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("expected {wanted}"))
}
