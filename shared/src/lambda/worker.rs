//! A function that works beside the requests.

use std::process::ExitCode;

use aws_lambda_events::event::dynamodb::Event;
use lambda_runtime::LambdaEvent;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::process::{context, run};
use crate::http::RequestInfo;
use crate::worker::{Trigger, Worker};

/// Runs a worker, for stream batches or on its schedule, until Lambda ends the process.
#[must_use]
pub fn work(worker: Worker) -> ExitCode {
    run(async {
        let context = context().await?;
        let context = &context;
        match worker.trigger {
            Trigger::NewItems(items) => {
                let handler =
                    lambda_runtime::service_fn(move |event: LambdaEvent<Event>| async move {
                        let response = items.run(context, event.payload).await;
                        Ok::<_, lambda_runtime::Error>(response)
                    });
                lambda_runtime::run(handler).await
            }
            Trigger::Called { run, .. } => {
                let handler =
                    lambda_runtime::service_fn(move |event: LambdaEvent<Value>| async move {
                        let context = context.for_request(RequestInfo::none());
                        run(&context, event.payload).await.map_err(|problem| {
                            tracing::error!(cause = ?problem.cause, "failed; it is called again");
                            lambda_runtime::Error::from(problem.detail)
                        })
                    });
                lambda_runtime::run(handler).await
            }
            Trigger::Every { run, .. } => {
                let handler =
                    lambda_runtime::service_fn(move |_: LambdaEvent<IgnoredAny>| async move {
                        run(context).await.map_err(|problem| {
                            tracing::error!(cause = ?problem.cause, "failed; it is done next time");
                            lambda_runtime::Error::from(problem.detail)
                        })
                    });
                lambda_runtime::run(handler).await
            }
        }
    })
}
