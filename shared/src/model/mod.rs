//! The resource types and the values they are made of. No I/O here.

mod address_side;
mod ai;
pub mod audit;
mod chat_id;
mod content_digest;
mod conversation;
mod conversation_item;
mod diff;
mod finding;
mod id;
mod invitation;
mod media;
mod metadata;
mod news;
mod notifications;
mod oauth_client;
pub mod old_path;
mod passkey;
mod patch;
mod post;
mod post_details;
mod preview_link;
mod profile;
mod proposal;
mod public;
mod rate_limit;
mod representation;
mod response;
mod response_id;
mod review;
mod revision;
mod settings;
mod subject;
mod text;
mod time;
pub(crate) mod too_complex;
mod tool_call;
mod totp;
mod turn;
mod user;
mod warning;
mod zone;

pub use address_side::AddressSide;
pub use ai::{AiAgent, AiAgentKind, AiPart};
pub use chat_id::ChatId;
pub use content_digest::{ContentDigest, ReviewTag, listed};
pub use conversation::{AgentMode, Conversation, ConversationMetadata};
pub use conversation_item::{
    ConversationItem, ConversationMessage, MessagePart, MessageRole, MessageStatus,
};
pub use diff::{Diff, FieldChange, Hunk, Line, LineKind, Word};
pub use finding::{Finding, FindingCode};
pub use id::{
    ApiKeyId, AuditId, ConversationId, ConversationItemId, EmailChangeId, GrantId, InvitationId,
    KeyId, MailId, MediaId, OAuthClientId, PasskeyId, PostId, PreviewLinkId, PropagationJobId,
    ProposalId, PublicationId, RegistrationId, RevisionId, ScheduleId, SessionId, TagId, UserId,
};
pub use invitation::Invitation;
pub use media::{Media, MediaKind, MediaStatus, MediaType};
pub use metadata::{Metadata, MetadataError, MetadataFault};
pub use news::{EndedSchedule, GoesLive, Hour, News, NewsEvent};
pub use notifications::{DecidedMails, NotificationChanges, Notifications, WaitingMails};
pub use oauth_client::OAuthClient;
pub use patch::Patch;
pub use post::{
    Author, Post, PostApproval, PostFields, PostStatus, PostSummary, PostType, Schedule,
    ScheduleFailure, Tag, author_of,
};
pub use post_details::{PostDetails, PostDetailsPatch};
pub use preview_link::PreviewLink;
pub use profile::{Picture, Profile, ProfileChanges, ProfileLink};
pub use proposal::{Conflict, Decision, Proposal, ProposalKind, ProposalStatus, ProposalSummary};
pub use public::{
    Cover, ExcerptSource, PublicAuthor, PublicPost, PublicPostSummary, PublicTag, Site, TocEntry,
};
pub use rate_limit::RateLimit;
pub use representation::Representation;
pub use response::{Response, ResponseParts};
pub use response_id::ResponseId;
pub use review::{NewHosts, PendingFile, Review, ReviewedCover, TagChange, UnreviewedRevision};
pub use revision::{
    ActorKind, Approval, By, Provenance, Publication, PublicationAction, Revision, RevisionSummary,
};
pub use settings::{AgentPublishing, Registration, Settings};
pub use subject::Subject;
pub use text::{
    AltText, Bio, Caption, ConversationTitle, Description, Email, Excerpt, FileName, Language,
    LinkLabel, Markdown, MessageText, MetaDescription, MetaTitle, MetadataName, MetadataText, Name,
    Note, Password, PostPath, ProfileUrl, Regex, Secret, Sha256, SiteUrl, Slug, StyleGuide,
    TagName, TextError, TimeZoneName, Title, VisibleText, WebUrl, hidden, is_web_address,
};
pub use time::Time;
pub use too_complex::TooComplex;
pub use tool_call::{CallStatus, ToolCall, ToolCallError, ToolCallErrorText};
pub use totp::{TotpItem, UsedCode};
pub use turn::{TurnFault, TurnReason, TurnStatus, TurnUsage};
pub use user::{Role, Scope, User};
pub use warning::{DraftFormat, Warning, WarningCode, WithHtml};
pub use zone::{ClockFault, Zone};
