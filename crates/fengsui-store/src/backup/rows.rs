//! Rows as bytes: value after value, each a byte that says its kind, then a number in eight bytes, or a length in
//! four and so many bytes; the least significant first.

use rusqlite::types::Value as Stored;

use crate::link::Value;

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// Rows of one table on their way out.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) count: u64,
}

impl Chunk {
    /// Adds a row.
    ///
    /// # Errors
    /// What kind of value has no place in a store, in words.
    pub(super) fn push(&mut self, row: &[Stored]) -> Result<(), String> {
        for value in row {
            match value {
                Stored::Null => self.bytes.push(NULL),
                Stored::Integer(number) => {
                    self.bytes.push(INTEGER);
                    self.bytes.extend(number.to_le_bytes());
                }
                Stored::Text(text) => self.long(TEXT, text.as_bytes())?,
                Stored::Blob(bytes) => self.long(BYTES, bytes)?,
                Stored::Real(number) => return Err(format!("a column holds {number}, and none may")),
            }
        }
        self.count += 1;
        Ok(())
    }

    fn long(&mut self, kind: u8, bytes: &[u8]) -> Result<(), String> {
        let length = u32::try_from(bytes.len()).map_err(|_| "a value is longer than 4 GiB".to_owned())?;
        self.bytes.push(kind);
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(bytes);
        Ok(())
    }
}

/// Reads the rows of a chunk, `width` values each. They may come from a stranger.
///
/// # Errors
/// Where they end, if that is not the end of a row.
pub(super) fn read(bytes: &[u8], width: usize) -> Result<Vec<Vec<Value<'_>>>, String> {
    let (mut rest, mut rows) = (bytes, Vec::new());
    if width == 0 {
        return Err("a table has no columns".into());
    }
    while !rest.is_empty() {
        let row = (0..width).map(|_| value(&mut rest)).collect::<Option<Vec<_>>>();
        rows.push(row.ok_or_else(|| format!("row {} cannot be read", rows.len() + 1))?);
    }
    Ok(rows)
}

fn value<'v>(rest: &mut &'v [u8]) -> Option<Value<'v>> {
    let kind = *rest.split_off_first()?;
    Some(match kind {
        NULL => Value::Null,
        INTEGER => Value::Integer(i64::from_le_bytes(*rest.split_off(..8)?.as_array()?)),
        TEXT | BYTES => {
            let length = u32::from_le_bytes(*rest.split_off(..4)?.as_array()?);
            let bytes = rest.split_off(..usize::try_from(length).ok()?)?;
            match kind {
                TEXT => Value::Text(std::str::from_utf8(bytes).ok()?.into()),
                _ => Value::Bytes(bytes.into()),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stored() -> impl Strategy<Value = Stored> {
        prop_oneof![
            Just(Stored::Null),
            any::<i64>().prop_map(Stored::Integer),
            ".{0,20}".prop_map(Stored::Text),
            prop::collection::vec(any::<u8>(), 0..20).prop_map(Stored::Blob),
        ]
    }

    fn same(stored: &Stored, value: &Value<'_>) -> bool {
        match (stored, value) {
            (Stored::Null, Value::Null) => true,
            (Stored::Integer(stored), Value::Integer(value)) => stored == value,
            (Stored::Text(stored), Value::Text(value)) => stored == value,
            (Stored::Blob(stored), Value::Bytes(value)) => stored[..] == value[..],
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn rows_come_back_and_a_part_of_them_does_not(
            rows in prop::collection::vec(prop::collection::vec(stored(), 3), 0..10), cut in any::<prop::sample::Index>()
        ) {
            let mut chunk = Chunk::default();
            rows.iter().for_each(|row| chunk.push(row).expect("all of them have a place"));
            let back = read(&chunk.bytes, 3).expect("rows");
            prop_assert_eq!(back.len() as u64, chunk.count);
            for (row, back) in rows.iter().zip(&back) {
                prop_assert!(row.iter().zip(back).all(|(stored, value)| same(stored, value)));
            }
            if !chunk.bytes.is_empty() {
                let part = read(&chunk.bytes[..cut.index(chunk.bytes.len())], 3);
                prop_assert!(part.is_err() || part.is_ok_and(|part| part.len() < rows.len()));
            }
        }

        #[test]
        fn bytes_of_strangers_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), width in 0_usize..5) {
            let _ = read(&bytes, width);
        }
    }
}
