//! The nearest known name, for "did you mean …?".

use fengsui_domain::plan::Text;

use super::finding::{quoted, quoted_list, say};

/// Characters of a name that are compared; known names are shorter.
const MAX_CHARS: usize = 64;
/// Known names that are compared: 1,000 × 64 × 64 steps take a few milliseconds.
const MAX_CANDIDATES: usize = 1_000;

/// The known name that `wrong` most likely stands for, and what to say: it, or what there is.
pub(super) fn suggestion<'n>(
    wrong: &str,
    known: impl IntoIterator<Item = &'n str> + Clone,
) -> (Option<&'n str>, Option<Text>) {
    if let Some(near) = nearest(wrong, known.clone()) {
        let name = quoted(near);
        return (Some(near), Some(say(format!("是否为 {name}？"), format!("did you mean {name}?"))));
    }
    let known = quoted_list(known);
    let listed = (!known.is_empty()).then(|| say(format!("可用：{known}"), format!("known are {known}")));
    (None, listed)
}

/// The known name that `wrong` most likely stands for, if one is near enough.
///
/// Near enough is at most a third of its letters wrong; of equally near ones the first in order.
fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.chars().take(MAX_CHARS).collect();
    let allowed = (wrong.len() / 3).max(1);
    known
        .into_iter()
        .take(MAX_CANDIDATES)
        .map(|name| (distance(&wrong, &name.chars().take(MAX_CHARS).collect::<Vec<_>>()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`
/// (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("securty-office", "security-office", 1),
            ("secruity-office", "security-office", 1),
            ("kitten", "sitting", 3),
            ("市网安办", "市安办", 1),
        ] {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} to {b}");
        }
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let known = ["linkage-centre", "security-office", "unit"];
        for (wrong, expected) in [
            ("securty-office", Some("security-office")),
            ("unti", Some("unit")),
            ("units", Some("unit")),
            ("headquarters", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, known), expected, "{wrong}");
        }
        assert_eq!(nearest("b", ["c", "a"]), Some("a"), "of equally near ones the first in order");
    }
}
