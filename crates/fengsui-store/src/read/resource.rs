//! Reading the emergency database, and the past cases beside it.

use fengsui_domain::id::ResourceId;
use fengsui_domain::incident::Incident;
use fengsui_domain::resource::{Resource, ResourceKind, fold};

use super::case::{like, text};
use super::{ListQuery, decode, version_and_body};
use crate::link::{all, one, values};
use crate::query::{Cursor, MAX_PAGE, Page, ResourceFilter};
use crate::row::Versioned;
use crate::store::Store;
use crate::{Result, StoreError};

/// Words of a search that count; the rest are ignored. Each is one more look at every row.
const MAX_SOUGHT_WORDS: usize = 8;

impl Store {
    /// A resource.
    pub async fn resource_get(&self, id: ResourceId) -> Result<Option<Versioned<Resource>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM resource WHERE id = ?1";
            let row = one(c, "read a resource", sql, values![id.to_string()], version_and_body)?;
            row.map(|row| decode("a resource", row)).transpose()
        })
        .await
    }

    /// The resource in the register with this kind, title and holder; the oldest, should there be several.
    pub async fn resource_by_title(
        &self,
        kind: ResourceKind,
        title: String,
        holder: String,
    ) -> Result<Option<Versioned<Resource>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM resource
                       WHERE title = ?1 AND holder = ?2 AND kind = ?3 AND retired = 0
                       ORDER BY added_at, id LIMIT 1";
            let doing = "look for a resource";
            let row = one(c, doing, sql, values![title, holder, kind.as_str()], version_and_body)?;
            row.map(|row| decode("a resource", row)).transpose()
        })
        .await
    }

    /// Resources, newest first.
    pub async fn resource_list(
        &self,
        filter: ResourceFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<Resource>>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new("SELECT version, body FROM resource");
        if let Some(kind) = filter.kind {
            query.and("kind = ?", [text(kind.as_str())]);
        }
        if let Some(standing) = filter.standing {
            query.and("standing = ?", [text(standing.as_str())]);
        }
        if let Some(retired) = filter.retired {
            query.and("retired = ?", [retired.into()]);
        }
        if let Some(category) = filter.category {
            let condition = "id IN (SELECT resource FROM resource_category WHERE category = ?)";
            query.and(condition, [category.into()]);
        }
        if let Some(field) = filter.field {
            let condition = "id IN (SELECT resource FROM resource_field WHERE field = ?)";
            query.and(condition, [text(field.as_str())]);
        }
        for word in fold(filter.text.as_deref().unwrap_or_default()).split_whitespace().take(MAX_SOUGHT_WORDS)
        {
            query.and("searched LIKE ? ESCAPE '\\'", [like(word)]);
        }
        if let Some(Cursor { at, id }) = after {
            query.and("(added_at, id) < (?, ?)", [at.into(), id.into()]);
        }
        self.read(move |c| {
            let order = " ORDER BY added_at DESC, id DESC";
            let rows = query.rows(c, "list resources", order, limit, version_and_body)?;
            let rows = rows.into_iter().map(|row| decode("a resource", row));
            let rows: Vec<Versioned<Resource>> = rows.collect::<Result<_>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.value.added_at.as_microsecond(),
                id: row.value.id.to_string(),
            }))
        })
        .await
    }

    /// Resources that can be offered, the latest first, at most `limit`; of one kind, if said.
    pub async fn resource_list_offered(
        &self,
        kind: Option<ResourceKind>,
        limit: usize,
    ) -> Result<Vec<Versioned<Resource>>> {
        let sql = "SELECT version, body FROM resource
                   WHERE retired = 0 AND standing IN ('available', 'in-use') AND (kind = ?1 OR CAST(?1 AS text) IS NULL)
                   ORDER BY added_at DESC, id DESC LIMIT ?2";
        self.read(move |c| {
            let (doing, kind) = ("list what can be offered", kind.map(ResourceKind::as_str));
            let rows = all(c, doing, sql, values![kind, limit], version_and_body)?;
            rows.into_iter().map(|row| decode("a resource", row)).collect()
        })
        .await
    }

    /// Archived incidents, the latest first, at most `limit`: what a node has learnt.
    pub async fn incident_list_archived(&self, limit: usize) -> Result<Vec<Incident>> {
        let sql =
            "SELECT body FROM incident WHERE phase = 'archived' ORDER BY opened_at DESC, id DESC LIMIT ?1";
        self.read(move |c| {
            let bodies = all(c, "list past cases", sql, values![limit], |row| row.get::<String>(0))?;
            let read = |body: &String| serde_json::from_str(body).map_err(StoreError::corrupt("an incident"));
            bodies.iter().map(read).collect()
        })
        .await
    }

    /// How many resources of the register there are of each kind.
    pub async fn resource_counts(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT kind, count(*) FROM resource WHERE retired = 0 GROUP BY kind ORDER BY kind";
        self.read(move |c| all(c, "count resources", sql, values![], |row| Ok((row.get(0)?, row.get(1)?))))
            .await
    }
}
