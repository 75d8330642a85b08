//! Installing: what the chosen stages need and this machine lacks, by Debian's packages.
//!
//! Only root on a system with `apt-get` installs anything. Anybody else is told what to install, and
//! whoever has everything sees no call of `apt-get` at all.

use std::process::Command;

use crate::failure::Failure;
use crate::need::Need;
use crate::process;

/// How often a call of `apt-get` is tried: a mirror that is being updated answers the next one.
const TRIES: usize = 3;

/// Makes sure that all needs are met.
pub(crate) fn ensure(needs: &[Need]) -> Result<(), Failure> {
    let missing = unmet(needs);
    if missing.is_empty() {
        return Ok(());
    }
    println!("\n== install: this machine lacks {}", names(&missing));
    let packages = packages(&missing);
    if !packages.is_empty() {
        install(&packages)?;
    }
    for need in unmet(&missing) {
        need.second_try()?;
    }
    let missing = unmet(&missing);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed(format!("everything was installed, and there is still no {}", names(&missing))))
}

/// The needs that are not met, each once, in order.
fn unmet(needs: &[Need]) -> Vec<Need> {
    let mut unmet: Vec<Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    unmet.sort_unstable();
    unmet.dedup();
    unmet
}

fn names(needs: &[Need]) -> String {
    needs.iter().map(|need| need.name()).collect::<Vec<_>>().join(", ")
}

fn packages(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().flat_map(|need| need.packages()).copied().collect()
}

fn install(packages: &[&str]) -> Result<(), Failure> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if !is_root() {
        return Err(Failure::Failed(format!("only root can install them: run `sudo {by_hand}`")));
    }
    if !process::succeeds(Command::new("apt-get").arg("--version")) {
        return Err(Failure::Failed(format!(
            "this system has no apt-get; on Debian it would be `{by_hand}`"
        )));
    }
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-qq", "-o", "Acquire::Retries=3"])
        .args(arguments);
    let mut result = process::run(&mut command);
    for tried in 1..TRIES {
        let Err(failure) = &result else { break };
        println!("{failure}; try {} of {TRIES}", tried + 1);
        result = process::run(&mut command);
    }
    result
}

fn is_root() -> bool {
    process::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_needed_is_nothing_installed() {
        assert_eq!(ensure(&[]), Ok(()));
    }

    #[test]
    fn packages_are_named_for_every_need() {
        assert_eq!(packages(&[Need::Chromium, Need::CjkFont]), ["chromium", "fontconfig", "fonts-noto-cjk"]);
        assert_eq!(packages(&[Need::Python]), ["python3", "python3-venv"]);
        assert_eq!(names(&[Need::Chromium, Need::CjkFont]), "Chromium, a font with Chinese characters");
    }
}
