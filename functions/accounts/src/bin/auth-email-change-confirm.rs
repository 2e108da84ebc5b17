//! The Lambda function `auth-email-change-confirm`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_email_change_confirm::OPERATION)
}
