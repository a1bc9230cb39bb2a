//! What a run that was killed left behind: files and folders under a temporary name.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::Path,
    time::{Duration, SystemTime},
};

/// How the name of everything begins that is not complete yet.
pub const TEMPORARY: &str = ".prorata-";

/// No run takes so long: what is older was left behind.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Lists what was left behind in a folder by runs that were killed, by name. What is younger than a
/// day may belong to a run that is at work.
pub fn leftovers(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| {
            entry
                .metadata()
                .is_ok_and(|found| is_left_behind(&found, SystemTime::now()))
        })
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(TEMPORARY))
        .collect();
    names.sort_unstable();
    names
}

/// Removes what was left behind in a folder. What cannot be removed stays, and `status` names it:
/// it stops nobody.
pub fn sweep(folder: &Path) {
    for name in leftovers(folder) {
        let path = folder.join(name);
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
        let _ = if is_folder {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
    }
}

/// Checks whether a file was left behind by a run of this user.
fn is_left_behind(found: &fs::Metadata, now: SystemTime) -> bool {
    let age = found
        .modified()
        .ok()
        .and_then(|then| now.duration_since(then).ok());
    found.uid() == nix::unistd::Uid::effective().as_raw()
        && age.is_some_and(|age| age >= LEFT_BEHIND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_day_is_swept_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let place = place.path();
        let old = SystemTime::now() - Duration::from_hours(25);
        for name in [
            ".prorata-old",
            ".prorata-old2.backup",
            "mine",
            ".prorata-new",
        ] {
            let file = fs::File::create(place.join(name)).unwrap();
            if name != ".prorata-new" {
                file.set_modified(old).unwrap();
            }
        }
        fs::create_dir(place.join(".prorata-folder")).unwrap();
        fs::write(place.join(".prorata-folder/x.csv"), "x").unwrap();
        fs::File::open(place.join(".prorata-folder"))
            .unwrap()
            .set_modified(old)
            .unwrap();
        assert_eq!(
            leftovers(place),
            [".prorata-folder", ".prorata-old", ".prorata-old2.backup"]
        );
        sweep(place);
        assert_eq!(leftovers(place), [""; 0]);
        assert!(place.join("mine").exists() && place.join(".prorata-new").exists());
    }
}
