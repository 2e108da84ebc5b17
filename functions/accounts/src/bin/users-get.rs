//! The Lambda function `users-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_get::OPERATION)
}
