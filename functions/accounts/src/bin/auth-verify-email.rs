//! The Lambda function `auth-verify-email`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_verify_email::OPERATION)
}
