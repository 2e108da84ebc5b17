//! The Lambda function `users-me-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_me_update::OPERATION)
}
