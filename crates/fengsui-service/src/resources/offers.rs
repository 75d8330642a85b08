//! What the emergency database offers for an incident: resources, and past cases of this node.

use fengsui_domain::id::IncidentId;
use fengsui_domain::incident::Incident;
use fengsui_domain::permission::Permission;
use fengsui_domain::resource::offer::{self, Candidate, Need, Offer};
use fengsui_domain::resource::{ClassId, Expertise, Resource, ResourceKind};
use fengsui_store::Versioned;

use crate::caller::Caller;
use crate::error::Result;
use crate::node::Service;

/// Resources looked at for one answer, the latest added first: more than a city has.
pub const MAX_LOOKED_AT: usize = 5_000;
/// Past cases looked at for one answer, the latest first.
pub const MAX_CASES: usize = 300;
/// Offers of one answer when the caller does not say.
pub const DEFAULT_OFFERS: usize = 20;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of this kind only; past cases count as cases.
    pub kind: Option<ResourceKind>,
    /// With this field of expertise, best first. Source: `jincheng-internet-2008/5.2.3.1.1`.
    pub field: Option<Expertise>,
    /// At most so many.
    pub limit: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { kind: None, field: None, limit: DEFAULT_OFFERS }
    }
}

/// Something that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// A resource.
    Resource(Box<Versioned<Resource>>),
    /// An archived incident.
    Case(Box<Incident>),
}

/// What is offered for an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedTo {
    /// The offers, best first.
    pub items: Vec<(Offer, Offered)>,
    /// Everything in the database was looked at.
    pub complete: bool,
}

impl Service {
    /// What fits an incident, each with its reasons. Source: `jincheng-internet-2008/5.2.3.1.3`.
    pub async fn incident_offers(&self, caller: &Caller, id: IncidentId, asked: Asked) -> Result<OfferedTo> {
        caller.actor.permit(Permission::CaseRead)?;
        caller.actor.permit(Permission::ResourceRead)?;
        let incident = self.incident_or_not_found(id).await?.value;
        let store = &self.inner.store;
        let mut resources = store.resource_list_offered(asked.kind, MAX_LOOKED_AT + 1).await?;
        let mut cases = match asked.kind {
            None | Some(ResourceKind::Case) => store.incident_list_archived(MAX_CASES + 1).await?,
            Some(_) => Vec::new(),
        };
        let complete = resources.len() <= MAX_LOOKED_AT && cases.len() <= MAX_CASES;
        resources.truncate(MAX_LOOKED_AT);
        cases.truncate(MAX_CASES);
        cases.retain(|case| case.id != id);
        let need = self.need(&incident, asked.field).await?;
        // Off the async threads: thousands of texts are compared.
        let work = tokio::task::spawn_blocking(move || offered(&need, &resources, &cases, asked.limit));
        Ok(OfferedTo { items: work.await.expect("comparing does not panic"), complete })
    }

    /// What an incident needs: its class, and the words of all that is known of what happened.
    async fn need(&self, incident: &Incident, field: Option<Expertise>) -> Result<Need> {
        let event = self.inner.store.event_get(incident.event).await?;
        let intake = event.map(|event| event.value.intake);
        let told =
            intake.iter().flat_map(|intake| [&intake.details].into_iter().chain(intake.points.values()));
        // A version that is not at hand leaves wider classes out; the rest must work all the same.
        let plan = self.plan_of(incident).ok();
        Ok(Need::new((&incident.plan.id, &incident.category), plan, texts(incident).chain(told), field))
    }
}

/// What is written of an incident while it is worked on.
fn texts(incident: &Incident) -> impl Iterator<Item = &String> {
    [&incident.title, &incident.asset].into_iter().chain(incident.analysis.values())
}

fn offered(
    need: &Need,
    resources: &[Versioned<Resource>],
    cases: &[Incident],
    limit: usize,
) -> Vec<(Offer, Offered)> {
    let kept = resources.iter().map(|resource| Candidate::from(&resource.value));
    let past = cases.iter().map(|case| {
        let class = ClassId::of(&case.plan.id, &case.category);
        let review = case.phase.review().into_iter().flat_map(|review| review.topics.values());
        Candidate::case(case.id, class, texts(case).chain(review), case.opened_at)
    });
    let offers = offer::offers(need, kept.chain(past), limit);
    let found = offers.into_iter().map(|offer| {
        let what = match offer.what {
            offer::Offered::Resource(id) => {
                let resource = resources.iter().find(|resource| resource.value.id == id);
                Offered::Resource(Box::new(resource.expect("what is offered was a candidate").clone()))
            }
            offer::Offered::Case(id) => {
                let case = cases.iter().find(|case| case.id == id);
                Offered::Case(Box::new(case.expect("what is offered was a candidate").clone()))
            }
        };
        (offer, what)
    });
    found.collect()
}
