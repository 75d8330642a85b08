//! Values and columns as PostgreSQL sends them.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::link::{TooLarge, Value};

type Outcome<T> = Result<T, Box<dyn Error + Sync + Send>>;

/// A column, whatever it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Outcome<Self> {
        Ok(match *kind {
            Type::BOOL => Self::Integer(bool::from_sql(kind, raw)?.into()),
            Type::INT2 => Self::Integer(i16::from_sql(kind, raw)?.into()),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::BYTEA => Self::Bytes(raw),
            _ => Self::Text(<&str>::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Outcome<Self> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        let known = [
            Type::BOOL,
            Type::INT2,
            Type::INT4,
            Type::INT8,
            Type::BYTEA,
            Type::TEXT,
            Type::VARCHAR,
            Type::NAME,
        ];
        known.contains(kind)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(value) if *kind == Type::BOOL => value.to_sql(kind, out),
            Value::Bool(value) => integer((*value).into(), kind, out),
            Value::Integer(value) => integer(*value, kind, out),
            Value::Text(text) => text.as_ref().to_sql(kind, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql(kind, out),
            Value::TooLarge => Err(Box::new(TooLarge)),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A number in the width of its column.
fn integer(value: i64, kind: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
    match *kind {
        Type::INT2 => i16::try_from(value)?.to_sql(kind, out),
        Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
        _ => value.to_sql(&Type::INT8, out),
    }
}
