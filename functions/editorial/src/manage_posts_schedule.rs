//! `POST /v1/manage/posts/{post_id}/schedule`: schedules a revision to go live.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::{IfMatch, IfReviewed};
use byline_shared::model::{Post, PostId, PostStatus, RevisionId, Schedule, Time};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Schedules a revision.
pub struct SchedulePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<SchedulePost>(module_path!());

/// What goes live, and when.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision to publish.
    pub revision_id: RevisionId,
    /// When to publish it. Fractions of a second are ignored.
    pub publish_at: Time,
    /// Optional. If sent, the request fails with 412 unless the post still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
    /// Optional, for people: the ETag of the review that was read. If sent, the request fails with
    /// 412 unless the review is still the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<IfReviewed>,
}

impl Endpoint for SchedulePost {
    const NAME: &'static str = "manage-posts-schedule";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/schedule";
    const SUMMARY: &'static str = "Schedule a revision";
    const DESCRIPTION: &'static str = "Publishes the named revision at `publish_at`, to the second. A post has one schedule; a \
        new one replaces it.\n\
        \n\
        A schedule is checked again when it is due. It is dropped if the account that made it may no \
        longer publish, if an agent made it and may no longer publish the revision, or if an agent \
        has changed the alternative text of the cover since. `schedule_failed` then says why. What people \
        with the right to publish changed meanwhile, such as the name of a tag, stops no schedule \
        of a person.\n\
        \n\
        A schedule rests on the right of the account that made it, and the schedule of an agent also on that of \
        the person who approved the revision. If such an account is disabled or deleted, or may no longer publish, \
        the schedule ends within moments, and not only when it is due. `schedule_failed` says why, and people are \
        told by mail. Giving the right back does not bring the schedule back: schedule the revision again.\n\
        \n\
        With `author_publishing`, authors schedule their own posts, signed in as people.";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::HISTORY, publishing::HOLD_RIGHTS, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::ApprovalRequired,
        Code::NotFound,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = MayPublish;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let publish_at = Time::from_millis(4_102_444_800_000);
        let revision_id = post.summary.revision_id.clone();
        let input = Input {
            post_id: post.summary.id.clone(),
            revision_id: revision_id.clone(),
            publish_at,
            if_match: None,
            review: None,
        };
        let id = byline_shared::examples::SCHEDULE_ID.parse().expect("the constant is an id");
        post.summary.schedule = Some(Schedule { id, revision_id, publish_at });
        post.summary.status = PostStatus::Scheduled;
        post.summary.version += 1;
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let (actor, seen) = (Actor::rest(caller), input.if_match.as_ref());
        let (revision, at) = (&input.revision_id, input.publish_at);
        let seen = (seen, input.review.as_ref());
        publishing::schedule(cx, &actor, &input.post_id, revision, at, seen).await.map(Json)
    }
}
