//! Stand-ins for AWS: DynamoDB on the embedded database, and the parts of SSM, SES and EventBridge
//! Scheduler that Byline uses. S3 is in [`crate::s3`]. The AWS SDKs reach them without a socket in this
//! process ([`wire`]), and through a protected loopback port from Lambda binaries ([`port`]).

mod answers;
mod database;
mod parameters;
pub(crate) mod port;
mod reply;
mod schedules;
pub(crate) mod wire;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use byline_shared::clock::Clock;
use dynoxide::Database;
use serde_json::{Value, json};

use crate::mailbox::Mailbox;
use crate::s3::S3;
use crate::streams::Wakers;
use answers::Answers;
use parameters::Parameters;
use reply::{Reply, error, failure};
use schedules::Schedules;

/// The actions that change nothing.
const READS: [&str; 3] = ["BatchGetItem", "GetItem", "Query"];

/// The stand-ins.
pub(crate) struct Aws {
    database: Database,
    parameters: Parameters,
    schedules: Schedules,
    mailbox: Mailbox,
    pub(crate) s3: S3,
    clock: Arc<dyn Clock>,
    database_is_down: AtomicBool,
    mail_is_down: AtomicBool,
    answers: Answers,
    /// Woken by each write to the database.
    pub(crate) wakers: Wakers,
}

impl Aws {
    /// With the parameters and schedules of a data folder, or none.
    ///
    /// # Errors
    /// If a file of the data folder cannot be read.
    pub(crate) fn new(
        database: Database,
        folder: Option<&Path>,
        mailbox: Mailbox,
        s3: S3,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let (parameters, schedules) = (Parameters::open(folder)?, Schedules::open(folder)?);
        let database_is_down = AtomicBool::new(false);
        let (mail_is_down, answers) = (AtomicBool::new(false), Answers::default());
        Ok(Self {
            database,
            parameters,
            schedules,
            mailbox,
            s3,
            clock,
            database_is_down,
            mail_is_down,
            answers,
            wakers: Wakers::default(),
        })
    }

    /// Makes every later call to the database fail. For tests.
    pub(crate) fn stop_database(&self) {
        self.database_is_down.store(true, Ordering::SeqCst);
    }

    /// Makes every later call to SES fail, or succeed again. For tests.
    pub(crate) fn stop_mail(&self, is_down: bool) {
        self.mail_is_down.store(is_down, Ordering::SeqCst);
    }

    /// Runs `sweep`, which removes expired items without a request.
    pub(crate) fn sweep<T>(&self, sweep: impl FnOnce() -> T) -> T {
        self.answers.write(sweep)
    }

    /// The schedules.
    pub(crate) fn schedules(&self) -> &Schedules {
        &self.schedules
    }

    /// Answers a request by its method and its `X-Amz-Target` or path. `None` if the service is down.
    fn answer(&self, method: &str, target: &str, path: &str, body: &[u8]) -> Option<Reply> {
        if let Some(action) = target.strip_prefix("DynamoDB_20120810.") {
            if self.database_is_down.load(Ordering::SeqCst) {
                return None;
            }
            if READS.contains(&action) {
                let read = || database::answer(&self.database, action, body);
                return Some(self.answers.get(action, body, read));
            }
            let write = || database::answer(&self.database, action, body);
            let reply = self.answers.write(write);
            self.wakers.wake(body);
            return Some(reply);
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        if let Some(name) = path.strip_prefix("/schedules/") {
            return Some(match method {
                "POST" => self.schedules.create(name, &body),
                "DELETE" => self.schedules.delete(name),
                _ => error("UnknownOperationException"),
            });
        }
        Some(match (target, path) {
            ("AmazonSSM.GetParameter", _) => self.parameters.get(&body),
            ("AmazonSSM.PutParameter", _) => self.parameters.put(&body),
            (_, "/v2/email/outbound-emails") => self.send_email(&body),
            _ => error("UnknownOperationException"),
        })
    }

    /// SES v2 `SendEmail`:
    /// <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>.
    fn send_email(&self, mail: &Value) -> Reply {
        if self.mail_is_down.load(Ordering::SeqCst) {
            return failure("mail is down", &std::io::ErrorKind::NotConnected.into());
        }
        let simple = &mail["Content"]["Simple"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let delivered = self.mailbox.deliver(
            text(&mail["Destination"]["ToAddresses"][0]),
            text(&simple["Subject"]["Data"]),
            ["Text", "Html"].map(|part| text(&simple["Body"][part]["Data"])),
            self.clock.now(),
        );
        match delivered {
            Ok(()) => (200, json!({ "MessageId": "local" }).to_string().into()),
            Err(cause) => failure("cannot store a mail", &cause),
        }
    }
}
