//! The Lambda function `admin-settings-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::admin_settings_get::OPERATION)
}
