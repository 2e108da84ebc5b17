//! The Lambda function `auth-sign-in-link-confirm`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_sign_in_link_confirm::OPERATION)
}
