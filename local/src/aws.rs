//! Stand-ins for the parts of SSM and SES that Byline uses, spoken to by the real SDKs.
//!
//! SSM: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/>, JSON 1.1.
//! SES v2: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use shared::clock::Clock;
use tokio::net::TcpListener;

use crate::mailbox::Mailbox;

/// The state behind the stand-ins.
pub(crate) struct Aws {
    parameters: Mutex<BTreeMap<String, String>>,
    /// Where the parameters are kept, readable by this user alone.
    file: Option<PathBuf>,
    mailbox: Mailbox,
    clock: Arc<dyn Clock>,
}

impl Aws {
    /// With the parameters of a data folder, or none.
    ///
    /// # Errors
    /// Where the parameters' file is there and cannot be read.
    pub(crate) fn open(
        folder: Option<&Path>,
        mailbox: Mailbox,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let file = folder.map(|folder| folder.join("parameters.json"));
        let parameters = match file.as_deref().map(std::fs::read) {
            Some(Ok(json)) => serde_json::from_slice(&json)?,
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => BTreeMap::new(),
        };
        Ok(Self { parameters: Mutex::new(parameters), file, mailbox, clock })
    }

    /// Listens on a loopback port, as long as the process runs.
    ///
    /// # Errors
    /// Where there is no port.
    pub(crate) async fn listen(self) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/", post(ssm))
            .route("/v2/email/outbound-emails", post(send_email))
            .with_state(Arc::new(self));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    fn put(&self, name: &str, value: &str) -> std::io::Result<bool> {
        let mut parameters = self.parameters.lock().unwrap_or_else(PoisonError::into_inner);
        if parameters.contains_key(name) {
            return Ok(false);
        }
        let mut changed = parameters.clone();
        changed.insert(name.to_owned(), value.to_owned());
        if let Some(file) = &self.file {
            write_private(file, &serde_json::to_vec(&changed)?)?;
        }
        *parameters = changed;
        Ok(true)
    }
}

/// Replaces a file whole: a crash leaves the old one or the new one.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut options = OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(draft, path)
}

async fn ssm(State(aws): State<Arc<Aws>>, headers: HeaderMap, body: String) -> Response {
    let action = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let name = body["Name"].as_str().unwrap_or_default();
    match action {
        Some("AmazonSSM.GetParameter") => {
            let parameters = aws.parameters.lock().unwrap_or_else(PoisonError::into_inner);
            match parameters.get(name) {
                Some(value) => Json(json!({
                    "Parameter": { "Name": name, "Type": "SecureString", "Value": value }
                }))
                .into_response(),
                None => error("ParameterNotFound"),
            }
        }
        Some("AmazonSSM.PutParameter") => {
            match aws.put(name, body["Value"].as_str().unwrap_or_default()) {
                Ok(true) => Json(json!({ "Version": 1 })).into_response(),
                Ok(false) => error("ParameterAlreadyExists"),
                Err(cause) => {
                    tracing::error!(%cause, "a parameter cannot be kept");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            }
        }
        _ => error("UnknownOperationException"),
    }
}

fn error(kind: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "message": kind }))).into_response()
}

async fn send_email(State(aws): State<Arc<Aws>>, Json(mail): Json<Value>) -> Response {
    let simple = &mail["Content"]["Simple"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let delivered = aws.mailbox.deliver(
        text(&mail["Destination"]["ToAddresses"][0]),
        text(&simple["Subject"]["Data"]),
        text(&simple["Body"]["Text"]["Data"]),
        aws.clock.now(),
    );
    match delivered {
        Ok(()) => Json(json!({ "MessageId": "local" })).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "a mail cannot be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
