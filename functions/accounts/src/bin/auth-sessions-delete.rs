//! The Lambda function `auth-sessions-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_sessions_delete::OPERATION)
}
