//! `PATCH /v1/admin/settings`: changes the publication's settings.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::audit::AUDIT_PERMISSION;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::Settings;
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::settings::SettingsChanges;
use byline_shared::store::keys;

/// Changes the settings.
pub struct UpdateSettings;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateSettings>(module_path!());

/// The settings to change.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Optional. If sent, the request fails with 412 unless the settings still have this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
    /// What changes.
    #[serde(flatten)]
    pub changes: SettingsChanges,
}

impl Endpoint for UpdateSettings {
    const NAME: &'static str = "admin-settings-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/admin/settings";
    const SUMMARY: &'static str = "Change the publication's settings";
    const DESCRIPTION: &'static str = "For admins who are signed in; agents and API keys are rejected. Pages and feeds follow \
        within moments. Turning `author_publishing` off ends what authors have scheduled: they and the editors are \
        told.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::SETTINGS, &[GetItem, PutItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        AUDIT_PERMISSION,
        HOLD_RIGHT,
    ];
    const ERRORS: &'static [Code] = &[Code::PreconditionFailed];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = ByPerson<scope::Admin>;
    type Input = Input;
    type Output = Json<Settings>;

    fn example() -> Example<Self> {
        let mut settings = byline_shared::examples::settings();
        settings.version = 1;
        let title = Some(settings.title.clone());
        let changes = SettingsChanges { title, ..SettingsChanges::default() };
        Example { input: Input { if_match: None, changes }, output: Json(settings) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Settings>, Problem> {
        let (actor, seen) = (Actor::rest(caller), input.if_match.as_ref());
        settings::change(cx, &actor, seen, input.changes).await.map(Json)
    }
}
