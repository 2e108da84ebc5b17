//! The Lambda function `auth-refresh`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_refresh::OPERATION)
}
