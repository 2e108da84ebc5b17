//! The Lambda function `users-me`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_me::OPERATION)
}
