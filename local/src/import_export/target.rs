//! The Byline that is imported into or exported from: on this machine, or on AWS.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use byline_shared::Context;
use byline_shared::clock::SystemClock;
use byline_shared::config::Config;

use super::{ImportExportError, TargetArguments};
use crate::engine::Data;
use crate::{Byline, Options};

/// The URL of the local Byline unless it is configured: URLs of media begin with it.
const LOCAL_URL: &str = "http://127.0.0.1:8000";

/// An open Byline, on this machine or on AWS.
pub(super) struct Target {
    pub(super) context: Context,
    local: Option<Byline>,
}

impl Target {
    /// A sentence about the URLs of media, which posts contain.
    pub(super) fn describe_media_url(&self) -> String {
        let url = &self.context.config.media_url;
        match self.local {
            Some(_) => format!(
                "URLs of media files begin with {url}. If readers use another URL, set --public-url \
                 or BYLINE_PUBLIC_URL."
            ),
            None => format!("URLs of media files begin with {url}."),
        }
    }

    /// Stops a local Byline.
    pub(super) async fn close(self) {
        if let Some(byline) = self.local {
            byline.stop().await;
        }
    }
}

/// Opens a Byline that exists. Creates nothing.
///
/// # Errors
/// If the data folder has no Byline, and those of [`open`].
pub(super) async fn open_existing(
    arguments: &TargetArguments,
) -> Result<Target, ImportExportError> {
    if !arguments.stack && !Data::Folder(arguments.data.clone()).exists() {
        return Err(ImportExportError::NoData(arguments.data.clone()));
    }
    open(arguments).await
}

/// Opens a Byline. Creates a data folder that is missing.
///
/// # Errors
/// If the local Byline does not start, or the stack's resources are not named.
pub(super) async fn open(arguments: &TargetArguments) -> Result<Target, ImportExportError> {
    if arguments.stack {
        return Ok(Target { context: stack(arguments).await?, local: None });
    }
    let public_url = arguments.public_url.as_ref();
    let public_url = public_url.map(|url| url.as_str().trim_end_matches('/').to_owned());
    let options = Options {
        address: ([127, 0, 0, 1], 0).into(),
        data: Data::Folder(arguments.data.clone()),
        admin_email: arguments.admin_email.clone(),
        variable: Arc::new(move |name| {
            let set = || std::env::var(name).ok().filter(|value| !value.is_empty());
            if name != "BYLINE_PUBLIC_URL" {
                return set();
            }
            public_url.clone().or_else(set).or_else(|| Some(LOCAL_URL.to_owned()))
        }),
        ..Options::in_memory()
    };
    let byline = Byline::start(options).await?;
    if let Some(password) = &byline.admin.password {
        eprintln!(
            "Created the admin {} with the password {}\nThis password is not shown again.",
            byline.admin.email,
            password.expose()
        );
    }
    Ok(Target { context: byline.context.clone(), local: Some(byline) })
}

/// A deployed stack, with the AWS credentials of the environment.
async fn stack(arguments: &TargetArguments) -> Result<Context, ImportExportError> {
    let config = Config::from_lookup(|name| {
        let given = match name {
            "BYLINE_CONTENT_TABLE" => arguments.content_table.clone(),
            "BYLINE_IDENTITY_TABLE" => arguments.identity_table.clone(),
            "BYLINE_MEDIA_BUCKET" => arguments.media_bucket.clone(),
            "BYLINE_MEDIA_URL" => arguments.media_url.clone(),
            _ => std::env::var(name).ok(),
        };
        let unused = match name {
            // An import or export issues no tokens, sends no mail and has no pages.
            "BYLINE_PUBLIC_URL" | "BYLINE_SITE_URL" | "BYLINE_UPLOAD_URL" => {
                "https://byline.invalid"
            }
            "BYLINE_MAIL_FROM" => "byline@byline.invalid",
            "BYLINE_TOKEN_SECRET_PARAMETER" | "BYLINE_ACCOUNT_SECRET_PARAMETER" => "/unused",
            // Conversations are no content of the publication.
            "BYLINE_AGENT_TABLE" => "unused",
            _ => return Ok(given),
        };
        Ok(Some(given.unwrap_or_else(|| unused.to_owned())))
    });
    let config = config.map_err(ImportExportError::Stack)?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &arguments.region {
        loader = loader.region(Region::new(region.clone()));
    }
    Ok(Context::new(Arc::new(config), loader.load().await, Arc::new(SystemClock)))
}
