//! The tax profile that a name or a file means.

use std::path::Path;

use prorata::{domain::tax::profile::TaxProfile, ops::tax::profile::ProfileChoice};

use crate::{open::Context, usage::Usage};

/// Reads the profile that is meant: none, a built-in one, or that of a file.
pub(crate) fn choice(cx: &Context, given: String) -> anyhow::Result<ProfileChoice> {
    if given == "none" {
        return Ok(ProfileChoice::None);
    }
    if let Some(profile) = TaxProfile::builtin(&given) {
        return Ok(ProfileChoice::Text {
            name: profile.name.clone(),
            text: profile.source().to_owned(),
        });
    }
    let is_toml = Path::new(&given)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if !is_toml && !Path::new(&given).exists() {
        let message = format!("{}, or name a TOML file, or none", no_builtin(&given));
        return Err(Usage::Invalid(message).into());
    }
    let text = text(cx, &given)?;
    Ok(ProfileChoice::Text { name: given, text })
}

/// Reads the text of a profile from a file.
pub(crate) fn text(cx: &Context, file: &str) -> anyhow::Result<String> {
    let bytes = cx.read_input(Path::new(file))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Usage::Invalid(format!("`{file}` is not UTF-8 text")))?;
    Ok(text)
}

/// Says that a name is not one of a built-in profile.
pub(crate) fn no_builtin(name: &str) -> String {
    let known: Vec<String> = TaxProfile::builtins().map(|profile| profile.name).collect();
    format!(
        "`{name}` is not a built-in tax profile; there is {}",
        known.join(", ")
    )
}
