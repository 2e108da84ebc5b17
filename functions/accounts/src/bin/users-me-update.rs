//! The Lambda function `users-me-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_me_update::OPERATION)
}
