//! Where things are: the repository and its build folder.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// The build folder: the one this program was built into, whichever setting chose it.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::Failed(format!("cannot find the path of this program: {error}")))?;
    match program.parent().and_then(Path::parent) {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Failure::Failed(format!("`{}` is not inside a build folder", program.display()))),
    }
}

/// The release binary of the product.
pub(crate) fn release_binary() -> Result<PathBuf, Failure> {
    Ok(target()?.join("release").join("fengsui"))
}
