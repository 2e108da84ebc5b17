//! The Lambda function `auth-refresh`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_refresh::OPERATION)
}
