//! Folders for tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is gone when the test is over.
pub struct Folder(pub PathBuf);

impl Folder {
    /// `name`: one that no other test has.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ekslint-{}-{name}", std::process::id()));
        fs::create_dir(&folder).expect("no other test has the name");
        Self(fs::canonicalize(folder).expect("it is there"))
    }

    /// Writes a file, and the folders that it is in.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder of a test");
        fs::write(path, text).expect("a file of a test");
    }

    /// The names of what is in it.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        let names = entries.map(|it| it.expect("it is there").file_name().to_string_lossy().into_owned());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
