//! The Lambda function `auth-login`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_login::OPERATION)
}
