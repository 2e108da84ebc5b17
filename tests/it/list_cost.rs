//! What a page of a public list costs, in read units: the same however long the list is.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use byline_local::engine::Data;
use byline_shared::Context;
use byline_shared::examples;
use byline_shared::http::page::PageParams;
use byline_shared::model::{PostId, Slug, Time};
use byline_shared::store::keys;
use byline_shared::store::live_lists::LiveFilter;
use serde_json::Value;

use crate::harness::{App, tier};

/// Lengths that are compared; `BYLINE_LIST_LENGTHS` sets others, with commas between.
fn lengths() -> String {
    let set = std::env::var("BYLINE_LIST_LENGTHS");
    set.unwrap_or_else(|_| tier().pick("400,1600", "1000,10000").to_owned())
}

/// An HTTP client that asks what each query costs.
#[derive(Clone)]
struct Metered {
    inner: SharedHttpClient,
    units: Arc<Mutex<f64>>,
}

struct MeteredConnector {
    inner: SharedHttpConnector,
    units: Arc<Mutex<f64>>,
}

impl fmt::Debug for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metered")
    }
}

impl fmt::Debug for MeteredConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeteredConnector")
    }
}

impl HttpClient for Metered {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(MeteredConnector { inner, units: Arc::clone(&self.units) })
    }
}

impl HttpConnector for MeteredConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        body["ReturnConsumedCapacity"] = "TOTAL".into();
        let body = body.to_string();
        request.headers_mut().insert("content-length", body.len().to_string());
        *request.body_mut() = SdkBody::from(body);
        let (answer, units) = (self.inner.call(request), Arc::clone(&self.units));
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let body: Value = serde_json::from_slice(answer.body().bytes().unwrap()).unwrap();
            let used = body["ConsumedCapacity"]["CapacityUnits"].as_f64();
            *units.lock().unwrap() += used.expect("the database says what a call costs");
            Ok(answer)
        })
    }
}

/// A Byline with a public list of this length, in which every tenth post carries a tag.
async fn with_list(folder: &tempfile::TempDir, length: usize) -> App {
    let data = Data::Folder(folder.path().to_owned());
    let app = App::start_with(|options| options.data = data.clone()).await;
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let row = |number: usize| {
        let at = Time::from_millis(1_700_000_000_000 + i64::try_from(number).unwrap() * 60_000);
        let mut post = examples::public_post().summary;
        post.id = PostId::new(at);
        post.published_at = at;
        post.slug = Slug::trusted(format!("post-{number}"));
        let partitions = [Some(keys::LIVE.to_owned()), number.is_multiple_of(10).then(tagged)];
        let put = move |partition: String| {
            let mut item = serde_dynamo::aws_sdk_dynamodb_1::to_item(&post).unwrap();
            let position = keys::position(at, &post.id);
            item.insert("pk".to_owned(), AttributeValue::S(partition));
            item.insert("sk".to_owned(), AttributeValue::S(position));
            let put = Put::builder().table_name("content").set_item(Some(item)).build().unwrap();
            TransactWriteItem::builder().put(put).build()
        };
        partitions.into_iter().flatten().map(put)
    };
    let rows: Vec<TransactWriteItem> = (0..length).flat_map(row).collect();
    for rows in rows.chunks(100) {
        client.transact_write_items().set_transact_items(Some(rows.to_vec())).send().await.unwrap();
    }
    app
}

fn tagged() -> String {
    keys::live_tag(&Slug::trusted("field-notes"))
}

/// The units of the first page and of one from the middle of a list.
async fn cost(app: &App, filter: &LiveFilter, middle: Time) -> (f64, f64) {
    let own = &app.byline.context;
    let inner = own.sdk.http_client().unwrap();
    let metered = Metered { inner, units: Arc::default() };
    let sdk = own.sdk.to_builder().http_client(SharedHttpClient::new(metered.clone())).build();
    let cx = Context::new(Arc::clone(&own.config), sdk, Arc::clone(&own.clock));
    let page = PageParams { limit: 20, cursor: None };
    let read = |filter: LiveFilter| {
        let (cx, page, units) = (&cx, &page, &metered.units);
        async move {
            let page = cx.store.live_posts().list(&filter, page).await.unwrap();
            assert_eq!(page.items.len(), 20);
            std::mem::take(&mut *units.lock().unwrap())
        }
    };
    let first = read(filter.clone()).await;
    let middle = read(LiveFilter { to: Some(middle), ..filter.clone() }).await;
    (first, middle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_the_same_however_long_the_list_is() {
    let mut costs = Vec::new();
    for length in lengths().split(',').map(|length| length.trim().parse::<usize>().unwrap()) {
        let folder = tempfile::tempdir().unwrap();
        let app = with_list(&folder, length).await;
        let half = i64::try_from(length / 2).unwrap();
        let middle = Time::from_millis(1_700_000_000_000 + half * 60_000);
        let all = cost(&app, &LiveFilter::default(), middle).await;
        let tag = Some(Slug::trusted("field-notes"));
        let tagged = cost(&app, &LiveFilter { tag, ..LiveFilter::default() }, middle).await;
        println!("{length} posts: {all:?} units for all, {tagged:?} for a tag");
        costs.push((all, tagged));
    }
    assert!(costs.len() > 1 && costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
}
