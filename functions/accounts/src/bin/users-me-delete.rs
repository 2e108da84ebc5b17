//! The Lambda function `users-me-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_me_delete::OPERATION)
}
