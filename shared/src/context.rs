//! What a handler works with.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_config::SdkConfig;
use tokio::sync::{Semaphore, SetOnce};
use tower_http::cors::CorsLayer;
use ulid::Ulid;

use crate::clock::Clock;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::{RequestInfo, headers};
use crate::known_settings::KnownSettings;
use crate::model::{ApiKeyId, Markdown, OAuthClient, Subject, TooComplex};
use crate::open_streams::OpenStreams;
use crate::secrets::Secrets;
use crate::stopping::Stopping;
use crate::store::Store;
use crate::store::ahead::ReadAhead;
use crate::timed_cache::TimedCache;

/// What one request is answered with: the process's [`Resources`], and what is known of the
/// request. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    resources: Arc<Resources>,
    /// The request.
    pub request: RequestInfo,
    /// What its path names, if that was read with the session.
    pub ahead: Arc<ReadAhead>,
    /// The ULID of what the request is to make, if it has an idempotency key: of all its runs one makes it, and the
    /// others find it.
    pub made: Option<Ulid>,
    /// Whether it is allowed to compute yet, where that is asked meanwhile.
    allowed: Option<Arc<SetOnce<()>>>,
    /// What was rendered for it, oldest first.
    rendered: Arc<Mutex<Vec<Rendered>>>,
}

/// A body, and its HTML or why there is none.
struct Rendered {
    body: Markdown,
    html: Result<String, TooComplex>,
}

/// How many bodies are kept: a request compares a text and its corrections at most.
const KEPT: usize = 2;

impl Deref for Context {
    type Target = Resources;

    fn deref(&self) -> &Resources {
        &self.resources
    }
}

/// Everything around an operation: configuration, storage, time. One per operation, so that the
/// local runner can hold each to its grants.
pub struct Resources {
    /// What the deployment decides.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Region, credentials, endpoints and HTTP client of every AWS SDK.
    pub sdk: SdkConfig,
    /// The same for the agent's model, if it is one of Amazon Bedrock, which has no stand-in.
    pub model_sdk: SdkConfig,
    /// The CORS policy.
    pub cors: CorsLayer,
    /// The secrets, and the public keys of access tokens.
    pub secrets: Secrets,
    /// The publication's settings as they were read last.
    pub settings: KnownSettings,
    /// The API keys whose use was written down lately.
    pub noted_key_uses: TimedCache<ApiKeyId, ()>,
    /// The subjects whose requests were counted a moment ago, by the name of the limit.
    pub counted: TimedCache<(&'static str, Subject), ()>,
    /// The client metadata documents that were fetched lately, by URL.
    pub client_documents: TimedCache<String, OAuthClient>,
    /// How many password hashes this process has computed.
    pub password_hashes: AtomicU64,
    /// How many bodies this process has rendered.
    pub renderings: AtomicU64,
    /// The streams of answers that are followed.
    pub open_streams: OpenStreams,
    /// Whether the process stops, and the work that outlives its requests.
    pub stopping: Stopping,
    /// Room for one long computation per core: a password hash takes 19 MiB and all of one.
    cores: Arc<Semaphore>,
}

impl Context {
    /// A context on this configuration, outside any request.
    #[must_use]
    pub fn new(config: Arc<Config>, sdk: SdkConfig, clock: Arc<dyn Clock>) -> Self {
        let model_sdk = sdk.clone();
        Self::with_model_sdk(config, sdk, model_sdk, clock)
    }

    /// The same with other SDK settings for the agent's model: the local runner has stand-ins for the rest.
    #[must_use]
    pub fn with_model_sdk(
        config: Arc<Config>,
        sdk: SdkConfig,
        model_sdk: SdkConfig,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let store = Store::new(&config, &sdk);
        let resources = Resources {
            secrets: Secrets::new(&config, &sdk, &store, &clock),
            settings: KnownSettings::new(&config, &store),
            store,
            cors: headers::cors(&config.cors_origins),
            noted_key_uses: TimedCache::new(1000),
            counted: TimedCache::new(1000),
            client_documents: TimedCache::new(100),
            password_hashes: AtomicU64::new(0),
            renderings: AtomicU64::new(0),
            open_streams: OpenStreams::default(),
            stopping: Stopping::default(),
            cores: Arc::new(Semaphore::new(cores)),
            config,
            clock,
            sdk,
            model_sdk,
        };
        Self {
            resources: Arc::new(resources),
            request: RequestInfo::none(),
            ahead: Arc::default(),
            made: None,
            allowed: None,
            rendered: Arc::default(),
        }
    }

    /// The same for a request.
    #[must_use]
    pub fn for_request(&self, request: RequestInfo) -> Self {
        Self {
            resources: Arc::clone(&self.resources),
            request,
            ahead: Arc::default(),
            made: None,
            allowed: None,
            rendered: Arc::default(),
        }
    }

    /// The same, where long computations wait until they are allowed: a limit that is asked meanwhile would come
    /// too late for them.
    #[must_use]
    pub fn computing_when(&self, allowed: Arc<SetOnce<()>>) -> Self {
        Self { allowed: Some(allowed), ..self.clone() }
    }

    /// The same for a request that makes what has this ULID.
    #[must_use]
    pub fn making(&self, made: Ulid) -> Self {
        Self { made: Some(made), ..self.clone() }
    }

    /// Does a long computation beside the requests, as many at once as there are cores.
    ///
    /// # Errors
    /// 500 where it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        if let Some(allowed) = &self.allowed {
            allowed.wait().await;
        }
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(Problem::internal)?;
        let outcome = tokio::task::spawn_blocking(move || {
            let _held = permit;
            work()
        });
        outcome.await.map_err(Problem::internal)
    }

    /// The HTML of a body, rendered beside the requests, and once for each request: its review, its
    /// publication and every attempt after a conflict need the same HTML, which takes up to seconds.
    ///
    /// # Errors
    /// 500 where it panics.
    pub async fn render(
        &self,
        body: Markdown,
        to_html: impl FnOnce(&str) -> Result<String, TooComplex> + Send + 'static,
    ) -> Result<Result<String, TooComplex>, Problem> {
        let known = self.rendered().iter().find(|known| known.body == body).map(|k| k.html.clone());
        if let Some(html) = known {
            return Ok(html);
        }
        let (text, resources) = (body.clone(), Arc::clone(&self.resources));
        let rendered = move || {
            resources.renderings.fetch_add(1, Ordering::SeqCst);
            to_html(text.as_str())
        };
        let html = self.compute(rendered).await?;
        let mut rendered = self.rendered();
        if rendered.len() == KEPT {
            rendered.remove(0);
        }
        rendered.push(Rendered { body, html: html.clone() });
        Ok(html)
    }

    fn rendered(&self) -> MutexGuard<'_, Vec<Rendered>> {
        self.rendered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
