//! The Lambda function `auth-sessions-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_sessions_list::OPERATION)
}
