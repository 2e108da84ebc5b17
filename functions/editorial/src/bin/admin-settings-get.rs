//! The Lambda function `admin-settings-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::admin_settings_get::OPERATION)
}
