//! The Lambda function `auth-sessions-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_sessions_delete::OPERATION)
}
