//! What an operation may touch. The SAM template's policies are made from these, and the local
//! runner and the tests refuse every call that is not covered by one.

/// A DynamoDB table: one per trust boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Posts, revisions, what is live.
    Content,
    /// Users, sessions, keys, tokens, mail.
    Identity,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 2] = [Self::Content, Self::Identity];

    /// Its name in grants, messages and the environment.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Identity => "identity",
        }
    }

    /// Its logical id in `template.yaml`.
    #[must_use]
    pub const fn logical_id(self) -> &'static str {
        match self {
            Self::Content => "ContentTable",
            Self::Identity => "IdentityTable",
        }
    }

    /// The environment variable that holds its name.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Content => "BYLINE_CONTENT_TABLE",
            Self::Identity => "BYLINE_IDENTITY_TABLE",
        }
    }
}

/// A DynamoDB action. `TransactWriteItems` needs the actions of its parts, as in IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `dynamodb:BatchGetItem`
    BatchGetItem,
    /// `dynamodb:ConditionCheckItem`
    ConditionCheckItem,
    /// `dynamodb:DeleteItem`
    DeleteItem,
    /// `dynamodb:GetItem`
    GetItem,
    /// `dynamodb:PutItem`
    PutItem,
    /// `dynamodb:Query`
    Query,
    /// `dynamodb:UpdateItem`
    UpdateItem,
}

impl Action {
    /// The action's name behind `dynamodb:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BatchGetItem => "BatchGetItem",
            Self::ConditionCheckItem => "ConditionCheckItem",
            Self::DeleteItem => "DeleteItem",
            Self::GetItem => "GetItem",
            Self::PutItem => "PutItem",
            Self::Query => "Query",
            Self::UpdateItem => "UpdateItem",
        }
    }
}

/// One right of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// These actions on the items of a table.
    Table(Table, &'static [Action]),
    /// These actions on the items of a table whose partition key starts so.
    Items(Table, &'static str, &'static [Action]),
    /// `Query` on one index of a table.
    Index(Table, &'static str),
    /// Read the secret that tokens are signed with, and make it on first use.
    TokenSecret,
    /// Replace the secret that tokens are signed with: to rotate its keys.
    RotateTokenSecret,
    /// Read the secret that protects accounts at rest, and make it on first use.
    AccountSecret,
    /// Send mail from the sender address.
    SendMail,
    /// Make and remove the schedules that call the publishing worker.
    Schedules,
}
