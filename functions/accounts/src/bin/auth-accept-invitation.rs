//! The Lambda function `auth-accept-invitation`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_accept_invitation::OPERATION)
}
