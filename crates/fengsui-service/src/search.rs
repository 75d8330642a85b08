//! Searching events and incidents: what the store finds, for those who may read cases.

use fengsui_domain::permission::Permission;
use fengsui_store::{Cursor, Hit, Page};

use crate::caller::Caller;
use crate::error::Result;
use crate::node::Service;

impl Service {
    /// Events and incidents that have all words of `question`, those recorded last first. A question without a
    /// word finds nothing.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) without [`Permission::CaseRead`].
    pub async fn search(
        &self,
        caller: &Caller,
        question: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Hit>> {
        caller.actor.permit(Permission::CaseRead)?;
        Ok(self.inner.store.search(question, after, limit).await?)
    }
}
