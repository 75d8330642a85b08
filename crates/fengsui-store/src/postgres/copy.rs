//! Many rows at once.

use std::pin::pin;

use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use crate::link::{Answer, Value};

use super::{Session, bound};

impl Session {
    /// Appends rows to a table, inside the transaction under way. `columns` are names with commas between them.
    pub(crate) fn copy(&self, table: &str, columns: &str, rows: &[Vec<Value<'_>>]) -> Answer<()> {
        self.send(None)?;
        let shape = self.prepared(&format!("SELECT {columns} FROM \"{table}\""))?;
        let kinds: Vec<Type> = shape.columns().iter().map(|column| column.type_().clone()).collect();
        let into = format!("COPY \"{table}\" ({columns}) FROM STDIN BINARY");
        self.drive(async {
            let mut writer = pin!(BinaryCopyInWriter::new(self.client.copy_in(&into).await?, &kinds));
            for row in rows {
                writer.as_mut().write(&bound(row)).await?;
            }
            writer.finish().await.map(drop)
        })
    }
}
