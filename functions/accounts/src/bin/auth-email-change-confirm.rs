//! The Lambda function `auth-email-change-confirm`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_email_change_confirm::OPERATION)
}
