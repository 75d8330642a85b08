//! Writes every page of the console with sample data, in both languages and both themes.
//!
//! `cargo run -p fengsui-server --example gallery -- FOLDER` writes `FOLDER/zh-CN-light/desk.html`
//! and so on, with the assets beside them. A browser test serves the folder, takes screenshots and
//! runs the accessibility checks; people look at it before they change a page. The run fails if a
//! page holds an unknown word or anything the page policy forbids.

#![expect(clippy::too_many_lines, reason = "sample data is long and flat")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use fengsui_server::console::assets::ASSETS;
use fengsui_server::console::lang::Lang;
use fengsui_server::console::view::shell::Theme;

mod case;
mod desk;
mod library;
mod resources;
mod sample;
mod system;

/// A rendered page: its file name without ending, and its text.
type Page = (&'static str, String);

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: gallery FOLDER");
        return ExitCode::from(2);
    };
    match write_all(Path::new(&folder)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(faults) => {
            eprintln!("{faults} faults");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot write the gallery to `{folder}`: {error}");
            ExitCode::from(3)
        }
    }
}

/// Writes everything and answers how many faults the pages hold.
fn write_all(folder: &Path) -> std::io::Result<usize> {
    let mut faults = 0;
    fs::create_dir_all(folder.join("assets"))?;
    for asset in ASSETS.iter() {
        fs::write(folder.join("assets").join(asset.name), &asset.text)?;
    }
    let mut names = Vec::new();
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let sub = folder.join(format!("{}-{}", lang.tag(), theme.code()));
            fs::create_dir_all(&sub)?;
            let look = sample::Look { lang, theme };
            let pages: Vec<Page> = [
                desk::pages(look),
                case::pages(look),
                library::pages(look),
                resources::pages(look),
                system::pages(look),
            ]
            .concat();
            names = pages.iter().map(|(name, _)| *name).collect();
            for (name, html) in pages {
                faults += check(&format!("{}/{name}", lang.tag()), &html);
                fs::write(sub.join(format!("{name}.html")), html)?;
            }
        }
    }
    fs::write(folder.join("pages.txt"), names.join("\n") + "\n")?;
    println!("{} pages in {} languages and 2 themes", names.len(), Lang::ALL.len());
    Ok(faults)
}

/// Counts what must not be in a page: unknown words, inline style or script, other hosts, an id that
/// stands twice, an icon or a link into the page that leads nowhere.
fn check(name: &str, html: &str) -> usize {
    let mut faults = Vec::new();
    for bad in ["⟦", " style=", "<style", " onclick=", " onsubmit=", "javascript:", "src=\"http", "<script>"]
    {
        if let Some(at) = html.find(bad) {
            faults.push(format!("`{bad}` in `{}`", html[at..].chars().take(60).collect::<String>()));
        }
    }
    let mut ids = BTreeSet::new();
    for id in values(html, " id=\"") {
        if !ids.insert(id) {
            faults.push(format!("id `{id}` stands twice"));
        }
    }
    for id in values(html, "href=\"#") {
        if !ids.contains(id) {
            faults.push(format!("`#{id}` leads nowhere"));
        }
    }
    for fault in &faults {
        eprintln!("{name}: {fault}");
    }
    faults.len()
}

/// The values of an attribute, from `start` to the next quote.
fn values<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_has_faults() {
        let folder = std::env::temp_dir().join(format!("fengsui-gallery-{}", std::process::id()));
        let faults = write_all(&folder);
        fs::remove_dir_all(&folder).expect("what was just written can be removed");
        assert_eq!(faults.expect("the folder is writable"), 0);
    }

    #[test]
    fn faults_are_seen() {
        for (html, expected) in [
            ("<p id=\"a\"></p><a href=\"#a\">x</a>", 0),
            ("<p style=\"x\">", 1),
            ("<p id=\"a\"></p><p id=\"a\"></p>", 1),
            ("<use href=\"#i-none\"/>", 1),
            ("⟦key⟧", 1),
        ] {
            assert_eq!(check("sample", html), expected, "{html}");
        }
    }
}
