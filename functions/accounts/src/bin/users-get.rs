//! The Lambda function `users-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_get::OPERATION)
}
