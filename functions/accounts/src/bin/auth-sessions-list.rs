//! The Lambda function `auth-sessions-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_sessions_list::OPERATION)
}
