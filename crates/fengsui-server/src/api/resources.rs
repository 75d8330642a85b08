//! The emergency database: resources kept and searched, and what it offers for an incident.

use axum::Json;
use axum::extract::{Request, State};
use fengsui_domain::id::{IncidentId, ResourceId};
use fengsui_domain::resource;
use fengsui_service::resources::{Asked, DEFAULT_OFFERS, Import, MAX_IMPORT_BYTES, Offered};
use fengsui_service::store::{ResourceFilter, Versioned};
use fengsui_wire::api::{
    AddResource, AmendResource, Binary, CategoryOfAnyPlan, ChangeHeaders, ChangeProblems, CreateHeaders,
    CreateProblems, Expertise, HistoryProblems, ListProblems, Offer, OfferReason, Offers, PageOf, PastCase,
    ReadContact, ReadProblems, RecordStanding, Resource, ResourceContact, ResourceKind, ResourceSummary,
    ResourcesImported, RetireResource, Standing, TimelineEntry,
};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::incidents::{PageQuery, before, search, timeline_page};
use crate::app::App;
use crate::call::{Bytes, Call, Id, Officer, Query, read};
use crate::etag::{Created, Tagged};
use crate::page;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(resource_list, resource_add))
        .routes(routes!(resource_import))
        .routes(routes!(resource_get, resource_amend))
        .routes(routes!(resource_timeline))
        .routes(routes!(resource_standing))
        .routes(routes!(resource_retire))
        .routes(routes!(resource_contact))
        .routes(routes!(incident_offers))
}

/// Which resources to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ResourceQuery {
    /// Only resources of this kind.
    #[param(nullable = false)]
    kind: Option<ResourceKind>,
    /// Only resources of this category.
    #[param(value_type = Option<CategoryOfAnyPlan>, nullable = false)]
    category: Option<String>,
    /// Only experts and teams of this field.
    #[param(nullable = false)]
    field: Option<Expertise>,
    /// Only resources that stand so.
    #[param(nullable = false)]
    standing: Option<Standing>,
    /// Only retired resources (`true`), or only those in the register (`false`).
    #[param(nullable = false)]
    retired: Option<bool>,
    /// Only resources with each of these words, parted by blanks, in title, description, keywords, holder or
    /// model; the first 8 count. Letters are compared without regard to case and width.
    #[param(max_length = 200, nullable = false)]
    text: Option<String>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Resources, newest first.
#[utoipa::path(get, path = "/api/v1/resources", tag = "resources", params(ResourceQuery),
    responses((status = 200, description = "A page of resources", body = PageOf<ResourceSummary>), ListProblems))]
async fn resource_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<ResourceQuery>,
) -> Result<Json<PageOf<ResourceSummary>>, Problem> {
    let filter = ResourceFilter {
        kind: query.kind.map(Into::into),
        category: query.category.as_deref().map(category).transpose()?,
        field: query.field.map(Into::into),
        standing: query.standing.map(Into::into),
        retired: query.retired,
        text: search(query.text)?,
    };
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let found = app.service.resource_list(&caller, filter, after, limit).await?;
    let (items, next) = page::parts(found, |row| ResourceSummary::new(row.version, &row.value));
    Ok(Json(PageOf { items, next }))
}

/// The category a query names, as it is stored.
fn category(text: &str) -> Result<String, Problem> {
    let wrong = |_| {
        let detail = "`category` is written `PLAN/CATEGORY`, such as `jincheng-internet-2008/attack`";
        Problem::bad_request(detail).field("category")
    };
    resource::ClassId::parse("category", text).map(|class| class.to_string()).map_err(wrong)
}

/// Adds a resource.
#[utoipa::path(post, path = "/api/v1/resources", tag = "resources", params(CreateHeaders), request_body = AddResource,
    responses((status = 201, description = "The resource", body = Resource,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        CreateProblems))]
async fn resource_add(State(app): State<App>, call: Call<AddResource>) -> Result<Created<Resource>, Problem> {
    let (words, contact, standing) = call.body.parts()?;
    let resource = app.service.resource_add(&call.caller, words, &contact, standing).await?;
    let location = format!("/api/v1/resources/{}", resource.value.id);
    Ok(Created {
        location,
        version: resource.version,
        body: Resource::new(resource.version, &resource.value),
    })
}

/// Imports resources from a table: CSV in UTF-8 with a header, as spreadsheet programs write it.
///
/// Columns are named like the fields of a resource, in English or Chinese (`kind`, `title` and `holder` are
/// needed); `count` and `unit` are the quantity; `fields`, `categories` and `keywords` hold several words parted
/// by semicolons. The same kind, title and holder are the same resource: it is amended. Columns that are not
/// there say nothing. A row that cannot be used is left out with its reason, and the rest goes in.
#[utoipa::path(post, path = "/api/v1/resources/import", tag = "resources", params(CreateHeaders),
    request_body(content = Binary, content_type = "application/octet-stream", description = "The table, at most 8,000,000 bytes and 2,000 rows"),
    responses((status = 200, description = "What it came to", body = ResourcesImported), CreateProblems))]
async fn resource_import(
    State(app): State<App>,
    request: Request,
) -> Result<Json<ResourcesImported>, Problem> {
    let Bytes { caller, bytes } = read(request, &app, MAX_IMPORT_BYTES).await?;
    let Import { new, updated, unchanged, rejected, rejects } =
        app.service.resource_import(&caller, bytes.into()).await?;
    Ok(Json(ResourcesImported { new, updated, unchanged, rejected, rejects }))
}

/// A resource.
#[utoipa::path(get, path = "/api/v1/resources/{id}", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id")),
    responses((status = 200, description = "The resource", body = Resource,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn resource_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<ResourceId>,
) -> Result<Tagged<Resource>, Problem> {
    Ok(shown(&app.service.resource(&caller, id).await?))
}

/// Amends a resource; each amendment stays in its timeline.
#[utoipa::path(patch, path = "/api/v1/resources/{id}", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id"), ChangeHeaders), request_body = AmendResource,
    responses((status = 200, description = "The resource as it stands now", body = Resource,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn resource_amend(
    State(app): State<App>,
    Id(id): Id<ResourceId>,
    call: Call<AmendResource>,
) -> Result<Tagged<Resource>, Problem> {
    Ok(shown(&app.service.resource_amend(&call.caller, id, call.body).await?))
}

/// What happened to a resource, newest first.
#[utoipa::path(get, path = "/api/v1/resources/{id}/timeline", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id"), PageQuery),
    responses((status = 200, description = "A page of entries", body = PageOf<TimelineEntry>), HistoryProblems))]
async fn resource_timeline(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<ResourceId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageOf<TimelineEntry>>, Problem> {
    let (before, limit) = (before(query.cursor.as_deref())?, page::limit(query.limit)?);
    Ok(timeline_page(app.service.resource_timeline(&caller, id, before, limit).await?))
}

/// Records that the standing of a resource was looked at, also if it is as before: that is a check.
#[utoipa::path(post, path = "/api/v1/resources/{id}/standing", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id"), ChangeHeaders), request_body = RecordStanding,
    responses((status = 200, description = "The resource as it stands now", body = Resource,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn resource_standing(
    State(app): State<App>,
    Id(id): Id<ResourceId>,
    call: Call<RecordStanding>,
) -> Result<Tagged<Resource>, Problem> {
    let command = call.body.try_into()?;
    Ok(shown(&app.service.resource_command(&call.caller, id, command).await?))
}

/// Takes a resource out of the register, with a reason. Its contact is no longer kept.
#[utoipa::path(post, path = "/api/v1/resources/{id}/retire", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id"), ChangeHeaders), request_body = RetireResource,
    responses((status = 200, description = "The resource as it stands now", body = Resource,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn resource_retire(
    State(app): State<App>,
    Id(id): Id<ResourceId>,
    call: Call<RetireResource>,
) -> Result<Tagged<Resource>, Problem> {
    let command = call.body.try_into()?;
    Ok(shown(&app.service.resource_command(&call.caller, id, command).await?))
}

/// Reads name and contact of whoever is to be called; the reading becomes an entry of the ledger.
#[utoipa::path(post, path = "/api/v1/resources/{id}/contact", tag = "resources",
    params(("id" = Uuid, Path, description = "The resource's id"), ChangeHeaders), request_body = ReadContact,
    responses((status = 200, description = "Name and contact", body = ResourceContact), ChangeProblems))]
async fn resource_contact(
    State(app): State<App>,
    Id(id): Id<ResourceId>,
    call: Call<ReadContact>,
) -> Result<Json<ResourceContact>, Problem> {
    let reason = String::try_from(call.body)?;
    let contact = app.service.resource_contact(&call.caller, id, &reason).await?;
    Ok(Json(ResourceContact { contact }))
}

/// What to offer.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfferQuery {
    /// Only offers of this kind; past cases of this node count as `case`.
    #[param(nullable = false)]
    kind: Option<ResourceKind>,
    /// The field of expertise that is needed: whoever has it comes first.
    #[param(nullable = false)]
    field: Option<Expertise>,
    /// Offers at most; 20 if not said.
    #[param(minimum = 1, maximum = 50, nullable = false)]
    limit: Option<usize>,
}

/// What the emergency database offers for an incident, best first, each with its reasons.
///
/// The score is the sum of: 40 for the incident's own category, or 30 for a matching one of another taxonomy, or
/// 20 for a wider or narrower one; 30 for the field asked for; 10 for each keyword that stands in the incident,
/// at most 3; 2 for each word both share, from 2 on, at most 15. What is retired or out of service is not offered.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/offers", tag = "resources",
    params(("id" = Uuid, Path, description = "The incident's id"), OfferQuery),
    responses((status = 200, description = "The offers", body = Offers), HistoryProblems))]
async fn incident_offers(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<IncidentId>,
    Query(query): Query<OfferQuery>,
) -> Result<Json<Offers>, Problem> {
    let limit = offer_limit(query.limit)?;
    let asked = Asked { kind: query.kind.map(Into::into), field: query.field.map(Into::into), limit };
    let found = app.service.incident_offers(&caller, id, asked).await?;
    let items = found.items.iter().map(|(offer, what)| offered(offer, what)).collect();
    Ok(Json(Offers { items, complete: found.complete }))
}

fn offer_limit(asked: Option<usize>) -> Result<usize, Problem> {
    const MAX: usize = resource::offer::MAX_OFFERS;
    match asked.unwrap_or(DEFAULT_OFFERS) {
        limit @ 1..=MAX => Ok(limit),
        other => {
            let detail = format!("`limit` is {other}, it must be between 1 and {MAX}");
            Err(Problem::bad_request(detail).field("limit"))
        }
    }
}

fn offered(offer: &resource::offer::Offer, what: &Offered) -> Offer {
    let (resource, case) = match what {
        Offered::Resource(resource) => (Some(ResourceSummary::new(resource.version, &resource.value)), None),
        Offered::Case(case) => {
            let case = PastCase {
                id: case.id.0,
                number: case.number.clone(),
                title: case.title.clone(),
                unit: case.unit.clone(),
                level: case.level().into(),
                opened_at: case.opened_at,
            };
            (None, Some(case))
        }
    };
    let reasons = offer.reasons.iter().map(OfferReason::from).collect();
    Offer { score: offer.score, reasons, resource, case }
}

fn shown(resource: &Versioned<resource::Resource>) -> Tagged<Resource> {
    Tagged(resource.version, Resource::new(resource.version, &resource.value))
}

#[cfg(test)]
mod tests {
    use fengsui_domain::resource::offer;
    use fengsui_service::resources::{MAX_REJECTS, MAX_ROWS};

    use super::*;

    #[test]
    fn figures_in_the_document_are_those_of_the_code() {
        let document = serde_json::to_value(crate::openapi()).expect("the document is JSON");
        let rejects = document.pointer("/components/schemas/ResourcesImported/properties/rejects/maxItems");
        assert_eq!(rejects, Some(&MAX_REJECTS.into()));
        let body = &document["paths"]["/api/v1/resources/import"]["post"]["requestBody"]["description"];
        let told = body.as_str().unwrap_or_default().replace(',', "");
        assert!(told.contains(&format!("{MAX_IMPORT_BYTES} bytes and {MAX_ROWS} rows")), "{told}");
        let offers = &document["paths"]["/api/v1/incidents/{id}/offers"]["get"];
        let limit =
            offers["parameters"].as_array().into_iter().flatten().find(|told| told["name"] == "limit");
        let most = limit.map(|told| told["schema"]["maximum"].as_f64());
        assert_eq!(most, Some(Some(f64::from(u8::try_from(offer::MAX_OFFERS).expect("50 fits")))));
        let told = offers["description"].as_str().unwrap_or_default().replace('\n', " ");
        for says in [
            format!("{} for the incident's own category", offer::SAME_CLASS),
            format!("{} for a matching one", offer::MATCHING_CLASS),
            format!("{} for a wider or narrower one", offer::NEAR_CLASS),
            format!("{} for the field asked for", offer::ASKED_FIELD),
            format!("{} for each keyword", offer::KEYWORD),
            format!("at most {};", offer::MAX_COUNTED_KEYWORDS),
            format!("{} for each word both share, from {} on", offer::SHARED_WORD, offer::MIN_SHARED_WORDS),
            format!("at most {}.", offer::MAX_COUNTED_WORDS),
        ] {
            assert!(told.contains(&says), "`{says}` in: {told}");
        }
    }
}
