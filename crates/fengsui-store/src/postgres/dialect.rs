//! What PostgreSQL reads in place of the SQL that the store writes.

/// The same statement for PostgreSQL: values by number (`$1`), `LIKE` that takes letters of either case for the
/// same, as SQLite's does, a JSON list as rows,
/// and no word on indices. What stands between quotes stays.
pub(super) fn translated(sql: &str) -> String {
    let sql = sql.replace("json_each(?)", "jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb))");
    numbered(&sql.replace(" NOT INDEXED", ""))
}

fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let (mut bare, mut rest) = (0, sql);
    while let Some(place) = rest.find(['\'', '?', 'L']) {
        let (before, from) = rest.split_at(place);
        out.push_str(before);
        rest = match from.as_bytes()[0] {
            b'\'' => {
                let end = from[1..].find('\'').map_or(from.len(), |end| end + 2);
                out.push_str(&from[..end]);
                &from[end..]
            }
            b'?' => {
                let after = from[1..].trim_start_matches(|digit: char| digit.is_ascii_digit());
                let number = &from[1..from.len() - after.len()];
                bare += usize::from(number.is_empty());
                let bare = bare.to_string();
                out.push('$');
                out.push_str(if number.is_empty() { &bare } else { number });
                after
            }
            _ => match from.strip_prefix("LIKE ") {
                Some(after) if out.ends_with(' ') => {
                    out.push_str("ILIKE ");
                    after
                }
                _ => {
                    out.push('L');
                    &from[1..]
                }
            },
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn values_are_numbered_and_quoted_text_stays() {
        for (sqlite, postgres) in [
            ("SELECT 1", "SELECT 1"),
            ("a = ?2 AND b = ?1 AND c = ?12", "a = $2 AND b = $1 AND c = $12"),
            ("a = ? AND (b, c) < (?, ?) LIMIT ?", "a = $1 AND (b, c) < ($2, $3) LIMIT $4"),
            ("a || '?' = ?1", "a || '?' = $1"),
            ("title LIKE ? ESCAPE '\\' OR LEVEL = 1", "title ILIKE $1 ESCAPE '\\' OR LEVEL = 1"),
            ("x = 'LIKE ?' LIMIT 1", "x = 'LIKE ?' LIMIT 1"),
            ("'open", "'open"),
        ] {
            assert_eq!(translated(sqlite), postgres);
        }
    }
}
