//! A function that answers several operations at a URL of its own, and sends its answers piece by piece.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::stream::{iter, poll_fn};
use futures_util::{Stream, StreamExt};
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderValue, SET_COOKIE};
use lambda_http::RequestExt;
use lambda_http::request::LambdaRequest;
use lambda_runtime::{Error, LambdaEvent, MetadataPrelude, Runtime, StreamResponse};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tower::util::ThenLayer;

use super::event;
use super::process::{context, open_connections, run};
use crate::endpoint::FunctionUrl;
use crate::http::{Body, Response};

/// What is sent for a body without a byte: Function URLs that got none kept the connection open, or sent another
/// status. Where HTTP has no body (HEAD, 204), clients do not see it.
const NO_BYTE: Bytes = Bytes::from_static(b"\n");

/// Answers events of a Function URL until Lambda ends the process.
#[must_use]
pub fn serve_url(url: FunctionUrl) -> ExitCode {
    run(async {
        let context = context().await?;
        let router = url.router(&context);
        open_connections(&context, url.operations).await;
        let (router, sending) = (&router, Sending::default());
        let sends = &sending;
        let handler =
            lambda_runtime::service_fn(move |event: LambdaEvent<LambdaRequest>| async move {
                let event = event::readable(event);
                let request: lambda_http::Request = event.payload.into();
                let request = request.with_lambda_context(event.context);
                let response = router.answer(event::of_function_url(request)).await;
                Ok::<_, Error>(sends.begin(response))
            });
        // Lambda freezes a process that asks for the next event.
        let to_the_end = ThenLayer::new(move |sent: Result<(), Error>| async move {
            sends.to_the_end().await;
            sent
        });
        Runtime::new(handler).layer(to_the_end).run().await
    })
}

/// The body that is being sent. Its pieces are taken to the last one, also if nobody takes them any more: the
/// last piece of a turn comes when the turn is over, and a process that is frozen before would lose it.
#[derive(Default)]
struct Sending(Mutex<Option<JoinHandle<()>>>);

impl Sending {
    /// The response, with a body that comes piece by piece.
    fn begin(
        &self,
        response: Response,
    ) -> StreamResponse<impl Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + use<>> {
        let (parts, body) = response.into_parts();
        let mut headers = parts.headers;
        // It says how long the answer to HEAD would be.
        headers.remove(CONTENT_LENGTH);
        let cookies = headers.get_all(SET_COOKIE).iter();
        let cookies = cookies.map(|cookie| String::from_utf8_lossy(cookie.as_bytes()).into_owned());
        let cookies = cookies.collect();
        headers.remove(SET_COOKIE);
        let (sender, mut receiver) = mpsc::channel(1);
        *self.task() = Some(tokio::spawn(send(body, sender)));
        StreamResponse {
            metadata_prelude: MetadataPrelude {
                status_code: parts.status,
                headers: joined(&headers),
                cookies,
            },
            stream: poll_fn(move |cx| receiver.poll_recv(cx)).map(Ok),
        }
    }

    /// Waits until the last piece was taken.
    async fn to_the_end(&self) {
        let task = self.task().take();
        if let Some(task) = task {
            // A body that panicked has ended.
            let _ = task.await;
        }
    }

    fn task(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send(body: Body, to: mpsc::Sender<Bytes>) {
    let mut is_empty = true;
    let mut pieces = match body {
        Body::Whole(bytes) => iter([bytes]).boxed(),
        Body::Pieces(pieces) => pieces,
    };
    while let Some(piece) = pieces.next().await {
        if piece.is_empty() {
            continue;
        }
        is_empty = false;
        // If it fails, nobody reads any more.
        let _ = to.send(piece).await;
    }
    if is_empty {
        let _ = to.send(NO_BYTE).await;
    }
}

/// The headers with one value each: Function URLs take no lists. Cookies are apart.
fn joined(headers: &HeaderMap) -> HeaderMap {
    let mut joined = HeaderMap::with_capacity(headers.keys_len());
    for name in headers.keys() {
        let values: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        if let Ok(value) = HeaderValue::from_bytes(&values.join(&b", "[..])) {
            joined.insert(name.clone(), value);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, VARY};

    use super::*;

    #[test]
    fn a_header_has_one_value() {
        let mut headers = HeaderMap::new();
        headers.append(VARY, HeaderValue::from_static("origin"));
        headers.append(VARY, HeaderValue::from_static("accept"));
        headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
        let joined = joined(&headers);
        assert_eq!(joined.len(), 2);
        assert_eq!(joined[VARY], "origin, accept");
        assert_eq!(joined[ACCESS_CONTROL_ALLOW_ORIGIN], "null");
    }

    #[tokio::test]
    async fn cookies_are_apart_and_no_body_is_empty() {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        for cookie in ["a=1", "b=2"] {
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        let sending = Sending::default();
        let begun = sending.begin(response);
        let head = begun.metadata_prelude;
        assert_eq!((head.status_code, head.headers.len()), (StatusCode::NO_CONTENT, 0));
        assert_eq!(head.cookies, ["a=1", "b=2"]);
        let body: Vec<_> = begun.stream.collect().await;
        assert_eq!(body, [Ok(NO_BYTE)]);
        sending.to_the_end().await;
    }

    /// The receiver is dropped, as the runtime drops it when its connection breaks.
    #[tokio::test]
    async fn a_body_is_taken_to_its_end_though_nobody_reads_it() {
        let (end, mut ended) = mpsc::channel(1);
        let pieces = iter(["a", "b", "c"]).map(Bytes::from);
        let last = futures_util::stream::once(async move {
            end.send(()).await.expect("the test waits for it");
            Bytes::from("d")
        });
        let response = Response::new(Body::pieces(pieces.chain(last)));
        let sending = Sending::default();
        drop(sending.begin(response));
        sending.to_the_end().await;
        assert_eq!(ended.try_recv(), Ok(()));
    }
}
