//! Pages of lists: a limit and an opaque cursor.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fengsui_service::store::{Cursor, MAX_PAGE, Page};

use crate::problem::Problem;

/// Items of a page when the caller does not say.
pub const DEFAULT_LIMIT: usize = 50;
/// Characters of a cursor.
const MAX_CURSOR_CHARS: usize = 2_000;

/// The number of items asked for, within bounds.
///
/// # Errors
/// A problem if it is 0 or above [`MAX_PAGE`].
pub fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        other => {
            Err(Problem::bad_request(format!("`limit` is {other}, it must be between 1 and {MAX_PAGE}"))
                .field("limit"))
        }
    }
}

/// The place a cursor names.
///
/// # Errors
/// A problem if it is not one of ours.
pub fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong =
        || Problem::bad_request("`cursor` is not one of ours; begin again without it").field("cursor");
    if text.len() > MAX_CURSOR_CHARS {
        return Err(wrong());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let (at, id) = serde_json::from_slice::<(i64, String)>(&bytes).map_err(|_| wrong())?;
    Ok(Some(Cursor { at, id }))
}

/// A cursor as callers see it.
pub fn write_cursor(cursor: &Cursor) -> String {
    let text = serde_json::to_string(&(cursor.at, &cursor.id)).expect("a number and a string write as JSON");
    URL_SAFE_NO_PAD.encode(text)
}

/// The rows of a page and where the next one begins.
pub fn parts<T, U>(page: Page<T>, to: impl FnMut(T) -> U) -> (Vec<U>, Option<String>) {
    let next = page.next.as_ref().map(write_cursor);
    (page.items.into_iter().map(to).collect(), next)
}
