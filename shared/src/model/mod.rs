//! The resource types and the values they are made of. No I/O here.

mod address_side;
pub mod audit;
mod content_digest;
mod diff;
mod finding;
mod id;
mod invitation;
mod media;
mod metadata;
mod news;
mod notifications;
mod oauth_client;
mod patch;
mod post;
mod post_details;
mod preview_link;
mod proposal;
mod public;
mod rate_limit;
mod representation;
mod review;
mod revision;
mod settings;
mod subject;
mod text;
mod time;
pub(crate) mod too_complex;
mod totp;
mod user;
mod warning;

pub use address_side::AddressSide;
pub use content_digest::{ContentDigest, ReviewTag, listed};
pub use diff::{Diff, FieldChange, Hunk, Line, LineKind, Word};
pub use finding::{Finding, FindingCode};
pub use id::{
    ApiKeyId, AuditId, EmailChangeId, GrantId, InvitationId, KeyId, MailId, MediaId, OAuthClientId,
    PostId, PreviewLinkId, PropagationJobId, ProposalId, PublicationId, RegistrationId, RevisionId,
    ScheduleId, SessionId, TagId, UserId,
};
pub use invitation::Invitation;
pub use media::{Media, MediaKind, MediaStatus, MediaType};
pub use metadata::{Metadata, MetadataError, MetadataFault};
pub use news::{GoesLive, Hour, News, NewsEvent};
pub use notifications::{DecidedMails, NotificationChanges, Notifications, WaitingMails};
pub use oauth_client::OAuthClient;
pub use patch::Patch;
pub use post::{
    Author, Post, PostFields, PostStatus, PostSummary, Schedule, ScheduleFailure, Tag, author_of,
};
pub use post_details::{PostDetails, PostDetailsPatch};
pub use preview_link::PreviewLink;
pub use proposal::{Conflict, Decision, Proposal, ProposalStatus, ProposalSummary};
pub use public::{Cover, PublicAuthor, PublicPost, PublicPostSummary, PublicTag, Site};
pub use rate_limit::RateLimit;
pub use representation::Representation;
pub use review::{NewHosts, PendingFile, Review, ReviewedCover, TagChange, UnreviewedRevision};
pub use revision::{
    ActorKind, Approval, By, Provenance, Publication, PublicationAction, Revision, RevisionSummary,
};
pub use settings::{AgentPublishing, Registration, Settings};
pub use subject::Subject;
pub use text::{
    AltText, Caption, Description, Email, Excerpt, FileName, Language, Markdown, MetaDescription,
    MetaTitle, Name, Note, Password, PostPath, Secret, Sha256, SiteUrl, Slug, StyleGuide, TagName,
    TextError, Title, WebUrl, hidden,
};
pub use time::Time;
pub use too_complex::TooComplex;
pub use totp::{TotpItem, UsedCode};
pub use user::{Role, Scope, User};
pub use warning::{DraftFormat, Warning, WarningCode, WithHtml};
