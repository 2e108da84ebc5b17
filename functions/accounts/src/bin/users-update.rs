//! The Lambda function `users-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_update::OPERATION)
}
