//! The Lambda function `users-me-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_me_delete::OPERATION)
}
