//! Who may call an endpoint, as types.

use super::caller::{Caller, Person};
use super::requirement::{Access, Audience, SignIn};
use crate::http::problem::Problem;
use crate::model::Scope;

/// Who may call an endpoint, as a type. What it proves is handed to the handler, so that no
/// handler can forget to ask.
pub trait Auth: 'static {
    /// The rule.
    const ACCESS: Access;
    /// The audience that an access token must be for.
    const AUDIENCE: Audience = Audience::Api;
    /// What the handler receives.
    type Caller: Send;

    /// Hands over what the pipeline proved.
    ///
    /// # Errors
    /// 403 for an API key or an app where only a person may call.
    fn from_caller(caller: Option<Caller>) -> Result<Self::Caller, Problem>;
}

/// Everybody may call; the handler learns nothing about them.
#[derive(Debug)]
pub struct Public;

impl Auth for Public {
    const ACCESS: Access = Access::Public;
    type Caller = ();

    fn from_caller(_: Option<Caller>) -> Result<(), Problem> {
        Ok(())
    }
}

/// The same rule at the MCP endpoint, which is a resource of its own: the access tokens of the REST
/// API are refused there, and its own at the REST API.
#[derive(Debug)]
pub struct AtMcp<A>(std::marker::PhantomData<A>);

impl<A: Auth> Auth for AtMcp<A> {
    const ACCESS: Access = A::ACCESS;
    const AUDIENCE: Audience = Audience::Mcp;
    type Caller = A::Caller;

    fn from_caller(caller: Option<Caller>) -> Result<A::Caller, Problem> {
        A::from_caller(caller)
    }
}

/// Needs a person who is signed in: a session, not an API key.
#[derive(Debug)]
pub struct SignedIn;

impl Auth for SignedIn {
    const ACCESS: Access = Access::Person { scope: Scope::Profile, sign_in: SignIn::AnyTime };
    type Caller = Person;

    fn from_caller(caller: Option<Caller>) -> Result<Person, Problem> {
        authorized(caller).person()
    }
}

/// Needs a person who signed in a moment ago, for what a stolen session must not do: other
/// credentials, another address, the end of the account (ASVS 7.5.1).
#[derive(Debug)]
pub struct JustSignedIn;

impl Auth for JustSignedIn {
    const ACCESS: Access = Access::Person { scope: Scope::Profile, sign_in: SignIn::JustNow };
    type Caller = Person;

    fn from_caller(caller: Option<Caller>) -> Result<Person, Problem> {
        authorized(caller).person()
    }
}

/// Needs a person whose role and token hold the scope of `S`: no API key and no app may call,
/// whatever its scopes.
#[derive(Debug)]
pub struct ByPerson<S>(std::marker::PhantomData<S>);

impl<S: ScopeType> Auth for ByPerson<S> {
    const ACCESS: Access = Access::Person { scope: S::SCOPE, sign_in: SignIn::AnyTime };
    type Caller = Caller;

    fn from_caller(caller: Option<Caller>) -> Result<Caller, Problem> {
        let caller = authorized(caller);
        caller.person()?;
        Ok(caller)
    }
}

/// Needs somebody who may publish, as [`Access::Publish`] says.
#[derive(Debug)]
pub struct MayPublish;

impl Auth for MayPublish {
    const ACCESS: Access = Access::Publish;
    type Caller = Caller;

    fn from_caller(caller: Option<Caller>) -> Result<Caller, Problem> {
        Ok(authorized(caller))
    }
}

/// A page of the Desk, for those whose role includes the scope of `S`. Without a session the handler gets
/// `None` and asks for a sign-in.
#[derive(Debug)]
pub struct OnDesk<S>(std::marker::PhantomData<S>);

impl<S: ScopeType> Auth for OnDesk<S> {
    const ACCESS: Access = Access::Desk(S::SCOPE);
    type Caller = Option<Caller>;

    fn from_caller(caller: Option<Caller>) -> Result<Option<Caller>, Problem> {
        Ok(caller)
    }
}

/// A scope as a type.
pub trait ScopeType: 'static {
    /// The scope.
    const SCOPE: Scope;
}

fn authorized(caller: Option<Caller>) -> Caller {
    caller.expect("the pipeline authorizes before it calls the handler")
}

pub mod scope {
    //! One type per scope: those whose role and token both hold it may call.

    use super::{Access, Auth, Caller, Problem, Scope, ScopeType, authorized};

    macro_rules! scopes {
        ($($name:ident),*) => {$(
            #[doc = concat!("Needs [`Scope::", stringify!($name), "`].")]
            #[derive(Debug)]
            pub struct $name;

            impl ScopeType for $name {
                const SCOPE: Scope = Scope::$name;
            }

            impl Auth for $name {
                const ACCESS: Access = Access::Scope(Scope::$name);
                type Caller = Caller;

                fn from_caller(caller: Option<Caller>) -> Result<Caller, Problem> {
                    Ok(authorized(caller))
                }
            }
        )*};
    }

    scopes!(
        Profile,
        PostsRead,
        PostsWrite,
        PostsPropose,
        PostsPublish,
        PostsDelete,
        MediaWrite,
        Conversations,
        Admin
    );
}
